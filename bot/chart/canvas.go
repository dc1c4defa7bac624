package chart

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Measures in pixels. A phone shows the picture at a third of them.
const (
	width, height = 1080, 720
	edge          = 40 // at the right, and at the left of the words
	plotTop       = 150
	plotBottom    = height - 80
	tickGap       = 16 // between the plot and what is written beside it
	titleBase     = 66
	legendBase    = 118
	sample        = 44 // of a line in the legend
	square        = 28 // of a bar there
)

// The colours, each with a contrast of 4.5 or more to the ground where it is a word, of 3 where it is a line.
var (
	ground = color.RGBA{0xf7, 0xf9, 0xfc, 0xff}
	grid   = color.RGBA{0xd9, 0xdf, 0xe8, 0xff}
	words  = color.RGBA{0x12, 0x1a, 0x2b, 0xff}
	faint  = color.RGBA{0x52, 0x5c, 0x6e, 0xff}
	used   = color.RGBA{0x1c, 0x6f, 0xd6, 0xff}
	area   = color.RGBA{0xcf, 0xe1, 0xf8, 0xff}
	total  = color.RGBA{0x1f, 0x8a, 0x4c, 0xff}
	ahead  = color.RGBA{0xc4, 0x5a, 0x12, 0xff}
)

// canvas is what one picture at a time is drawn on.
type canvas struct {
	rgba    *image.RGBA
	indexed *image.Paletted
	faces   [styles]font.Face
	pen     vector.Rasterizer
	path    []curve        // what is laid out and not yet coloured
	index   [1 << 15]uint8 // of the palette, by five bits of each colour; 0: none yet
	left    int            // where the plot begins, behind the longest label
	pic     Picture
}

func (c *canvas) draw(pic Picture) {
	c.begin(pic)
	c.keys([]key{{pic.UsedName, used, 8, 0}, {pic.TotalName, total, 5, 0}, {pic.AheadName, ahead, 6, 14}})
	c.axes()
	c.fill(pic.Used)
	c.line(pic.Total, total, 5, 0)
	c.line(pic.Ahead, ahead, 6, 22)
	c.line(pic.Used, used, 8, 0)
	c.dot(pic.Used)
}

