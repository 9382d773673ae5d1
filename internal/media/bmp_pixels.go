package media

import (
	"encoding/binary"
	"math/bits"

	"vitrine/internal/vips"
)

// decodeBMP decodes a bitmap to rows of RGB, or RGBA if it has an alpha channel
// that is not zero everywhere.
func decodeBMP(data []byte) (vips.Picture, error) {
	b, err := readBitmap(data)
	if err != nil {
		return vips.Picture{}, err
	}
	p := vips.Picture{Loader: vips.Pixels, Width: b.width, Height: b.height, Bands: 3}
	if b.mask[3] != 0 {
		p.Bands = 4
	}
	p.Data = make([]byte, b.width*b.height*p.Bands)
	if b.runs() {
		return p, b.decodeRuns(p.Data)
	}
	row := p.Bands * b.width
	for y := range b.height {
		to := b.height - 1 - y
		if b.topDown {
			to = y
		}
		b.decodeRow(b.pixels[y*b.stride():][:b.rowBytes()], p.Data[to*row:][:row])
	}
	if p.Bands == 4 && !anyAlpha(p.Data) {
		for i := 3; i < len(p.Data); i += 4 {
			p.Data[i] = 255
		}
	}
	return p, nil
}

// anyAlpha tells a picture that is wholly transparent, which nobody meant, from
// others.
func anyAlpha(rgba []byte) bool {
	for i := 3; i < len(rgba); i += 4 {
		if rgba[i] != 0 {
			return true
		}
	}
	return false
}

func (b *bitmap) decodeRow(in, out []byte) {
	switch b.depth {
	case 24:
		for x := range b.width {
			out[3*x], out[3*x+1], out[3*x+2] = in[3*x+2], in[3*x+1], in[3*x]
		}
	case 16, 32:
		b.decodeFields(in, out)
	default:
		perByte := 8 / b.depth
		for x := range b.width {
			index := in[x/perByte] >> (8 - b.depth - x%perByte*b.depth) & (1<<b.depth - 1)
			copy(out[3*x:], b.palette[index][:])
		}
	}
}

func (b *bitmap) decodeFields(in, out []byte) {
	bands := 3
	if b.mask[3] != 0 {
		bands = 4
	}
	var shift, most [4]uint32
	for i, m := range b.mask {
		shift[i] = uint32(bits.TrailingZeros32(m))
		most[i] = m >> (shift[i] & 31)
	}
	for x := range b.width {
		var v uint32
		if b.depth == 16 {
			v = uint32(binary.LittleEndian.Uint16(in[2*x:]))
		} else {
			v = binary.LittleEndian.Uint32(in[4*x:])
		}
		for i := range bands {
			if most[i] != 0 {
				out[bands*x+i] = byte((uint64(v&b.mask[i]>>shift[i])*255 + uint64(most[i])/2) / uint64(most[i]))
			}
		}
	}
}

// decodeRuns decodes RLE8 and RLE4. Pixels that are skipped have the first
// colour of the palette. The end mark may be missing only if every row came.
func (b *bitmap) decodeRuns(out []byte) error {
	for i := 0; i < len(out); i += 3 {
		copy(out[i:], b.palette[0][:])
	}
	x, y, in := 0, 0, b.pixels
	put := func(index byte) {
		if x < b.width && y < b.height {
			copy(out[3*((b.height-1-y)*b.width+x):], b.palette[index][:])
		}
		x++
	}
	nibble := func(v byte, i int) byte {
		if b.packing == bmpRLE8 {
			return v
		}
		return v >> (4 - i%2*4) & 15
	}
	for {
		if len(in) < 2 {
			if y >= b.height-1 && x >= b.width || y >= b.height {
				return nil
			}
			return badBMP("runs end in row %d of %d", y, b.height)
		}
		count, value := int(in[0]), in[1]
		in = in[2:]
		switch {
		case count > 0:
			for i := range count {
				put(nibble(value, i))
			}
		case value == 0: // end of row
			x, y = 0, y+1
		case value == 1: // end of picture
			return nil
		case value == 2: // move
			if len(in) < 2 {
				return badBMP("runs end in a move")
			}
			x, y, in = x+int(in[0]), y+int(in[1]), in[2:]
		default: // as many pixels as they are, padded to two bytes
			n := int(value)
			size := n
			if b.packing == bmpRLE4 {
				size = (n + 1) / 2
			}
			if len(in) < size {
				return badBMP("runs end within a run")
			}
			for i := range n {
				at := i
				if b.packing == bmpRLE4 {
					at = i / 2
				}
				put(nibble(in[at], i))
			}
			in = in[min(len(in), (size+1)&^1):]
		}
	}
}
