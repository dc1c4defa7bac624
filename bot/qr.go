package bot

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/skip2/go-qrcode"
)

// Sizes of the picture in pixels. The QR part is a square of qrWidth with the
// matrix in its middle, at the largest whole number of pixels per module: a
// fractional scale would blur the edges that scanners look for.
const (
	qrWidth  = 720
	qrStride = qrWidth / qrPixelsPerByte // bytes of one packed row
	qrQuiet  = 4                         // modules of white that skip2 puts on each side, as ISO/IEC 18004 asks
)

// qrMaxCode keeps the matrix at 73 modules or fewer, which is 9 pixels each.
// The vendor's codes have 38 to 127 characters.
const qrMaxCode = 255

// ErrQRActivation is returned for a card whose LPA is not an activation string.
// Neither it nor any other error of this file contains the string itself.
var ErrQRActivation = errors.New("not an activation string of the form LPA:1$host$id")

// QRCard is what the picture says.
type QRCard struct {
	LPA   string // the whole activation string, LPA:1$host$id; never printed
	Place string // "Japan"; Latin, Cyrillic or Greek
	Plan  string // "1 GB · 7 days"
	ID    string // the short id of the eSIM, "7K2M"; ASCII
}

// String leaves the activation string out, so that a card may be printed.
func (c QRCard) String() string { return fmt.Sprintf("QR card %s", c.ID) }

// GoString leaves the activation string out.
func (c QRCard) GoString() string { return c.String() }

// LogValue leaves the activation string out.
func (c QRCard) LogValue() slog.Value { return slog.StringValue(c.String()) }

// QRPictures draws QR pictures. It is safe for concurrent use and keeps the
// captions it has drawn, up to a fixed number.
type QRPictures struct {
	strips  *qrStrips
	presses sync.Pool // *qrPress
}

// NewQRPictures reads the fonts. Make one for the whole program.
func NewQRPictures() (*QRPictures, error) {
	strips, err := newQRStrips()
	if err != nil {
		return nil, fmt.Errorf("prepare QR captions: %w", err)
	}
	return &QRPictures{
		strips:  strips,
		presses: sync.Pool{New: func() any { return newQRPress() }},
	}, nil
}

// PNG draws c: the QR code of the activation string and the caption under it,
// 720 pixels wide and 820 to 950 high, 3 to 8 KB.
//
// The error is ErrQRActivation if c.LPA cannot be an activation string. Caption
// texts never fail: what the fonts lack is left out, what is too long is cut.
func (q *QRPictures) PNG(c QRCard) ([]byte, error) {
	if !qrUsable(c.LPA) {
		return nil, fmt.Errorf("draw QR picture: %w", ErrQRActivation)
	}
	// A *qrcode.QRCode changes while it is read, so each call has its own.
	code, err := qrcode.New(c.LPA, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("draw QR picture: %w", err)
	}
	matrix := code.Bitmap()
	box := newQRBox(len(matrix))
	id := qrShortID(c.ID)
	strip := q.strips.strip(qrStripKey{
		place: qrClip(c.Place), plan: qrClip(c.Plan), idLen: len(id), box: box,
	})

	p := q.presses.Get().(*qrPress)
	defer q.presses.Put(p)
	p.start(qrWidth, qrWidth+strip.height)
	p.matrix(matrix, box)
	p.packed(q.strips.withID(p.scratch[:0], strip, id))
	png, err := p.finish()
	if err != nil {
		return nil, fmt.Errorf("compress QR picture: %w", err)
	}
	return png, nil
}

// qrUsable reports whether s can be an activation string: the prefix, something
// after it, and printable ASCII only. The format is GSMA SGP.22, section 4.1.
func qrUsable(s string) bool {
	const prefix = "LPA:1$"
	if !strings.HasPrefix(s, prefix) || len(s) == len(prefix) || len(s) > qrMaxCode {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// qrBox says where the matrix stands in its square, in pixels.
type qrBox struct {
	scale   int // of one module
	offset  int // of the matrix with its quiet zone, from the left and from the top
	modules int
}

func newQRBox(modules int) qrBox {
	scale := qrWidth / modules
	return qrBox{scale: scale, offset: (qrWidth - scale*modules) / 2, modules: modules}
}

// left and right are the edges of the dark part; the caption keeps to them.
func (b qrBox) left() int  { return b.offset + qrQuiet*b.scale }
func (b qrBox) right() int { return b.offset + (b.modules-qrQuiet)*b.scale }
