package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"testing"
)

func monthOfBars(n int) BarPicture {
	p := BarPicture{Title: "1 November – 30 November", Top: 130, Bottom: -40, InName: "Sales", BackName: "Refunds", LeftName: "Margin"}
	for i := range n {
		b := Bar{In: float64(20 + (i*37)%100), Left: float64((i*37)%100)/3 - 5}
		if i%7 == 3 {
			b.Back, b.Left = 30, -25
		}
		p.Bars = append(p.Bars, b)
		if i%6 == 0 {
			p.Below = append(p.Below, Tick{float64(i), fmt.Sprint(i+1, " November")})
		}
	}
	for at := -40; at <= 120; at += 40 {
		p.Beside = append(p.Beside, Tick{float64(at), fmt.Sprintf("$%d", at)})
	}
	return p
}

func TestBarsShowWhatCameInWentBackAndIsLeft(t *testing.T) {
	b, err := painter(t).Bars(monthOfBars(30))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("ESIMBOT_SCREENSHOTS"); dir != "" {
		_ = os.WriteFile(dir+"/"+t.Name()+".png", b, 0o644)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 40<<10 {
		t.Errorf("%d bytes", len(b))
	}
	zero := image.Rect(100, plotBottom-110, width, plotBottom) // below the line of nothing
	if in := count(img, plot, used); in < 40_000 {
		t.Errorf("%d pixels of sales", in)
	}
	if in := count(img, zero, used); in > 0 {
		t.Errorf("%d pixels of sales stand below nothing", in)
	}
	if n := count(img, plot, back); n < 5_000 {
		t.Errorf("%d pixels of refunds", n)
	}
	if n := count(img, zero, total); n < 300 {
		t.Errorf("the line of the margin does not go below nothing: %d pixels", n)
	}
}

// A shop that is new has one bar, or none.
func TestBarsOfLittle(t *testing.T) {
	for _, n := range []int{0, 1, 2, 366} {
		p := monthOfBars(n)
		p.Top, p.Bottom = 0, 0
		if _, err := painter(t).Bars(p); err != nil {
			t.Errorf("%d bars: %v", n, err)
		}
	}
}
