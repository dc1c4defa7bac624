package qrcard

import (
	"bytes"
	"fmt"
	"image"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Measures of the caption in pixels. The place stands in bold on one line or
// two, under it the plan on the left and the id on the right of its last line.
const (
	firstLine = 36 // from the top of the strip to the first baseline
	placeLine = 40 // between the two lines of a long place
	planGap   = 54 // from the place to the plan
	planLine  = 36 // between the two lines of a long plan
	bottom    = 64 // under the last baseline
	idRoom    = 28 // at least between plan and id
	idSize    = 32
)

// keepStrips is how many captions a generation of the cache holds; there are two
// generations. A caption takes 28 to 42 KB, so the cache ends at about 8 MB.
const keepStrips = 128

// stripKey is everything a caption without its id depends on.
type stripKey struct {
	place, plan string
	idLen       int
	box         matrixBox
}

// captionStrip is a caption without its id, as packed rows with their filter bytes.
// It is never changed once drawn.
type captionStrip struct {
	rows   []byte
	height int // rows
	right  int // where the id ends, pixels from the left
	base   int // baseline of the id, rows from the top
}

// captions draws captions and keeps them. A caption is drawn once, the id of
// the eSIM is copied in from ready letters.
type captions struct {
	mu       sync.Mutex // guards the two generations
	now, old map[stripKey]*captionStrip

	pen    sync.Mutex // guards the faces, which are not safe for concurrent use
	place  []fontFace // from large to small; the last is for two lines
	plan   []fontFace // from large to small
	digits [128]glyphImage
	cell   int // width of one letter of an id
}

// fontFace is a font at one size.
type fontFace struct {
	font.Face
	covers func(rune) bool
}

// glyphImage is a letter of an id in the colours of the palette.
type glyphImage struct {
	at      image.Rectangle // relative to the pen on the baseline
	colours []byte
}

func newCaptions() (*captions, error) {
	s := &captions{now: map[stripKey]*captionStrip{}}
	for _, f := range []struct {
		ttf   []byte
		sizes []float64
		into  *[]fontFace
	}{
		{gobold.TTF, []float64{46, 40, 34}, &s.place},
		{goregular.TTF, []float64{32, 28, 26}, &s.plan},
	} {
		faces, err := fontFaces(f.ttf, f.sizes...)
		if err != nil {
			return nil, err
		}
		*f.into = faces
	}
	mono, err := fontFaces(gomonobold.TTF, idSize)
	if err != nil {
		return nil, err
	}
	for r := rune('!'); r <= '~'; r++ {
		s.digits[r] = glyphOf(mono[0], r)
	}
	s.cell = font.MeasureString(mono[0], "0").Round()
	return s, nil
}

func fontFaces(ttf []byte, sizes ...float64) ([]fontFace, error) {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	covers := func(r rune) bool {
		i, err := parsed.GlyphIndex(nil, r)
		return err == nil && i != 0
	}
	var faces []fontFace
	for _, size := range sizes {
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
		if err != nil {
			return nil, fmt.Errorf("scale a font: %w", err)
		}
		faces = append(faces, fontFace{face, covers})
	}
	return faces, nil
}

// strip returns the caption for k, drawn now or earlier.
func (s *captions) strip(k stripKey) *captionStrip {
	if got := s.kept(k); got != nil {
		return got
	}
	s.pen.Lock()
	defer s.pen.Unlock()
	if got := s.kept(k); got != nil { // drawn by another while we waited
		return got
	}
	drawn := s.draw(k)
	s.keep(k, drawn)
	return drawn
}

// kept looks in both generations and moves what it finds to the newer one, so
// that what is in use outlives what is not.
func (s *captions) kept(k stripKey) *captionStrip {
	s.mu.Lock()
	defer s.mu.Unlock()
	if got := s.now[k]; got != nil {
		return got
	}
	got := s.old[k]
	if got != nil {
		s.add(k, got)
	}
	return got
}

func (s *captions) keep(k stripKey, drawn *captionStrip) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(k, drawn)
}

func (s *captions) add(k stripKey, strip *captionStrip) {
	if len(s.now) >= keepStrips {
		s.old, s.now = s.now, make(map[stripKey]*captionStrip, keepStrips)
	}
	s.now[k] = strip
}

