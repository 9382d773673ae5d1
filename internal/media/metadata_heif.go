package media

import (
	"encoding/binary"
	"slices"
)

// maxItems is the most metadata items, and pieces of one, that a HEIF file may
// have. Files have one or two, in one piece.
const maxItems = 64

// maxMeta is the most bytes of a HEIF meta box that is read. It holds a few
// hundred bytes, or some tens of thousands for pictures cut into tiles.
const maxMeta = 8 << 20

const uuidXMP = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"

// heifKept are the boxes of the file level that belong to the picture.
var heifKept = map[string]bool{
	"ftyp": true, "styp": true, "meta": true, "mdat": true, "idat": true,
	"moov": true, "moof": true, "mfra": true, "sidx": true,
}

// scanHEIF walks the boxes of an AVIF or HEIC file. It has no end mark: boxes of
// unknown kinds at the end, such as the film of a motion photo, and what is no box
// at all stand after the picture.
func scanHEIF(w *window, l *layout) {
	l.end = 0
	seen := false
	stop := eachBox(w, 0, w.size, func(b box) bool {
		if l.crowded() {
			return false
		}
		switch b.kind {
		case "meta":
			seen = true
			scanMeta(w, l, b)
		case "moov":
			scanSequence(w, l, b)
		case "uuid":
			if string(w.peek(b.data, 16)) == uuidXMP {
				l.addBlock(blockXMP, span{b.data + 16, b.end})
			}
			l.addExtra("uuid", b.data, b.end)
		default:
			if !heifKept[b.kind] {
				l.addExtra("box", b.data, b.end)
			}
		}
		if heifKept[b.kind] || b.kind == "uuid" || b.kind == "free" || b.kind == "skip" {
			l.end = b.end
		}
		return true
	})
	if !seen || l.crowded() || pictureBreaksOff(w, stop) {
		l.breakOff(w.size)
	}
}

// pictureBreaksOff reports whether a box that belongs to the picture begins at
// the offset, though it does not end in the file.
func pictureBreaksOff(w *window, at int64) bool {
	head := w.peek(at, 8)
	return len(head) == 8 && heifKept[string(head[4:])]
}

// heifItem is one entry of the item list.
type heifItem struct {
	kind, content string // "Exif", or "mime" with the content type
	spans         []span
}

func scanMeta(w *window, l *layout, meta box) {
	if meta.end-meta.data > maxMeta {
		return
	}
	items := make(map[uint64]*heifItem)
	item := func(id uint64) *heifItem {
		if items[id] == nil {
			items[id] = new(heifItem)
		}
		return items[id]
	}
	var data box
	eachBox(w, meta.data+4, meta.end, func(b box) bool {
		if b.kind == "idat" {
			data = b
		}
		return true
	})
	eachBox(w, meta.data+4, meta.end, func(b box) bool {
		switch b.kind {
		case "iinf":
			scanItemInfo(w, b, item)
		case "iloc":
			scanItemPlaces(w, b, data, item)
		case "iprp":
			findBox(w, b.data, b.end, func(b box) { l.addSize(w, b) }, "ipco", "ispe")
		}
		return true
	})
	l.addItems(w, items)
}

// addItems adds the blocks of the items that are EXIF or XMP, in the order of
// their ids.
func (l *layout) addItems(w *window, items map[uint64]*heifItem) {
	var ids []uint64
	for id, it := range items {
		if it.kind == "Exif" || it.kind == "mime" && it.content == "application/rdf+xml" {
			ids = append(ids, id)
			l.tooFar = l.tooFar || len(ids) > maxItems || len(it.spans) > maxItems
		}
	}
	if l.tooFar {
		return
	}
	slices.Sort(ids)
	for _, id := range ids {
		it := items[id]
		it.spans = inside(it.spans, w.size)
		switch {
		case len(it.spans) == 0, shared(items, id):
		case it.kind == "Exif":
			l.addHEIFEXIF(w, it.spans)
		default:
			l.blocks = append(l.blocks, block{kind: blockXMP, spans: it.spans})
		}
	}
}

func (l *layout) addSize(w *window, b box) {
	p := w.peek(b.data, 12)
	if len(p) < 12 {
		return
	}
	// The whole picture is larger than its tiles and thumbnails.
	width, height := int(binary.BigEndian.Uint32(p[4:])), int(binary.BigEndian.Uint32(p[8:]))
	if uint64(width)*uint64(height) > uint64(l.width)*uint64(l.height) {
		l.width, l.height = width, height
	}
}

