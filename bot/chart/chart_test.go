package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"sync"
	"testing"
)

func painter(t testing.TB) *Painter {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sampleOf is a month with a steady use and a top-up.
func sampleOf(points int) Picture {
	p := Picture{
		Title: "Japan · 3 GB · 30 days", To: 30, Top: 5.5,
		UsedName: "Used", TotalName: "Allowance", AheadName: "At this pace",
		Total: []Point{{0, 3}, {12, 3}, {12, 5}, {30, 5}},
		Ahead: []Point{{18, 3.2}, {28, 5}},
	}
	for i := range points {
		x := 18 * float64(i) / float64(points-1)
		p.Used = append(p.Used, Point{x, 3.2 * x / 18 * (1 + 0.1*math.Sin(x*3)) / (1 + 0.1*math.Sin(54))})
	}
	for i, l := range []string{"0", "1 GB", "2 GB", "3 GB", "4 GB", "5 GB"} {
		p.Left = append(p.Left, Tick{float64(i), l})
	}
	for i, l := range []string{"1 November", "8 November", "15 November", "22 November", "29 November"} {
		p.Below = append(p.Below, Tick{float64(7 * i), l})
	}
	return p
}

func drawn(t testing.TB, p Picture) image.Image {
	t.Helper()
	b, err := painter(t).PNG(p)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("ESIMBOT_SCREENSHOTS"); dir != "" {
		_ = os.WriteFile(dir+"/"+t.Name()+".png", b, 0o644)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("image/png refuses the chart: %v", err)
	}
	return img
}

func like(a color.Color, b color.RGBA) bool {
	r, g, bl, _ := a.RGBA()
	near := func(x uint32, y uint8) bool { return math.Abs(float64(x>>8)-float64(y)) < 10 }
	return near(r, b.R) && near(g, b.G) && near(bl, b.B)
}

// count is how many pixels of a colour a picture has within a part of it.
func count(img image.Image, part image.Rectangle, tone color.RGBA) int {
	n := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if like(img.At(x, y), tone) {
				n++
			}
		}
	}
	return n
}

var plot = image.Rect(100, plotTop-10, width, plotBottom+10)

func TestLinesStandWhereTheirFiguresAre(t *testing.T) {
	pic := Picture{
		To: 10, Top: 10,
		Used: []Point{{0, 0}, {5, 5}}, Total: []Point{{0, 8}, {10, 8}}, Ahead: []Point{{5, 5}, {8, 8}},
	}
	img := drawn(t, pic)
	at := func(x, y float64) color.Color {
		return img.At(edge+int(x/10*(width-2*edge)), plotBottom-int(y/10*(plotBottom-plotTop)))
	}
	for _, tt := range []struct {
		what string
		x, y float64
		tone color.RGBA
	}{
		{"what was used", 2.5, 2.5, used},
		{"the newest figure", 5, 5, used},
		{"the ground below it", 4, 1, area},
		{"the allowance", 2, 8, total},
		{"nothing above the allowance", 2, 9, ground},
		{"nothing behind the newest figure", 7, 2, ground},
	} {
		if got := at(tt.x, tt.y); !like(got, tt.tone) {
			t.Errorf("%s: %v at %v, %v; want %v", tt.what, got, tt.x, tt.y, tt.tone)
		}
	}
	if n := count(img, plot, ahead); n < 100 {
		t.Errorf("%d pixels of the line ahead, want a dashed line", n)
	}
}

func TestLinesEndWithTheAxis(t *testing.T) {
	pic := Picture{From: 2, To: 10, Top: 10, Used: []Point{{0, 4}, {4, 4}}, Ahead: []Point{{4, 4}, {20, 8}}}
	img := drawn(t, pic)
	for _, part := range []image.Rectangle{image.Rect(0, plotTop, edge-4, plotBottom), image.Rect(width-edge+4, plotTop, width, plotBottom)} {
		for _, tone := range []color.RGBA{used, ahead} {
			if n := count(img, part, tone); n > 0 {
				t.Errorf("%d pixels of %v beyond the axis, in %v", n, tone, part)
			}
		}
	}
	if n := count(img, image.Rect(width-edge-60, plotTop, width-edge, plotBottom), ahead); n == 0 {
		t.Error("the line ahead does not reach the end of the axis")
	}
}

func TestWordsAreLatinAndCyrillic(t *testing.T) {
	p := painter(t)
	for text, want := range map[string]bool{
		"Côte d’Ivoire · 3 GB · 30 days": true, "Япония · 3\u00a0ГБ · 30 дней": true, "При такому темпі, Київ": true,
		"日本": false, "اليابان": false, "जापान": false,
	} {
		if got := p.Writes(text); got != want {
			t.Errorf("Writes(%q) = %v, want %v", text, got, want)
		}
	}
	pic := sampleOf(100)
	pic.Title, pic.UsedName, pic.TotalName, pic.AheadName = "Япония · 3 ГБ · 30 дней", "Израсходовано", "Всего", "При таком темпе"
	if n := count(drawn(t, pic), image.Rect(0, 0, width, titleBase+20), words); n < 1000 {
		t.Errorf("%d pixels of a Cyrillic title", n)
	}
}

// What cannot be drawn well is drawn anyway: a chart is never a reason for an error.
func TestOddPicturesAreDrawn(t *testing.T) {
	long := Picture{Title: "A very long name of a region with many countries, none of which anybody could leave out · 100 GB · 365 days", To: 1, Top: 1}
	for range 40 {
		long.Below = append(long.Below, Tick{float64(len(long.Below)) / 40, "22 November"})
		long.Left = append(long.Left, Tick{float64(len(long.Left)) / 40, "1,023.9 MB"})
	}
	for name, pic := range map[string]Picture{
		"nothing at all": {}, "no span": {From: 3, To: 3, Used: []Point{{3, 1}}}, "one point": {To: 1, Top: 1, Used: []Point{{0.5, 0.5}}},
		"beyond all": {To: 1, Top: 1, Used: []Point{{-5, -5}, {7, 900}}, Total: []Point{{0, 7}, {1, 7}}}, "too long": long,
	} {
		t.Run(name, func(t *testing.T) { drawn(t, pic) })
	}
}

// The words are read on the picture's own ground, whatever the chat's.
func TestColoursAreTold(t *testing.T) {
	light := func(c color.RGBA) float64 {
		f := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= .03928 {
				return x / 12.92
			}
			return math.Pow((x+.055)/1.055, 2.4)
		}
		return .2126*f(c.R) + .7152*f(c.G) + .0722*f(c.B)
	}
	for _, tt := range []struct {
		tone  color.RGBA
		least float64
	}{{words, 4.5}, {faint, 4.5}, {used, 3}, {total, 3}, {ahead, 3}} {
		if got := (light(ground) + .05) / (light(tt.tone) + .05); got < tt.least {
			t.Errorf("%v has a contrast of %.1f to the ground, want %.1f", tt.tone, got, tt.least)
		}
	}
}

func TestPaintersDrawSideBySide(t *testing.T) {
	p := painter(t)
	want, err := p.PNG(sampleOf(50))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 3 {
				if got, err := p.PNG(sampleOf(50)); err != nil || !bytes.Equal(got, want) {
					t.Errorf("a picture drawn beside others differs: %d bytes, %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d bytes", len(want))
}

func BenchmarkChart(b *testing.B) {
	p := painter(b)
	pic := sampleOf(300)
	for b.Loop() {
		if _, err := p.PNG(pic); err != nil {
			b.Fatal(err)
		}
	}
}
