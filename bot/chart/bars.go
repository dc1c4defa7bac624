package chart

import (
	"bytes"
	"fmt"
	"image/color"
)

// A Bar is one stretch of time: what came in, what of it went back, and what is left in the end, which may be less than
// nothing.
type Bar struct{ In, Back, Left float64 }

// A BarPicture is what a stretch after the other brought.
type BarPicture struct {
	Title string
	Bars  []Bar
	// Top and Bottom are the ends of the axis at the left; Bottom is 0 or less.
	Top, Bottom float64
	Below       []Tick // At counts bars, from 0
	Beside      []Tick
	// What the three are called.
	InName, BackName, LeftName string
}

// back is the colour of what went back.
var back = color.RGBA{0xc4, 0x2b, 0x2b, 0xff}

// Bars draws a picture of bars with a line over them, 1080 pixels wide and 720 high. Letters that the fonts lack are left
// out.
func (p *Painter) Bars(pic BarPicture) ([]byte, error) {
	c, _ := p.canvas.Get().(*canvas)
	if c == nil {
		var err error
		if c, err = p.newCanvas(); err != nil {
			return nil, err
		}
	}
	defer p.canvas.Put(c)
	c.bars(pic)
	var out bytes.Buffer
	out.Grow(64 << 10)
	if err := p.encoder.Encode(&out, c.reduced()); err != nil {
		return nil, fmt.Errorf("write a chart of bars: %w", err)
	}
	return out.Bytes(), nil
}

func (c *canvas) bars(pic BarPicture) {
	frame := Picture{Title: pic.Title, To: float64(len(pic.Bars)), Top: pic.Top, Bottom: min(pic.Bottom, 0), Left: pic.Beside}
	for _, t := range pic.Below { // under the middle of its bar
		frame.Below = append(frame.Below, Tick{t.At + 0.5, t.Label})
	}
	c.begin(frame)
	c.keys([]key{{pic.InName, used, square, 0}, {pic.BackName, back, square, 0}, {pic.LeftName, total, 7, 0}})
	c.axes()
	zero := int(c.y(0))
	var line []Point
	for i, b := range pic.Bars {
		at := float64(i)
		gap := 0.14
		if len(pic.Bars) == 1 {
			gap = 0.38
		}
		x0, x1 := c.x(at+gap), c.x(at+1-gap)
		c.block(x0, c.y(b.In), x1, float32(zero), used)
		if b.Back > 0 {
			c.block(x0, c.y(b.Back), x1, float32(zero), back)
		}
		line = append(line, Point{at + 0.5, b.Left})
	}
	c.rule(c.left, zero-1, width-edge, zero+2)
	c.line(line, ground, 13, 0) // else green is hard to tell from blue
	c.line(line, total, 7, 0)
	if len(line) <= 40 {
		for _, p := range line {
			c.circle(c.x(p.X), c.y(p.Y), 7)
		}
	}
	c.paint(total)
}

// block is a filled rectangle.
func (c *canvas) block(x0, y0, x1, y1 float32, tone color.RGBA) {
	if y1-y0 < 0.5 {
		return
	}
	c.moveTo(x0, y0)
	c.lineTo(x1, y0)
	c.lineTo(x1, y1)
	c.lineTo(x0, y1)
	c.paint(tone)
}