// contentOf loads the content of a box of a meta box, which is small.
func contentOf(w *window, b box) be {
	if b.end-b.data > maxMeta {
		return be{}
	}
	p, err := w.load([]span{{b.data, b.end}})
	if err != nil {
		return be{}
	}
	return be{b: p}
}

// scanItemInfo reads ItemInfoBox (ISO/IEC 14496-12, 8.11.6).
func scanItemInfo(w *window, b box, item func(uint64) *heifItem) {
	head := w.peek(b.data, 8)
	if len(head) < 8 {
		return
	}
	from := b.data + 6
	if head[0] != 0 {
		from += 2
	}
	eachBox(w, from, b.end, func(e box) bool {
		if e.kind != "infe" {
			return true
		}
		r := contentOf(w, e)
		version := r.uint(4) >> 24
		var id uint64
		switch version {
		case 2:
			id = r.uint(2)
		case 3:
			id = r.uint(4)
		default:
			return true
		}
		r.next(2)
		kind := string(r.next(4))
		r.text()
		if content := r.text(); !r.short || kind != "mime" {
			it := item(id)
			it.kind, it.content = kind, content
		}
		return true
	})
}

// scanItemPlaces reads ItemLocationBox (ISO/IEC 14496-12, 8.11.3): extents in the
// file, or in the data box of the meta box.
func scanItemPlaces(w *window, b, data box, item func(uint64) *heifItem) {
	r := contentOf(w, b)
	version := r.uint(4) >> 24
	sizes := r.uint(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	idSize := 2
	if version >= 2 {
		idSize = 4
	}
	if version < 1 {
		index = 0
	}
	for range r.uint(idSize) {
		id, method := r.uint(idSize), uint64(0)
		if version >= 1 {
			method = r.uint(2) & 15
		}
		r.next(2)
		start := r.uint(base)
		for range r.uint(2) {
			r.uint(index)
			from := start + r.uint(offset)
			to := from + r.uint(length)
			if r.short {
				return
			}
			if method == 1 {
				from, to = from+uint64(data.data), to+uint64(data.data)
				if to > uint64(data.end) {
					continue
				}
			}
			if method <= 1 && from < to && to <= uint64(w.size) {
				it := item(id)
				it.spans = append(it.spans, span{int64(from), int64(to)})
			}
		}
	}
}

// inside drops what does not lie in the file.
func inside(spans []span, size int64) []span {
	if lengthOf(spans) > size {
		return nil
	}
	return spans
}

// shared reports whether an item's bytes belong to another item, too: then they
// must not be touched.
func shared(items map[uint64]*heifItem, id uint64) bool {
	for other, it := range items {
		if other == id {
			continue
		}
		for _, a := range items[id].spans {
			for _, b := range it.spans {
				if a.start < b.end && b.start < a.end {
					return true
				}
			}
		}
	}
	return false
}

// addHEIFEXIF cuts off what stands before the TIFF structure: its offset in four
// bytes, and as many bytes as that says (ISO/IEC 23008-12, A.2.1).
func (l *layout) addHEIFEXIF(w *window, spans []span) {
	if len(spans) == 0 || lengthOf(spans) < 8 {
		return
	}
	head := w.peek(spans[0].start, 4)
	if len(head) < 4 || spans[0].length() < 4 {
		return
	}
	cut := 4 + int64(binary.BigEndian.Uint32(head))
	for cut > 0 && len(spans) > 0 {
		n := min(cut, spans[0].length())
		rest := span{spans[0].start + n, spans[0].end}
		cut -= n
		if spans = spans[1:]; rest.length() > 0 {
			spans = append([]span{rest}, spans...)
		}
	}
	if len(spans) > 0 {
		l.blocks = append(l.blocks, block{kind: blockEXIF, spans: spans})
	}
}

// scanSequence counts the pictures of an image sequence.
func scanSequence(w *window, l *layout, moov box) {
	findBox(w, moov.data, moov.end, func(media box) {
		pictures := false
		findBox(w, media.data, media.end, func(b box) {
			pictures = pictures || string(w.peek(b.data+8, 4)) == "pict"
		}, "hdlr")
		if !pictures {
			return
		}
		findBox(w, media.data, media.end, func(b box) {
			if p := w.peek(b.data, 12); len(p) == 12 {
				l.frames = max(l.frames, int(binary.BigEndian.Uint32(p[8:])))
			}
		}, "minf", "stbl", "stsz")
	}, "trak", "mdia")
}
