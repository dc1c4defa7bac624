package qrcard

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
)

// The picture has two bits per pixel and four colours: enough for smooth
// letters, and a quarter of what a byte per pixel costs to compress.
const (
	bitsPerPixel  = 2
	pixelsPerByte = 8 / bitsPerPixel
)

// The four colours, as indexes into the palette.
const (
	ink = iota
	slate
	mist
	white
)

// palette holds red, green and blue of the colours above. The ink is nearly
// black: scanners want contrast.
var palette = []byte{
	0x0c, 0x12, 0x1f,
	0x55, 0x5f, 0x70,
	0xb0, 0xb7, 0xc2,
	0xff, 0xff, 0xff,
}

// PNG filters of a row, https://www.w3.org/TR/png-3/#9Filters.
const (
	asIs   = 0
	upward = 2 // the row is the difference from the row above
)

// repeatCode is "the same row again", as often as the largest white margin or the
// largest module needs: the smallest matrix has 21 modules and its quiet zone.
var repeatCode = func() []byte {
	row := make([]byte, 1+stride)
	row[0] = upward
	return bytes.Repeat(row, 2*pictureWidth/(21+2*quietZone))
}()

// pngPress writes one PNG at a time; presses are reused because the compressor
// alone has a megabyte of tables. Writing to memory cannot fail, so what can is
// kept until finish.
type pngPress struct {
	out     bytes.Buffer
	zw      *zlib.Writer
	data    int // where the IDAT chunk begins in out
	row     [1 + stride]byte
	scratch []byte // room for a caption with its id
	err     error
}

func newPNGPress() *pngPress {
	p := &pngPress{scratch: make([]byte, 0, 200*(1+stride))}
	// BestSpeed is four times as fast as the default and half a kilobyte larger. The
	// error is only ever "unknown level".
	p.zw, p.err = zlib.NewWriterLevel(&p.out, zlib.BestSpeed)
	return p
}

// start begins a picture of the given size in pixels.
func (p *pngPress) start(width, height int) {
	p.out.Reset()
	p.out.WriteString("\x89PNG\r\n\x1a\n")

	const indexed = 3
	head := make([]byte, 0, 13)
	head = binary.BigEndian.AppendUint32(head, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	head = append(head, bitsPerPixel, indexed, 0, 0, 0)
	p.chunk("IHDR", head)
	p.chunk("PLTE", palette)

	p.data = p.out.Len()
	p.out.WriteString("\x00\x00\x00\x00IDAT") // the length is known in finish
	p.zw.Reset(&p.out)
}

// matrix writes the QR part: every row of modules is packed once and repeated.
func (p *pngPress) matrix(modules [][]bool, box matrixBox) {
	p.white()
	p.rows(box.offset)
	for _, row := range modules {
		p.white()
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			darken(p.row[1:], box.offset+from*box.scale, box.offset+x*box.scale)
		}
		p.rows(box.scale)
	}
	p.white()
	p.rows(pictureWidth - box.offset - box.scale*box.modules)
}

// white empties the row at hand.
func (p *pngPress) white() {
	p.row[0] = asIs
	for i := range p.row[1:] {
		p.row[1+i] = 0xff
	}
}

// rows writes the row at hand n times.
func (p *pngPress) rows(n int) {
	if n > 0 {
		p.write(p.row[:])
		p.write(repeatCode[:(n-1)*len(p.row)])
	}
}

// packed writes rows that are packed already, each behind its filter byte.
func (p *pngPress) packed(rows []byte) {
	p.scratch = rows
	p.write(rows)
}

func (p *pngPress) write(b []byte) {
	if p.err == nil {
		_, p.err = p.zw.Write(b)
	}
}

// finish returns the picture, in memory of its own.
func (p *pngPress) finish() ([]byte, error) {
	if p.err == nil {
		p.err = p.zw.Close()
	}
	if p.err != nil {
		return nil, p.err
	}
	body := p.out.Bytes()[p.data:]
	binary.BigEndian.PutUint32(body, uint32(len(body)-8))
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE(body[4:]))
	p.out.Write(sum[:])
	p.chunk("IEND", nil)
	return bytes.Clone(p.out.Bytes()), nil
}

// chunk writes a whole chunk: length, name, data, checksum of name and data.
func (p *pngPress) chunk(name string, data []byte) {
	b := make([]byte, 0, 32)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	b = append(append(b, name...), data...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	p.out.Write(b)
}

// darken sets the pixels from..to-1 of a packed row to ink, which is zero.
func darken(row []byte, from, to int) {
	for ; from < to && from%pixelsPerByte != 0; from++ {
		setPixel(row, from, ink)
	}
	for ; from+pixelsPerByte <= to; from += pixelsPerByte {
		row[from/pixelsPerByte] = 0
	}
	for ; from < to; from++ {
		setPixel(row, from, ink)
	}
}

// setPixel gives pixel x of a packed row a colour.
func setPixel(row []byte, x int, colour byte) {
	shift := 8 - bitsPerPixel - bitsPerPixel*(x%pixelsPerByte)
	b := &row[x/pixelsPerByte]
	*b = *b&^(white<<shift) | colour<<shift
}

// pixel returns the colour of pixel x of a packed row.
func pixel(row []byte, x int) byte {
	return row[x/pixelsPerByte] >> (8 - bitsPerPixel - bitsPerPixel*(x%pixelsPerByte)) & white
}
