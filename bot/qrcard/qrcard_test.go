package qrcard

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"log/slog"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/skip2/go-qrcode"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// sampleLPA has the shape of the vendor's codes and belongs to nobody.
const sampleLPA = "LPA:1$rsp-eu.example.com$0A1B2C3D4E5F60718293A4B5C6D7E8F9"

// sampleBox is where its matrix stands: 33 modules and the quiet zone.
var sampleBox = newMatrixBox(41)

func painter(t testing.TB) *Painter {
	t.Helper()
	q, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// underRace reports whether the race detector is on, which makes reading
// pixels ten times as slow.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// randomLPA returns an activation string of exactly n characters.
func randomLPA(r *rand.Rand, n int) string {
	letters := func(set string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = set[r.IntN(len(set))]
		}
		return string(b)
	}
	host := "rsp-" + letters("abcdefghijklmnopqrstuvwxyz0123456789", 2+r.IntN(6)) + ".example.com"
	head := "LPA:1$" + host + "$"
	return head + letters("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", n-len(head))
}

func decodePNG(t testing.TB, b []byte) *image.Paletted {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("image/png refuses the picture: %v", err)
	}
	p, ok := img.(*image.Paletted)
	if !ok || len(p.Palette) != 4 {
		t.Fatalf("the picture is a %T, want four colours", img)
	}
	return p
}

// scan reads the code from one frame.
func scan(img image.Image) (string, error) {
	grey, ok := img.(*image.Gray) // gozxing is slow with any other kind
	if !ok {
		grey = image.NewGray(img.Bounds())
		draw.Draw(grey, grey.Bounds(), img, image.Point{}, draw.Src)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(grey)
	if err != nil {
		return "", err
	}
	res, err := zxing.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		return "", err
	}
	return res.GetText(), nil
}

// film reads the code as a hand-held scanner does, which looks at frame after
// frame, none of them quite upright. ZXing's search for the corner squares is
// misled by the modules of about one code in 120 when it stands exactly upright,
// whoever draws it (skip2's own picture too), and not when it is tilted a little.
func film(img image.Image) (text string, frames int, err error) {
	for _, degrees := range []float64{0, 4, 10, -6} {
		frame := img
		if degrees != 0 {
			frame = tilt(img, degrees)
		}
		frames++
		if text, err = scan(frame); err == nil {
			break
		}
	}
	return text, frames, err
}

// tilt turns img on a white ground.
func tilt(img image.Image, degrees float64) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewGray(image.Rect(0, 0, w*5/4, h*5/4))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	x, y := float64(w)/2, float64(h)/2
	draw.ApproxBiLinear.Transform(out, f64.Aff3{
		cos, -sin, 1.25*x - cos*x + sin*y,
		sin, cos, 1.25*y - sin*x - cos*y,
	}, img, img.Bounds(), draw.Over, nil)
	return out
}

func TestPictureIsReadByAScanner(t *testing.T) {
	q := painter(t)
	r := rand.New(rand.NewPCG(1, 2))
	asJPEG := func(img image.Image) image.Image {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 60}); err != nil {
			t.Fatal(err)
		}
		out, err := jpeg.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	half := func(img image.Image) image.Image {
		out := image.NewGray(image.Rect(0, 0, img.Bounds().Dx()/2, img.Bounds().Dy()/2))
		draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
		return out
	}
	ways := []struct {
		name string
		pass func(image.Image) image.Image
	}{
		{"as sent", func(i image.Image) image.Image { return i }},
		{"JPEG of quality 60", asJPEG},
		{"half the size", half},
		{"half the size as JPEG", func(i image.Image) image.Image { return asJPEG(half(i)) }},
	}
	count := scanned
	if underRace() {
		count = 9 // 400 ms a scan, all in one goroutine: nothing to find for the detector
	}
	scans, again := 0, 0
	for i := range count {
		lpa := randomLPA(r, 38+i*90/count)
		b, err := q.PNG(Card{ActivationCode: lpa, Place: "Japan", Plan: "1 GB · 7 days", ID: "7K2M"})
		if err != nil {
			t.Fatal(err)
		}
		img := decodePNG(t, b)
		for _, way := range append(ways[:1:1], ways[1+i%3]) {
			got, frames, err := film(way.pass(img))
			if err != nil || got != lpa {
				t.Errorf("%d characters, %s: read %q, %v; want %q", len(lpa), way.name, got, err, lpa)
			}
			scans++
			if frames > 1 {
				again++
			}
		}
	}
	t.Logf("%d scans, %d needed more than one frame", scans, again)
	if again > scans/30 {
		t.Errorf("%d of %d scans needed more than one frame, want a thirtieth at most", again, scans)
	}
}