// draw lays the caption out and draws all of it but the id. Without a plan the
// id stands beside the place.
func (s *captions) draw(k stripKey) *captionStrip {
	place, plan := s.texts(k)
	left, wide := k.box.left(), k.box.right()-k.box.left()
	beside := wide
	if k.idLen > 0 {
		beside -= k.idLen*s.cell + idRoom
	}

	room := lineRoom{wide, wide}
	if plan == "" {
		room.last = beside
	}
	face, lines := fit(s.place, place, room)
	base := firstLine + (len(lines)-1)*placeLine
	var small fontFace
	var more []string
	last := base
	if plan != "" {
		small, more = fit(s.plan, plan, lineRoom{wide, beside})
		last += planGap + (len(more)-1)*planLine
	}

	strip := newCaptionStrip(last+bottom, last, k.box.right())
	for i, line := range lines {
		strip.text(face, line, left, firstLine+i*placeLine, inkShades)
	}
	for i, line := range more {
		strip.text(small, line, left, base+planGap+i*planLine, slateShades)
	}
	return strip
}

// newCaptionStrip returns a white strip.
func newCaptionStrip(height, base, right int) *captionStrip {
	rows := bytes.Repeat([]byte{0xff}, height*(1+stride))
	for y := range height {
		rows[y*(1+stride)] = asIs
	}
	return &captionStrip{rows: rows, height: height, base: base, right: right}
}

// texts returns what of k the fonts can draw. A place that they cannot is
// replaced by a word that is true of every picture.
func (s *captions) texts(k stripKey) (place, plan string) {
	place = drawable(k.place, s.place[0].covers)
	plan = drawable(k.plan, s.plan[0].covers)
	if place == "" {
		place = "eSIM"
	}
	return place, plan
}

// text draws one line with its first stroke at x.
func (t *captionStrip) text(face fontFace, line string, x, base int, shades *[256]byte) {
	bounds, _ := font.BoundString(face, line)
	dot := fixed.P(x, base)
	dot.X -= bounds.Min.X
	before := rune(-1)
	for _, r := range line {
		if before >= 0 {
			dot.X += face.Kern(before, r)
		}
		at, mask, from, advance, ok := face.Glyph(dot, r)
		if ok {
			t.glyph(at, mask.(*image.Alpha), from, shades)
		}
		dot.X += advance
		before = r
	}
}

// glyph darkens the pixels of at; where letters touch the darker one stays.
func (t *captionStrip) glyph(at image.Rectangle, mask *image.Alpha, from image.Point, shades *[256]byte) {
	seen := at.Intersect(image.Rect(0, 0, pictureWidth, t.height))
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		row := rowOf(t.rows, y)
		for x := seen.Min.X; x < seen.Max.X; x++ {
			c := shades[mask.AlphaAt(from.X+x-at.Min.X, from.Y+y-at.Min.Y).A]
			if c < pixel(row, x) {
				setPixel(row, x, c)
			}
		}
	}
}

// withID appends to dst the rows of t with id in its corner.
func (s *captions) withID(dst []byte, t *captionStrip, id string) []byte {
	dst = append(dst, t.rows...)
	if id == "" {
		return dst
	}
	// The last letter ends at the edge, not a side bearing before it.
	x := t.right - (len(id)-1)*s.cell - s.digits[id[len(id)-1]].at.Max.X
	for i := range len(id) {
		g := s.digits[id[i]]
		for j, c := range g.colours {
			px, py := x+g.at.Min.X+j%g.at.Dx(), t.base+g.at.Min.Y+j/g.at.Dx()
			if c != white && py >= 0 && py < t.height {
				setPixel(rowOf(dst, py), px, c)
			}
		}
		x += s.cell
	}
	return dst
}

// rowOf returns row y of packed rows, without its filter byte.
func rowOf(rows []byte, y int) []byte {
	return rows[y*(1+stride)+1 : (y+1)*(1+stride)]
}

func glyphOf(face fontFace, r rune) glyphImage {
	at, mask, from, _, ok := face.Glyph(fixed.Point26_6{}, r)
	if !ok {
		return glyphImage{}
	}
	g := glyphImage{at: at, colours: make([]byte, 0, at.Dx()*at.Dy())}
	for y := range at.Dy() {
		for x := range at.Dx() {
			g.colours = append(g.colours, inkShades[mask.(*image.Alpha).AlphaAt(from.X+x, from.Y+y).A])
		}
	}
	return g
}

// How much of a pixel a letter covers, as the nearest colour: the ink has two
// colours between itself and white, slate has one.
var (
	inkShades   = shadesOf(0x26, 0x78, 0xcc)
	slateShades = shadesOf(0x30, 0xa0, 0x100)
)

// shadesOf maps each coverage to a colour: from its parameter on, a colour is the nearest.
func shadesOf(fromMist, fromSlate, fromInk int) *[256]byte {
	var t [256]byte
	for a := range t {
		switch {
		case a >= fromInk:
			t[a] = ink
		case a >= fromSlate:
			t[a] = slate
		case a >= fromMist:
			t[a] = mist
		default:
			t[a] = white
		}
	}
	return &t
}
