package media

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// Markers of ITU-T T.81, table B.1, by their second byte.
const (
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerTEM  = 0x01
	markerAPP0 = 0xe0
	markerAPPF = 0xef
	markerCOM  = 0xfe
)

// What application segments begin with.
const (
	headEXIF     = "Exif\x00\x00"
	headXMP      = "http://ns.adobe.com/xap/1.0/\x00"
	headExtended = "http://ns.adobe.com/xmp/extension/\x00"
	headIRB      = "Photoshop 3.0\x00"
	headMPF      = "MPF\x00"
)

// extendedHead is what stands before the text in an extended XMP segment: the
// identifier, a GUID of 32 characters, the full length and this segment's offset.
const extendedHead = len(headExtended) + 32 + 4 + 4

// scanJPEG walks the segments and jumps over the entropy-coded data up to the
// end mark. Like libjpeg it skips garbage between segments.
func scanJPEG(w *window, l *layout) {
	defer l.joinExtended()
	at := int64(2)
	for {
		from := at
		at = nextMarker(w, at)
		if at > from {
			l.addExtra("garbage", from, at)
		}
		head := w.peek(at, 4)
		if len(head) < 2 {
			l.breakOff(w.size)
			return
		}
		switch m := head[1]; {
		case m == markerEOI:
			l.end = at + 2
			return
		case m == markerTEM, m == markerSOI, m >= markerRST0 && m <= markerRST7:
			at += 2
			continue
		}
		if len(head) < 4 {
			l.breakOff(w.size)
			return
		}
		end := at + 2 + int64(binary.BigEndian.Uint16(head[2:]))
		if end < at+4 || end > w.size {
			l.breakOff(w.size)
			return
		}
		scanSegment(w, l, head[1], at, end)
		if head[1] == markerSOS {
			end = afterScan(w, end)
		}
		if l.crowded() {
			l.breakOff(w.size)
			return
		}
		at = end
	}
}

// nextMarker finds 0xff followed by anything but 0xff and 0x00, at or after at.
func nextMarker(w *window, at int64) int64 {
	for {
		b := w.rest(at)
		if len(b) < 2 {
			if b = w.peek(at, 2); len(b) < 2 {
				return w.size
			}
		}
		k := bytes.IndexByte(b[:len(b)-1], 0xff)
		if k < 0 {
			at += int64(len(b) - 1)
			continue
		}
		if c := b[k+1]; c != 0xff && c != 0 {
			return at + int64(k)
		}
		at += int64(k) + 1
	}
}

// afterScan finds the marker that ends entropy-coded data: zero bytes after 0xff
// and restart markers belong to the data.
func afterScan(w *window, at int64) int64 {
	for {
		at = nextMarker(w, at)
		head := w.peek(at, 2)
		if len(head) < 2 || head[1] < markerRST0 || head[1] > markerRST7 {
			return at
		}
		at += 2
	}
}

func scanSegment(w *window, l *layout, marker byte, at, end int64) {
	data := at + 4
	starts := func(id string) bool {
		return end-data >= int64(len(id)) && string(w.peek(data, len(id))) == id
	}
	after := func(id string) span { return span{data + int64(len(id)), end} }
	switch {
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc: // SOF
		l.progressive = l.progressive || marker&3 == 2
		if b := w.peek(data, 5); len(b) == 5 && l.width == 0 {
			l.height, l.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
		}
	case marker == 0xe1 && starts(headEXIF):
		l.addExtra(nameEXIF, at, end)
		l.addJPEGEXIF(w, after(headEXIF))
	case marker == 0xe1 && starts(headXMP):
		l.addExtra("XMP", at, end)
		l.addBlock(blockXMP, after(headXMP))
	case marker == 0xe1 && starts(headExtended) && end-data >= int64(extendedHead):
		l.addExtra("XMP", at, end)
		l.addExtended(w, data, end)
	case marker == 0xed && starts(headIRB):
		l.addExtra("IRB", at, end)
		l.addBlock(blockIRB, after(headIRB))
	case marker == 0xe2 && starts(headMPF):
		l.addExtra(nameMPF, at, end)
	case marker == 0xeb && starts("JP"):
		l.addExtra(nameJUMBF, at, end)
	case marker == 0xe0 && starts("JFIF\x00"), marker == 0xe2 && starts("ICC_PROFILE\x00"), marker == 0xee && starts("Adobe"):
		// They say how the pixels are to be shown.
	case marker >= markerAPP0 && marker <= markerAPPF, marker == markerCOM:
		l.addExtra("other", at, end)
	}
}

// addJPEGEXIF adds a segment to the EXIF block before it where it does not begin
// one of its own: blocks of more than 64 KB are written so.
func (l *layout) addJPEGEXIF(w *window, s span) {
	if !isTIFF(w.peek(s.start, 4)) {
		for i := range l.blocks {
			if b := &l.blocks[i]; b.kind == blockEXIF {
				b.spans = append(b.spans, s)
				return
			}
		}
	}
	l.addBlock(blockEXIF, s)
}

// addExtended notes a segment of an extended packet; joinExtended puts them
// together when all are known.
func (l *layout) addExtended(w *window, data, end int64) {
	head := w.peek(data+int64(len(headExtended)), extendedHead-len(headExtended))
	l.pieces = append(l.pieces, extendedPiece{
		packet: string(head[:32]),
		offset: binary.BigEndian.Uint32(head[36:]),
		span:   span{data + int64(extendedHead), end},
	})
}

// extendedPiece is one segment of an extended XMP packet.
type extendedPiece struct {
	packet string // its GUID
	offset uint32 // of the segment's text in the packet
	span   span
}

func (l *layout) joinExtended() {
	slices.SortStableFunc(l.pieces, func(a, b extendedPiece) int {
		return cmp.Or(strings.Compare(a.packet, b.packet), cmp.Compare(a.offset, b.offset))
	})
	for i, p := range l.pieces {
		if i > 0 && l.pieces[i-1].packet == p.packet {
			last := &l.blocks[len(l.blocks)-1]
			last.spans = append(last.spans, p.span)
			continue
		}
		l.blocks = append(l.blocks, block{kind: blockExtended, spans: []span{p.span}})
	}
}
