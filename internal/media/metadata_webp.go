package media

import "encoding/binary"

var webpKept = map[string]bool{
	"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true,
}

// scanWebP walks the chunks of the RIFF container; the size in its header ends
// the picture.
func scanWebP(w *window, l *layout) {
	head := w.peek(0, 12)
	if len(head) < 12 {
		l.breakOff(w.size)
		return
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	if end > w.size {
		end, l.broken = w.size, true
	}
	l.end = end
	frames := 0
	for at := int64(12); at+8 <= end; {
		head := w.peek(at, 8)
		if len(head) < 8 {
			return
		}
		name, data := string(head[:4]), at+8
		stop := data + int64(binary.LittleEndian.Uint32(head[4:]))
		if stop > end || l.crowded() {
			l.breakOff(w.size)
			return
		}
		next := min(stop+stop&1, end)
		switch name {
		case "VP8X":
			if b := w.peek(data, 10); len(b) == 10 && stop-data >= 10 {
				l.width = 1 + int(uint32(b[4])|uint32(b[5])<<8|uint32(b[6])<<16)
				l.height = 1 + int(uint32(b[7])|uint32(b[8])<<8|uint32(b[9])<<16)
			}
		case "ANMF":
			frames++
		case "EXIF":
			s := span{data, stop}
			if string(w.peek(data, len(headEXIF))) == headEXIF && stop-data >= int64(len(headEXIF)) {
				s.start += int64(len(headEXIF)) // libvips writes it; the specification has none
			}
			l.addBlock(blockEXIF, s)
		case "XMP ":
			l.addBlock(blockXMP, span{data, stop})
		}
		if !webpKept[name] {
			l.addExtra(name, at, next)
		}
		at = next
	}
	l.frames = frames
}