// begin draws the ground and the title, and measures what stands at the left.
func (c *canvas) begin(pic Picture) {
	c.pic = pic
	draw.Draw(c.rgba, c.rgba.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	c.left = edge
	for _, t := range pic.Left {
		c.left = max(c.left, edge+c.measure(styleTick, t.Label)+tickGap)
	}
	c.write(styleTitle, c.fit(styleTitle, pic.Title, width-2*edge), edge, titleBase, words)
}

// A key is a name in the legend, beside a piece of what it is the name of.
type key struct {
	name        string
	tone        color.RGBA
	thick, dash float32
}

// keys is the legend.
func (c *canvas) keys(all []key) {
	x := edge
	for _, l := range all {
		if l.name == "" {
			continue
		}
		y := float32(legendBase - 10)
		if l.thick >= square {
			c.block(float32(x+sample-square), y-square/2, float32(x+sample), y+square/2, l.tone)
		} else {
			c.polyline([][2]float32{{float32(x), y}, {float32(x + sample), y}}, l.tone, l.thick, l.dash)
		}
		x += sample + 14
		name := c.fit(styleLegend, l.name, width-edge-x)
		c.write(styleLegend, name, x, legendBase, words)
		x += c.measure(styleLegend, name) + 40
	}
}

// axes draws the ground of the plot. Of labels below that would touch, the later is left out.
func (c *canvas) axes() {
	for _, t := range c.pic.Left {
		y := int(c.y(t.At))
		c.rule(c.left, y, width-edge, y+2)
		c.write(styleTick, t.Label, c.left-tickGap-c.measure(styleTick, t.Label), y+10, faint)
	}
	free := 0
	for _, t := range c.pic.Below {
		x, wide := int(c.x(t.At)), c.measure(styleTick, t.Label)
		at := min(max(x-wide/2, edge/2), width-edge/2-wide)
		if at < free {
			continue
		}
		c.rule(x, plotTop, x+2, plotBottom)
		c.write(styleTick, t.Label, at, plotBottom+44, faint)
		free = at + wide + 24
	}
}

func (c *canvas) rule(x0, y0, x1, y1 int) {
	draw.Draw(c.rgba, image.Rect(x0, y0, x1, y1), image.NewUniform(grid), image.Point{}, draw.Src)
}

func (c *canvas) x(v float64) float32 {
	span := max(c.pic.To-c.pic.From, math.SmallestNonzeroFloat32)
	return float32(float64(c.left) + (v-c.pic.From)/span*float64(width-edge-c.left))
}

func (c *canvas) y(v float64) float32 {
	span := max(c.pic.Top-c.pic.Bottom, math.SmallestNonzeroFloat32)
	return float32(plotBottom - min(max((v-c.pic.Bottom)/span, 0), 1)*float64(plotBottom-plotTop))
}

// within is a line with what lies beyond the axis below cut off.
func (c *canvas) within(points []Point) [][2]float32 {
	var out [][2]float32
	for i, p := range points {
		if i > 0 {
			before := points[i-1]
			for _, end := range []float64{c.pic.From, c.pic.To} {
				if before.X < end && p.X > end { // it crosses the end
					out = append(out, [2]float32{c.x(end), c.y(before.Y + (p.Y-before.Y)*(end-before.X)/(p.X-before.X))})
				}
			}
		}
		if p.X >= c.pic.From && p.X <= c.pic.To {
			out = append(out, [2]float32{c.x(p.X), c.y(p.Y)})
		}
	}
	return out
}

// fill colours the ground below a line.
func (c *canvas) fill(points []Point) {
	line := c.within(points)
	if len(line) < 2 {
		return
	}
	c.moveTo(line[0][0], plotBottom)
	for _, p := range line {
		c.lineTo(p[0], p[1])
	}
	c.lineTo(line[len(line)-1][0], plotBottom)
	c.paint(area)
}

func (c *canvas) line(points []Point, tone color.RGBA, thick, dash float32) {
	if line := c.within(points); len(line) > 1 {
		c.polyline(line, tone, thick, dash)
	}
}

// dot marks the newest figure.
func (c *canvas) dot(points []Point) {
	line := c.within(points)
	if len(line) == 0 {
		return
	}
	last := line[len(line)-1]
	c.circle(last[0], last[1], 12)
	c.paint(used)
}

// polyline draws a line of a thickness, dashed if dash is not 0.
func (c *canvas) polyline(line [][2]float32, tone color.RGBA, thick, dash float32) {
	gone := float32(0) // of the line so far
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		dx, dy := b[0]-a[0], b[1]-a[1]
		long := float32(math.Hypot(float64(dx), float64(dy)))
		if long == 0 {
			continue
		}
		if dash == 0 {
			c.bar(a, b, thick/2)
			c.circle(b[0], b[1], thick/2)
		}
		for at := float32(0); dash > 0 && at < long; {
			phase := float32(math.Mod(float64(gone+at), float64(2*dash)))
			step := min(long-at, dash-phase)
			if phase >= dash {
				step = min(long-at, 2*dash-phase)
			} else {
				c.bar([2]float32{a[0] + dx*at/long, a[1] + dy*at/long}, [2]float32{a[0] + dx*(at+step)/long, a[1] + dy*(at+step)/long}, thick/2)
			}
			at += max(step, 0.01)
		}
		gone += long
		if i%piece == 0 {
			c.paint(tone)
		}
	}
	c.paint(tone)
}

// piece is how many points of a line are coloured at once: the pieces of a slope have little ground between them.
const piece = 16

// bar is one straight piece of a line. All pieces turn the same way, so that they add up where they meet.
func (c *canvas) bar(a, b [2]float32, half float32) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	long := float32(math.Hypot(float64(dx), float64(dy)))
	if long == 0 {
		return
	}
	nx, ny := -dy/long*half, dx/long*half
	c.moveTo(a[0]+nx, a[1]+ny)
	c.lineTo(a[0]-nx, a[1]-ny)
	c.lineTo(b[0]-nx, b[1]-ny)
	c.lineTo(b[0]+nx, b[1]+ny)
}

