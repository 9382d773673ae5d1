package media

import (
	"bytes"
	"encoding/binary"
)

// scanGIF walks the blocks up to the trailer (GIF89a, appendix A).
func scanGIF(w *window, l *layout) {
	head := w.peek(0, 13)
	if len(head) < 13 {
		l.breakOff(w.size)
		return
	}
	l.width, l.height = int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:]))
	frames := 0
	for at := 13 + colourTable(head[10]); ; {
		kind := w.peek(at, 10)
		if len(kind) < 1 || l.crowded() {
			l.breakOff(w.size)
			break
		}
		var next int64
		switch {
		case kind[0] == 0x3b: // trailer
			l.end = at + 1
			l.frames = frames
			return
		case kind[0] == 0x2c && len(kind) == 10: // image: descriptor, colours, code size, data
			frames++
			next = afterSubBlocks(w, at+10+colourTable(kind[9])+1)
		case kind[0] == 0x21 && len(kind) >= 3: // extension
			next = afterSubBlocks(w, at+2)
			if next > 0 {
				scanExtension(w, l, kind[1], at, next)
			}
		}
		if next == 0 {
			l.breakOff(w.size)
			break
		}
		at = next
	}
	l.frames = frames
}

// colourTable is the size of the table that the packed field of a descriptor
// announces.
func colourTable(packed byte) int64 {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

// afterSubBlocks jumps over data sub-blocks and their terminator; 0 if the file
// ends before it.
func afterSubBlocks(w *window, at int64) int64 {
	for {
		b := w.rest(at)
		if len(b) == 0 {
			return 0
		}
		at += 1 + int64(b[0])
		if b[0] == 0 {
			return at
		}
	}
}

// The bytes after an XMP packet in a GIF, which lead a reader that takes the
// packet for sub-blocks to its end: 1, 255 down to 0, 0 (XMP part 3, 1.1.2).
const gifXMPTrailer = 258

func scanExtension(w *window, l *layout, label byte, at, end int64) {
	const head = 14 // introducer, label, size, 11 bytes of application
	switch label {
	case 0xfe:
		l.addExtra("comment", at, end)
	case 0xff:
		b := w.peek(at, head)
		if len(b) < head || b[2] != 11 {
			l.addExtra("other", at, end)
			return
		}
		switch name := b[3:]; {
		case bytes.Equal(name, []byte("NETSCAPE2.0")), bytes.Equal(name, []byte("ANIMEXTS1.0")), bytes.Equal(name, []byte("ICCRGBG1012")):
		case bytes.Equal(name, []byte("XMP DataXMP")):
			l.addExtra("XMP", at, end)
			if end-at > head+gifXMPTrailer {
				l.addBlock(blockXMP, span{at + head, end - gifXMPTrailer})
			}
		default:
			l.addExtra("other", at, end)
		}
	}
}
