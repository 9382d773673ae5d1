package media

import (
	"bytes"
	"encoding/binary"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// xmpKeyword marks the iTXt chunk that holds the XMP packet (XMP part 3, 1.1.5).
const xmpKeyword = "XML:com.adobe.xmp"

// pngKept are the chunks that decide how the pixels look, or when.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true, "sBIT": true, "bKGD": true,
	"pHYs": true, "hIST": true, "sPLT": true, "cICP": true, "mDCV": true, "mDCv": true, "cLLI": true, "cLLi": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

// scanPNG walks the chunks up to IEND. Text that may hold a position is not a
// block, since the check sum changes with it and it may be compressed: see
// planPNG.
func scanPNG(w *window, l *layout) {
	animated, pixels, frames := false, false, 0
	for at := int64(len(pngSignature)); ; {
		head := w.peek(at, 8)
		if len(head) < 8 {
			l.breakOff(w.size)
			return
		}
		name, data := string(head[4:8]), at+8
		end := data + int64(binary.BigEndian.Uint32(head)) + 4
		if end > w.size || l.crowded() {
			l.breakOff(w.size)
			return
		}
		switch name {
		case "IHDR":
			if b := w.peek(data, 8); len(b) == 8 {
				l.width, l.height = int(binary.BigEndian.Uint32(b)), int(binary.BigEndian.Uint32(b[4:]))
			}
		case "acTL":
			animated = animated || !pixels
		case "IDAT":
			pixels = true
		case "fcTL":
			frames++
		case "eXIf":
			l.addBlock(blockEXIF, span{data, end - 4})
		case "iTXt":
			if from := plainXMP(w, span{data, end - 4}); from > 0 {
				l.addBlock(blockXMP, span{from, end - 4})
			}
		}
		if !pngKept[name] {
			l.addExtra(name, at, end)
		}
		at = end
		if name == "IEND" {
			l.end = end
			break
		}
	}
	if animated {
		l.frames = frames
	}
}

// plainXMP finds where the packet begins in an iTXt chunk that holds one
// uncompressed; 0 if it does not.
func plainXMP(w *window, chunk span) int64 {
	// keyword, zero, compression flag, method, language, zero, translated keyword, zero
	head := w.peek(chunk.start, int(min(chunk.length(), 512)))
	rest, ok := bytes.CutPrefix(head, []byte(xmpKeyword+"\x00\x00"))
	if !ok || len(rest) == 0 {
		return 0
	}
	rest = rest[1:]
	for range 2 {
		if _, rest, ok = bytes.Cut(rest, []byte{0}); !ok {
			return 0
		}
	}
	return chunk.start + int64(len(head)-len(rest))
}
