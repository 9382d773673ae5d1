package media

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"vitrine/internal/vips"
)

// Windows and OS/2 bitmaps, every kind that turns up: headers of 12 to 124
// bytes, 1 to 32 bits a pixel, run lengths, bit fields. golang.org/x/image/bmp
// knows neither run lengths nor 16 bits nor the headers of OS/2.
// See "Bitmap Storage" and BITMAPV5HEADER in the Windows GDI reference.

// How pixels are packed.
const (
	bmpRGB       = 0
	bmpRLE8      = 1
	bmpRLE4      = 2
	bmpFields    = 3
	bmpAllFields = 6 // with a mask for alpha
)

// bitmap is what the headers say.
type bitmap struct {
	width, height int
	topDown       bool
	depth         int // bits a pixel
	packing       uint32
	mask          [4]uint32 // red, green, blue, alpha, for 16 and 32 bits
	palette       [][3]byte
	pixels        []byte // from the first pixel on
}

func badBMP(format string, args ...any) error { return damaged(fmt.Errorf("bmp: "+format, args...)) }

func bmpHeader(data []byte) (vips.Header, error) {
	b, err := readBitmap(data)
	if err != nil {
		return vips.Header{}, err
	}
	h := vips.Header{Width: b.width, Height: b.height, Pages: 1, Bands: 3, Bits: 8, Alpha: b.mask[3] != 0}
	return h, nil
}

// readBitmap reads the headers and checks them against each other.
func readBitmap(data []byte) (*bitmap, error) {
	le := binary.LittleEndian
	if len(data) < 26 || string(data[:2]) != "BM" {
		return nil, badBMP("no header")
	}
	offset, size := int(le.Uint32(data[10:])), int(le.Uint32(data[14:]))
	if size < 12 || size > 1024 || 14+size > len(data) {
		return nil, badBMP("a header of %d bytes", size)
	}
	head := make([]byte, 124) // short headers leave the rest zero
	copy(head, data[14:14+min(size, 124)])
	b := &bitmap{}
	entry, colours := 4, 0
	if size == 12 { // OS/2 1.x: 16-bit sizes, palette of three bytes
		b.width, b.height, b.depth, entry = int(le.Uint16(head[4:])), int(le.Uint16(head[6:])), int(le.Uint16(head[10:])), 3
	} else {
		b.width, b.height, b.depth = int(int32(le.Uint32(head[4:]))), int(int32(le.Uint32(head[8:]))), int(le.Uint16(head[14:]))
		b.packing, colours = le.Uint32(head[16:]), int(le.Uint32(head[32:]))
	}
	if b.height < 0 {
		b.height, b.topDown = -b.height, true
	}
	if b.width < 1 || b.height < 1 || b.width > 1<<20 || b.height > 1<<20 {
		return nil, badBMP("%d×%d pixels", b.width, b.height)
	}
	after := 14 + size // where masks and palette may follow
	if err := b.readMasks(head, data[after:], size, &after); err != nil {
		return nil, err
	}
	if b.depth <= 8 {
		if colours == 0 || colours > 1<<b.depth {
			colours = 1 << b.depth
		}
		b.readPalette(data, after, offset, entry, colours)
	}
	if offset < after || offset >= len(data) {
		return nil, badBMP("pixels at %d of %d", offset, len(data))
	}
	b.pixels = data[offset:]
	if !b.runs() && len(b.pixels) < (b.height-1)*b.stride()+b.rowBytes() {
		return nil, badBMP("%d of %d bytes of pixels", len(b.pixels), b.height*b.stride())
	}
	return b, nil
}

// readMasks finds out where the colours of a pixel are, and refuses packings
// that do not go with the depth.
func (b *bitmap) readMasks(head, after []byte, size int, next *int) error {
	le := binary.LittleEndian
	ok := false
	switch b.packing {
	case bmpRGB:
		ok = b.depth == 1 || b.depth == 2 || b.depth == 4 || b.depth == 8 || b.depth == 16 || b.depth == 24 || b.depth == 32
	case bmpRLE8:
		ok = b.depth == 8 && !b.topDown
	case bmpRLE4:
		ok = b.depth == 4 && !b.topDown
	case bmpFields, bmpAllFields:
		ok = b.depth == 16 || b.depth == 32
	}
	if !ok {
		return badBMP("%d bits packed by %d", b.depth, b.packing)
	}
	switch {
	case b.packing == bmpRGB && b.depth == 16:
		b.mask = [4]uint32{0x7c00, 0x3e0, 0x1f}
	case b.packing == bmpRGB && b.depth == 32:
		b.mask = [4]uint32{0xff0000, 0xff00, 0xff}
	case b.packing == bmpFields || b.packing == bmpAllFields:
		fields := head[40:]
		n := 3
		if b.packing == bmpAllFields || size >= 56 {
			n = 4
		}
		if size < 40+4*n { // they follow the header
			if fields = after; len(fields) < 4*n {
				return badBMP("no bit fields")
			}
			*next += 4 * n
		}
		for i := range n {
			b.mask[i] = le.Uint32(fields[4*i:])
		}
	}
	for _, m := range b.mask {
		if m != 0 && bits.Len32(m)-bits.TrailingZeros32(m) != bits.OnesCount32(m) {
			return badBMP("a bit field with holes: %#x", m)
		}
	}
	return nil
}

// readPalette reads what there is of a palette; missing colours are black.
func (b *bitmap) readPalette(data []byte, from, to, entry, colours int) {
	b.palette = make([][3]byte, 1<<b.depth)
	for i := range colours {
		at := from + i*entry
		if at+entry > min(to, len(data)) {
			return
		}
		b.palette[i] = [3]byte{data[at+2], data[at+1], data[at]}
	}
}

func (b *bitmap) runs() bool { return b.packing == bmpRLE8 || b.packing == bmpRLE4 }

func (b *bitmap) rowBytes() int { return (b.width*b.depth + 7) / 8 }

// stride is the distance of rows in bytes: a multiple of four.
func (b *bitmap) stride() int { return (b.rowBytes() + 3) &^ 3 }