// circle goes round the way bar does.
func (c *canvas) circle(x, y, r float32) {
	k := r * 0.5523 // of a quarter drawn as a cubic curve
	c.moveTo(x+r, y)
	c.cubeTo(x+r, y+k, x+k, y+r, x, y+r)
	c.cubeTo(x-k, y+r, x-r, y+k, x-r, y)
	c.cubeTo(x-r, y-k, x-k, y-r, x, y-r)
	c.cubeTo(x+k, y-r, x+r, y-k, x+r, y)
}

// A curve is one step of a path: it begins a shape, or goes on straight or bent.
type curve struct {
	step byte // 'm', 'l' or 'c'
	to   [3][2]float32
}

func (c *canvas) moveTo(x, y float32) {
	c.path = append(c.path, curve{'m', [3][2]float32{{x, y}, {x, y}, {x, y}}})
}

func (c *canvas) lineTo(x, y float32) {
	c.path = append(c.path, curve{'l', [3][2]float32{{x, y}, {x, y}, {x, y}}})
}

func (c *canvas) cubeTo(x1, y1, x2, y2, x3, y3 float32) {
	c.path = append(c.path, curve{'c', [3][2]float32{{x1, y1}, {x2, y2}, {x3, y3}}})
}

// paint colours the shapes that were laid out, and looks at no more of the picture than they take.
func (c *canvas) paint(tone color.RGBA) {
	var box image.Rectangle
	for _, s := range c.path {
		for _, p := range s.to {
			box = box.Union(image.Rect(int(p[0])-1, int(p[1])-1, int(p[0])+2, int(p[1])+2))
		}
	}
	c.pen.Reset(box.Dx(), box.Dy())
	x, y := float32(box.Min.X), float32(box.Min.Y)
	for i, s := range c.path {
		if s.step == 'm' && i > 0 {
			c.pen.ClosePath()
		}
		switch a, b, to := s.to[0], s.to[1], s.to[2]; s.step {
		case 'm':
			c.pen.MoveTo(to[0]-x, to[1]-y)
		case 'l':
			c.pen.LineTo(to[0]-x, to[1]-y)
		default:
			c.pen.CubeTo(a[0]-x, a[1]-y, b[0]-x, b[1]-y, to[0]-x, to[1]-y)
		}
	}
	c.path = c.path[:0]
	if !box.Empty() {
		c.pen.ClosePath()
		c.pen.Draw(c.rgba, box, image.NewUniform(tone), image.Point{})
	}
}

func (c *canvas) measure(style int, text string) int {
	return font.MeasureString(c.faces[style], text).Ceil()
}

func (c *canvas) write(style int, text string, x, base int, tone color.RGBA) {
	d := font.Drawer{Dst: c.rgba, Src: image.NewUniform(tone), Face: c.faces[style], Dot: fixed.P(x, base)}
	d.DrawString(text)
}

// fit cuts a text that has no room, with an ellipsis.
func (c *canvas) fit(style int, text string, room int) string {
	if c.measure(style, text) <= room {
		return text
	}
	letters := []rune(text)
	for n := len(letters) - 1; n > 0; n-- {
		if cut := strings.TrimRight(string(letters[:n]), " ·") + "…"; c.measure(style, cut) <= room {
			return cut
		}
	}
	return ""
}

// reduced is the picture with at most 256 colours: a quarter of the bytes to compress, and the eye sees no
// difference.
func (c *canvas) reduced() *image.Paletted {
	clear(c.index[:])
	c.indexed.Palette = append(c.indexed.Palette[:0], ground)
	pix := c.rgba.Pix
	for i := range c.indexed.Pix {
		r, g, b := pix[4*i], pix[4*i+1], pix[4*i+2]
		if r == ground.R && g == ground.G && b == ground.B {
			c.indexed.Pix[i] = 0
			continue
		}
		key := int(r>>3)<<10 | int(g>>3)<<5 | int(b>>3)
		if c.index[key] == 0 && len(c.indexed.Palette) < 256 {
			c.index[key] = uint8(len(c.indexed.Palette))
			c.indexed.Palette = append(c.indexed.Palette, color.RGBA{r, g, b, 0xff})
		}
		c.indexed.Pix[i] = c.index[key]
	}
	return c.indexed
}
