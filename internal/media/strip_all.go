package media

import (
	"encoding/binary"
	"hash/crc32"
	"slices"

	"vitrine/internal/vitrine"
)

// planAll drops every extra of a JPEG, PNG, GIF or WebP file. Where the picture
// is to be turned, the EXIF block is replaced by one that says only that.
func (l *layout) planAll(w *window) ([]edit, error) {
	var keep []byte
	for _, b := range l.blocks {
		if b.kind != blockEXIF {
			continue
		}
		p, err := b.load(w)
		if err != nil {
			return nil, err
		}
		if o := orientationOf(p); o != 1 {
			keep = l.wrapEXIF(w, orientationBlock(o))
		}
		break
	}
	kept := len(keep) > 0
	var edits []edit
	for _, x := range l.extras {
		e := edit{span: x.span}
		if x.name == nameEXIF || x.name == "eXIf" {
			e.put, keep = keep, nil
		}
		edits = append(edits, e)
	}
	if l.format == vitrine.WebP {
		edits = append(edits, l.planRIFF(w, edits, kept)...)
	}
	return edits, nil
}

// wrapEXIF makes a segment or chunk of a block; nil where the format cannot hold
// one.
func (l *layout) wrapEXIF(w *window, block []byte) []byte {
	switch l.format {
	case vitrine.JPEG:
		n := 2 + len(headEXIF) + len(block)
		return slices.Concat([]byte{0xff, 0xe1, byte(n >> 8), byte(n)}, []byte(headEXIF), block)
	case vitrine.PNG:
		return pngChunk("eXIf", block)
	case vitrine.WebP:
		if string(w.peek(12, 4)) != "VP8X" {
			return nil
		}
		b := binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(block)))
		return append(append(b, block...), make([]byte, len(block)&1)...)
	}
	return nil
}

// pngChunk is a chunk with length and check sum.
func pngChunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, len(data)+12), uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// The flags of VP8X that announce metadata (RFC 9649, section 2.7).
const (
	flagXMP  = 1 << 2
	flagEXIF = 1 << 3
)

// planRIFF corrects the size in the header of a WebP file and the flags that
// announce what the edits drop.
func (l *layout) planRIFF(w *window, edits []edit, exif bool) []edit {
	if l.broken {
		return nil
	}
	size := l.end - 8
	for _, e := range edits {
		size += int64(len(e.put)) - e.length()
	}
	header := []edit{{span: span{4, 8}, put: binary.LittleEndian.AppendUint32(nil, uint32(size))}}
	if b := w.peek(12, 9); len(b) == 9 && string(b[:4]) == "VP8X" {
		flags := b[8] &^ (flagXMP | flagEXIF)
		if exif {
			flags |= flagEXIF
		}
		header = append(header, edit{span: span{20, 21}, put: []byte{flags}})
	}
	return header
}

// planBlank overwrites the metadata of an AVIF or HEIC file in place: dropping it
// would move the pixels, whose offsets stand in the file. Their orientation is no
// metadata there.
func (l *layout) planBlank(*window) ([]edit, error) {
	var edits []edit
	for _, b := range l.blocks {
		wiped := b.wipe()
		// Readers that look inside find a block that says nothing.
		empty := emptyTIFF
		if b.kind == blockXMP {
			empty = emptyXMP
		}
		if first := wiped[0].span; first.length() >= int64(len(empty)) {
			wiped[0].start += int64(len(empty))
			edits = append(edits, edit{span: span{first.start, wiped[0].start}, put: []byte(empty)})
		}
		edits = append(edits, wiped...)
	}
	for _, x := range l.extras {
		if x.end <= l.end {
			edits = append(edits, edit{span: x.span, fill: true})
		}
	}
	return edits, nil
}

// The shortest EXIF block and XMP packet.
const (
	emptyTIFF = "MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"
	emptyXMP  = `<x:xmpmeta xmlns:x="adobe:ns:meta/"/>`
)