func TestPictureShowsTheMatrixAndNothingElse(t *testing.T) {
	q := painter(t)
	step := 3
	if underRace() {
		step = 45
	}
	for n := 30; n <= maxCode; n += step {
		lpa := randomLPA(rand.New(rand.NewPCG(uint64(n), 0)), n)
		code, err := qrcode.New(lpa, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		matrix := code.Bitmap()
		b, err := q.PNG(Card{ActivationCode: lpa, Place: "Bosnia", Plan: "3 GB", ID: "AB12"})
		if err != nil {
			t.Fatal(err)
		}
		img := decodePNG(t, b)
		scale := pictureWidth / len(matrix)
		if side := scale * len(matrix); side < 512 || img.Bounds().Dx() < side || img.Bounds().Dy() < side {
			t.Fatalf("%d characters: the code is %d pixels in a picture of %v, want 512 or more", n, side, img.Bounds())
		}
		off := (pictureWidth - scale*len(matrix)) / 2
		for y := range pictureWidth {
			for x := range pictureWidth {
				mx, my := (x-off+scale)/scale-1, (y-off+scale)/scale-1
				inside := mx >= 0 && my >= 0 && mx < len(matrix) && my < len(matrix)
				if inside && (min(mx, my) < 4 || max(mx, my) >= len(matrix)-4) && matrix[my][mx] {
					t.Fatalf("%d characters: a dark module in the quiet zone", n)
				}
				want := uint8(white)
				if inside && matrix[my][mx] {
					want = ink
				}
				if got := img.ColorIndexAt(x, y); got != want {
					t.Fatalf("%d characters: pixel %d,%d has colour %d, want %d", n, x, y, got, want)
				}
			}
		}
	}
}

func TestPictureIsSmall(t *testing.T) {
	q := painter(t)
	for _, c := range []Card{
		{ActivationCode: sampleLPA, Place: "Japan", Plan: "1 GB · 7 days", ID: "7K2M"},
		{
			ActivationCode: randomLPA(rand.New(rand.NewPCG(3, 4)), 127), Place: "United Kingdom of Great Britain and Northern Ireland",
			Plan: "500 MB every day, then 384 kbps · 10 days", ID: "W0QM",
		},
	} {
		b, err := q.PNG(c)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 10<<10 {
			t.Errorf("%v %s: %d bytes, want 10 KB at most", c, c.Place, len(b))
		}
		t.Logf("%s: %d bytes", c.Place, len(b))
	}
}

func TestPictureIsDarkOnWhite(t *testing.T) {
	b, err := painter(t).PNG(Card{ActivationCode: sampleLPA})
	if err != nil {
		t.Fatal(err)
	}
	p := decodePNG(t, b).Palette
	if r, g, b, a := p[white].RGBA(); min(r, g, b, a) != 0xffff {
		t.Errorf("background %v, want opaque white: a dark chat would show through", p[white])
	}
	if y := color.GrayModel.Convert(p[ink]).(color.Gray).Y; y > 0x30 {
		t.Errorf("ink has brightness %d, too pale for a scanner", y)
	}
}

func TestRefusesWhatIsNoActivationString(t *testing.T) {
	q := painter(t)
	for _, tt := range []struct{ name, lpa string }{
		{"empty", ""},
		{"prefix alone", "LPA:1$"},
		{"a link", "https://example.com/SECRET-SECRET"},
		{"no prefix", "1$rsp.example.com$SECRET-SECRET"},
		{"a space", "LPA:1$rsp.example.com$SECRET SECRET"},
		{"a line break", "LPA:1$rsp.example.com$SECRET-SECRET\n"},
		{"not ASCII", "LPA:1$rsp.example.com$SECRET-СЕКРЕТ"},
		{"too long", "LPA:1$rsp.example.com$" + strings.Repeat("SECRET", 40)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := q.PNG(Card{ActivationCode: tt.lpa, ID: "7K2M"})
			if !errors.Is(err, ErrActivation) || b != nil {
				t.Fatalf("PNG = %d bytes, %v; want ErrActivation", len(b), err)
			}
			if strings.Contains(err.Error(), "SECRET") {
				t.Errorf("the error shows the activation string: %v", err)
			}
		})
	}
}

