// Package qrcard draws the picture that a customer installs an eSIM from: the QR code of
// an activation string, and under it a caption that tells one eSIM from another. It
// draws a PNG of 3 to 8 KB in about a millisecond and knows nothing of the shop.
//
//	painter, err := qrcard.New()
//	png, err := painter.PNG(qrcard.Card{ActivationCode: "LPA:1$host$id", Place: "Japan", Plan: "1 GB · 7 days", ID: "7K2M"})
package qrcard

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/skip2/go-qrcode"
)

// Sizes of the picture in pixels. The QR part is a square of pictureWidth with the
// matrix in its middle, at the largest whole number of pixels per module: a
// fractional scale would blur the edges that scanners look for.
const (
	pictureWidth = 720
	stride       = pictureWidth / pixelsPerByte // bytes of one packed row
	quietZone    = 4                            // modules of white that skip2 puts on each side, as ISO/IEC 18004 asks
)

// maxCode keeps the matrix at 73 modules or fewer, which is 9 pixels each.
// The vendor's codes have 38 to 127 characters.
const maxCode = 255

// ErrActivation is returned for a card whose LPA is not an activation string.
// Neither it nor any other error of this file contains the string itself.
var ErrActivation = errors.New("not an activation string of the form LPA:1$host$id")

// Card is what the picture says.
type Card struct {
	ActivationCode string // the whole activation string, LPA:1$host$id; never printed
	Place          string // "Japan"; Latin, Cyrillic or Greek
	Plan           string // "1 GB · 7 days"
	ID             string // the short id of the eSIM, "7K2M"; ASCII
}

// String leaves the activation string out, so that a card may be printed.
func (c Card) String() string { return fmt.Sprintf("QR card %s", c.ID) }

// GoString leaves the activation string out.
func (c Card) GoString() string { return c.String() }

// LogValue leaves the activation string out.
func (c Card) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Painter draws QR pictures. It is safe for concurrent use and keeps the
// captions it has drawn, up to a fixed number.
type Painter struct {
	strips  *captions
	presses sync.Pool // *pngPress
}

// New reads the fonts. Make one for the whole program.
func New() (*Painter, error) {
	strips, err := newCaptions()
	if err != nil {
		return nil, fmt.Errorf("prepare QR captions: %w", err)
	}
	return &Painter{
		strips:  strips,
		presses: sync.Pool{New: func() any { return newPNGPress() }},
	}, nil
}

// PNG draws c: the QR code of the activation string and the caption under it,
// 720 pixels wide and 820 to 950 high, 3 to 8 KB.
//
// The error is ErrActivation if c.ActivationCode cannot be an activation string. Caption
// texts never fail: what the fonts lack is left out, what is too long is cut.
func (q *Painter) PNG(c Card) ([]byte, error) {
	if !usable(c.ActivationCode) {
		return nil, fmt.Errorf("draw QR picture: %w", ErrActivation)
	}
	// A *qrcode.QRCode changes while it is read, so each call has its own.
	code, err := qrcode.New(c.ActivationCode, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("draw QR picture: %w", err)
	}
	matrix := code.Bitmap()
	box := newMatrixBox(len(matrix))
	id := shortID(c.ID)
	strip := q.strips.strip(stripKey{
		place: clipped(c.Place), plan: clipped(c.Plan), idLen: len(id), box: box,
	})

	p := q.presses.Get().(*pngPress)
	defer q.presses.Put(p)
	p.start(pictureWidth, pictureWidth+strip.height)
	p.matrix(matrix, box)
	p.packed(q.strips.withID(p.scratch[:0], strip, id))
	png, err := p.finish()
	if err != nil {
		return nil, fmt.Errorf("compress QR picture: %w", err)
	}
	return png, nil
}

// usable reports whether s can be an activation string: the prefix, something
// after it, and printable ASCII only. The format is GSMA SGP.22, section 4.1.
func usable(s string) bool {
	const prefix = "LPA:1$"
	if !strings.HasPrefix(s, prefix) || len(s) == len(prefix) || len(s) > maxCode {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// matrixBox says where the matrix stands in its square, in pixels.
type matrixBox struct {
	scale   int // of one module
	offset  int // of the matrix with its quiet zone, from the left and from the top
	modules int
}

func newMatrixBox(modules int) matrixBox {
	scale := pictureWidth / modules
	return matrixBox{scale: scale, offset: (pictureWidth - scale*modules) / 2, modules: modules}
}

// left and right are the edges of the dark part; the caption keeps to them.
func (b matrixBox) left() int  { return b.offset + quietZone*b.scale }
func (b matrixBox) right() int { return b.offset + (b.modules-quietZone)*b.scale }
