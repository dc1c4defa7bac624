package bot

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
	qrFirstLine = 36 // from the top of the strip to the first baseline
	qrPlaceLine = 40 // between the two lines of a long place
	qrPlanGap   = 54 // from the place to the plan
	qrPlanLine  = 36 // between the two lines of a long plan
	qrBottom    = 64 // under the last baseline
	qrIDRoom    = 28 // at least between plan and id
	qrIDSize    = 32
)

// qrKeep is how many captions a generation of the cache holds; there are two
// generations. A caption takes 28 to 42 KB, so the cache ends at about 8 MB.
const qrKeep = 128

// qrStripKey is everything a caption without its id depends on.
type qrStripKey struct {
	place, plan string
	idLen       int
	box         qrBox
}

// qrStrip is a caption without its id, as packed rows with their filter bytes.
// It is never changed once drawn.
type qrStrip struct {
	rows   []byte
	height int // rows
	right  int // where the id ends, pixels from the left
	base   int // baseline of the id, rows from the top
}

// qrStrips draws captions and keeps them. A caption is drawn once, the id of
// the eSIM is copied in from ready letters.
type qrStrips struct {
	mu       sync.Mutex // guards the two generations
	now, old map[qrStripKey]*qrStrip

	pen    sync.Mutex // guards the faces, which are not safe for concurrent use
	place  []qrFace   // from large to small; the last is for two lines
	plan   []qrFace   // from large to small
	digits [128]qrGlyph
	cell   int // width of one letter of an id
}

// qrFace is a font at one size.
type qrFace struct {
	font.Face
	covers func(rune) bool
}

// qrGlyph is a letter of an id in the colours of the palette.
type qrGlyph struct {
	at      image.Rectangle // relative to the pen on the baseline
	colours []byte
}

func newQRStrips() (*qrStrips, error) {
	s := &qrStrips{now: map[qrStripKey]*qrStrip{}}
	for _, f := range []struct {
		ttf   []byte
		sizes []float64
		into  *[]qrFace
	}{
		{gobold.TTF, []float64{46, 40, 34}, &s.place},
		{goregular.TTF, []float64{32, 28, 26}, &s.plan},
	} {
		faces, err := qrFaces(f.ttf, f.sizes...)
		if err != nil {
			return nil, err
		}
		*f.into = faces
	}
	mono, err := qrFaces(gomonobold.TTF, qrIDSize)
	if err != nil {
		return nil, err
	}
	for r := rune('!'); r <= '~'; r++ {
		s.digits[r] = qrGlyphOf(mono[0], r)
	}
	s.cell = font.MeasureString(mono[0], "0").Round()
	return s, nil
}

func qrFaces(ttf []byte, sizes ...float64) ([]qrFace, error) {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	covers := func(r rune) bool {
		i, err := parsed.GlyphIndex(nil, r)
		return err == nil && i != 0
	}
	var faces []qrFace
	for _, size := range sizes {
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72})
		if err != nil {
			return nil, fmt.Errorf("scale a font: %w", err)
		}
		faces = append(faces, qrFace{face, covers})
	}
	return faces, nil
}