func TestCardIsPrintedWithoutItsActivationString(t *testing.T) {
	c := Card{ActivationCode: "LPA:1$rsp.example.com$SECRET", ID: "7K2M"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("drawn", "card", c)
	slog.New(slog.NewTextHandler(&log, nil)).Info("drawn", "card", c)
	text := fmt.Sprintf("%v %+v %#v %s %v %#v %s", c, c, c, c, &c, []Card{c}, log.String())
	if strings.Contains(text, "SECRET") || !strings.Contains(text, "7K2M") {
		t.Errorf("printed as %s", text)
	}
}

func TestPicturesAreTheSameInParallel(t *testing.T) {
	q, alone := painter(t), painter(t)
	var cards []Card
	var want [][]byte
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 12 {
		c := Card{ActivationCode: randomLPA(r, 38+i*7), Place: fmt.Sprintf("Place %d", i%5), Plan: "1 GB", ID: fmt.Sprintf("ID%02d", i)}
		b, err := alone.PNG(c)
		if err != nil {
			t.Fatal(err)
		}
		cards, want = append(cards, c), append(want, b)
	}
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			for i := range cards {
				i = (i + 2*g) % len(cards)
				if b, err := q.PNG(cards[i]); err != nil || !bytes.Equal(b, want[i]) {
					t.Errorf("card %d differs from the one drawn alone (%v)", i, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestPictureAllocatesLittleBesideTheMatrix(t *testing.T) {
	q := painter(t)
	c := Card{ActivationCode: sampleLPA, Place: "Japan", Plan: "1 GB · 7 days", ID: "7K2M"}
	ours := testing.AllocsPerRun(50, func() {
		if _, err := q.PNG(c); err != nil {
			t.Fatal(err)
		}
	})
	matrix := testing.AllocsPerRun(50, func() {
		code, err := qrcode.New(c.ActivationCode, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		code.Bitmap()
	})
	t.Logf("%.0f allocations, the matrix alone %.0f", ours, matrix)
	if ours > matrix+20 { // the race detector makes sync.Pool forget at random

		t.Errorf("%.0f allocations, the matrix alone %.0f: want at most 20 more", ours, matrix)
	}
}

// BenchmarkPicture compares the whole picture with skip2's own PNG, which is
// smaller and has no caption.
func BenchmarkPicture(b *testing.B) {
	q := painter(b)
	c := Card{ActivationCode: sampleLPA, Place: "Japan", Plan: "1 GB · 7 days", ID: "7K2M"}
	run := func(name string, draw func(i int) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := draw(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("caption kept", func(int) error { _, err := q.PNG(c); return err })
	run("caption new", func(i int) error {
		fresh := c
		fresh.Plan = fmt.Sprintf("%d GB · 7 days", i)
		_, err := q.PNG(fresh)
		return err
	})
	run("matrix alone", func(int) error {
		code, err := qrcode.New(c.ActivationCode, qrcode.Medium)
		if err == nil {
			code.Bitmap()
		}
		return err
	})
	run("skip2 PNG 512", func(int) error { _, err := qrcode.Encode(c.ActivationCode, qrcode.Medium, 512); return err })
}
