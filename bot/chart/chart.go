// Package chart draws how the data of an eSIM went: what was used, what there is in all, and how it goes on
// at the same pace; and, as bars, what a shop earned. The picture brings its own ground, so that it reads the same in a light and in a dark chat. It is
// a PNG of 15 to 30 KB, drawn in some ten milliseconds, and the package knows nothing of the shop: words and numbers
// come written.
//
//	painter, err := chart.New()
//	png, err := painter.PNG(chart.Picture{Title: "Japan · 3 GB · 30 days", To: 30, Top: 3, Used: points})
package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// A Point is one place of a line: how far along, and how high.
type Point struct{ X, Y float64 }

// A Tick is a place of an axis with what is written beside it.
type Tick struct {
	At    float64
	Label string
}

// A Picture is what is drawn. Lines leave out what lies beyond From and To.
type Picture struct {
	Title    string
	From, To float64 // the ends of the axis below
	Top      float64 // the upper end of the axis at the left
	Bottom   float64 // its lower end
	Below    []Tick
	Left     []Tick
	// Used is the line, Total the steps above it, Ahead how the line goes on.
	Used, Total, Ahead []Point
	// What the three are called; a line without a name is not in the legend.
	UsedName, TotalName, AheadName string
}

// A Painter draws pictures. It is safe for concurrent use.
type Painter struct {
	covers  []func(rune) bool
	fonts   [3]*opentype.Font // by style
	canvas  sync.Pool         // *canvas
	encoder png.Encoder
}

// The styles of words.
const (
	styleTitle = iota
	styleLegend
	styleTick
	styles
)

var sizes = [styles]float64{styleTitle: 40, styleLegend: 30, styleTick: 28}

// New reads the fonts. Make one for the whole program.
func New() (*Painter, error) {
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the bold font of charts: %w", err)
	}
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the font of charts: %w", err)
	}
	p := &Painter{
		fonts:   [styles]*opentype.Font{styleTitle: bold, styleLegend: regular, styleTick: regular},
		encoder: png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &buffers{}},
	}
	for _, f := range []*opentype.Font{bold, regular} {
		p.covers = append(p.covers, func(r rune) bool {
			i, err := f.GlyphIndex(nil, r)
			return err == nil && i != 0
		})
	}
	if c, err := p.newCanvas(); err != nil {
		return nil, err
	} else {
		p.canvas.Put(c)
	}
	return p, nil
}

// Writes reports whether the fonts have every letter of a text: those of Latin, Cyrillic and Greek.
func (p *Painter) Writes(text string) bool {
	for _, r := range text {
		for _, covers := range p.covers {
			if r != '\u00a0' && r != '\u202f' && !covers(r) {
				return false
			}
		}
	}
	return true
}

// PNG draws a picture, 1080 pixels wide and 720 high. Letters that the fonts lack are left out.
func (p *Painter) PNG(pic Picture) ([]byte, error) {
	c, _ := p.canvas.Get().(*canvas)
	if c == nil {
		var err error
		if c, err = p.newCanvas(); err != nil {
			return nil, err
		}
	}
	defer p.canvas.Put(c)
	c.draw(pic)
	var out bytes.Buffer
	out.Grow(64 << 10)
	if err := p.encoder.Encode(&out, c.reduced()); err != nil {
		return nil, fmt.Errorf("write a chart: %w", err)
	}
	return out.Bytes(), nil
}

// newCanvas makes what one picture at a time is drawn with: faces are not safe for concurrent use.
func (p *Painter) newCanvas() (*canvas, error) {
	c := &canvas{
		rgba:    image.NewRGBA(image.Rect(0, 0, width, height)),
		indexed: image.NewPaletted(image.Rect(0, 0, width, height), nil),
	}
	for style, f := range p.fonts {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: sizes[style], DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			return nil, fmt.Errorf("scale a font of charts: %w", err)
		}
		c.faces[style] = face
	}
	return c, nil
}

// buffers keeps the encoder's memory.
type buffers struct{ pool sync.Pool }

// Get is a buffer that was used before, if there is one.
func (b *buffers) Get() *png.EncoderBuffer {
	e, _ := b.pool.Get().(*png.EncoderBuffer)
	return e
}

// Put keeps a buffer.
func (b *buffers) Put(e *png.EncoderBuffer) { b.pool.Put(e) }