// strip returns the caption for k, drawn now or earlier.
func (s *qrStrips) strip(k qrStripKey) *qrStrip {
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
func (s *qrStrips) kept(k qrStripKey) *qrStrip {
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

func (s *qrStrips) keep(k qrStripKey, drawn *qrStrip) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(k, drawn)
}

func (s *qrStrips) add(k qrStripKey, strip *qrStrip) {
	if len(s.now) >= qrKeep {
		s.old, s.now = s.now, make(map[qrStripKey]*qrStrip, qrKeep)
	}
	s.now[k] = strip
}

// draw lays the caption out and draws all of it but the id. Without a plan the
// id stands beside the place.
func (s *qrStrips) draw(k qrStripKey) *qrStrip {
	place, plan := s.texts(k)
	left, wide := k.box.left(), k.box.right()-k.box.left()
	beside := wide
	if k.idLen > 0 {
		beside -= k.idLen*s.cell + qrIDRoom
	}

	room := qrRoom{wide, wide}
	if plan == "" {
		room.last = beside
	}
	face, lines := qrFit(s.place, place, room)
	base := qrFirstLine + (len(lines)-1)*qrPlaceLine
	var small qrFace
	var more []string
	last := base
	if plan != "" {
		small, more = qrFit(s.plan, plan, qrRoom{wide, beside})
		last += qrPlanGap + (len(more)-1)*qrPlanLine
	}

	strip := newQRStrip(last+qrBottom, last, k.box.right())
	for i, line := range lines {
		strip.text(face, line, left, qrFirstLine+i*qrPlaceLine, qrInkShades)
	}
	for i, line := range more {
		strip.text(small, line, left, base+qrPlanGap+i*qrPlanLine, qrSlateShades)
	}
	return strip
}

// newQRStrip returns a white strip.
func newQRStrip(height, base, right int) *qrStrip {
	rows := bytes.Repeat([]byte{0xff}, height*(1+qrStride))
	for y := range height {
		rows[y*(1+qrStride)] = qrAsIs
	}
	return &qrStrip{rows: rows, height: height, base: base, right: right}
}

// texts returns what of k the fonts can draw. A place that they cannot is
// replaced by a word that is true of every picture.
func (s *qrStrips) texts(k qrStripKey) (place, plan string) {
	place = qrDrawable(k.place, s.place[0].covers)
	plan = qrDrawable(k.plan, s.plan[0].covers)
	if place == "" {
		place = "eSIM"
	}
	return place, plan
}

// text draws one line with its first stroke at x.
func (t *qrStrip) text(face qrFace, line string, x, base int, shades *[256]byte) {
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
func (t *qrStrip) glyph(at image.Rectangle, mask *image.Alpha, from image.Point, shades *[256]byte) {
	seen := at.Intersect(image.Rect(0, 0, qrWidth, t.height))
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		row := qrRow(t.rows, y)
		for x := seen.Min.X; x < seen.Max.X; x++ {
			c := shades[mask.AlphaAt(from.X+x-at.Min.X, from.Y+y-at.Min.Y).A]
			if c < qrGet(row, x) {
				qrSet(row, x, c)
			}
		}
	}
}

// withID appends to dst the rows of t with id in its corner.
func (s *qrStrips) withID(dst []byte, t *qrStrip, id string) []byte {
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
			if c != qrWhite && py >= 0 && py < t.height {
				qrSet(qrRow(dst, py), px, c)
			}
		}
		x += s.cell
	}
	return dst
}

// qrRow returns row y of packed rows, without its filter byte.
func qrRow(rows []byte, y int) []byte {
	return rows[y*(1+qrStride)+1 : (y+1)*(1+qrStride)]
}

func qrGlyphOf(face qrFace, r rune) qrGlyph {
	at, mask, from, _, ok := face.Glyph(fixed.Point26_6{}, r)
	if !ok {
		return qrGlyph{}
	}
	g := qrGlyph{at: at, colours: make([]byte, 0, at.Dx()*at.Dy())}
	for y := range at.Dy() {
		for x := range at.Dx() {
			g.colours = append(g.colours, qrInkShades[mask.(*image.Alpha).AlphaAt(from.X+x, from.Y+y).A])
		}
	}
	return g
}

// How much of a pixel a letter covers, as the nearest colour: the ink has two
// colours between itself and white, slate has one.
var (
	qrInkShades   = qrShades(0x26, 0x78, 0xcc)
	qrSlateShades = qrShades(0x30, 0xa0, 0x100)
)

func qrShades(mist, slate, ink int) *[256]byte {
	var t [256]byte
	for a := range t {
		switch {
		case a >= ink:
			t[a] = qrInk
		case a >= slate:
			t[a] = qrSlate
		case a >= mist:
			t[a] = qrMist
		default:
			t[a] = qrWhite
		}
	}
	return &t
}
