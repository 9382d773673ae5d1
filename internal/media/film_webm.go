package media

import "bytes"

// Elements of Matroska (RFC 9559) that describe the film, with their ids as they
// stand in the file.
const (
	ebmlVoid        = 0xec
	ebmlCRC         = 0xbf
	mkvSegment      = 0x18538067
	mkvInfo         = 0x1549a966
	mkvTitle        = 0x7ba9
	mkvTags         = 0x1254c367
	mkvTag          = 0x7373
	mkvSimpleTag    = 0x67c8
	mkvTagName      = 0x45a3
	mkvAttachments  = 0x1941a469
	maxTagNameBytes = 256
	maxTagDepth     = 8
)

// element is an element of an EBML file: where it starts, where its content
// starts, and where it ends.
type element struct {
	id               uint32
	start, data, end int64
	open             bool // its size is unknown: it goes on until something that cannot be in it
}

// eachElement visits the elements that lie one after the other in a part of a
// file, until visit says no or they make no sense. An element without a size is
// visited, and then its content as if it stood beside it.
func eachElement(w *window, from, to int64, visit func(element) bool) {
	for from < to {
		head := w.peek(from, 12)
		n := 0
		if len(head) > 0 {
			n = ebmlIDLength(head[0])
		}
		if n == 0 || n >= len(head) {
			return
		}
		size, m, ok := ebmlSize(head[n:])
		if !ok {
			return
		}
		e := element{start: from, data: from + int64(n+m)}
		for _, c := range head[:n] {
			e.id = e.id<<8 | uint32(c)
		}
		e.end = e.data + size
		if size < 0 {
			e.open, e.end = true, e.data
		}
		if e.data > to || e.end > to || e.end < e.data || !visit(e) {
			return
		}
		from = e.end
	}
}

// planWebM takes the position, or all texts, out of a WebM film: elements become
// Void, which readers jump over, and check sums of the elements around them, too.
func planWebM(w *window, o cleanOptions) ([]edit, error) {
	p := &webmPlan{w: w, all: o.All}
	eachElement(w, 0, w.size, func(e element) bool {
		switch {
		case e.id == mkvSegment && !e.open:
			eachElement(w, e.data, e.end, p.describing)
		case e.id != mkvSegment:
			return p.describing(e)
		}
		return len(p.edits) < maxFilmEdits
	})
	if w.err != nil {
		return nil, w.err
	}
	if len(p.edits) >= maxFilmEdits {
		return nil, errFilmEdits
	}
	return sortEdits(p.edits), nil
}

type webmPlan struct {
	w     *window
	all   bool
	edits []edit
}

// void turns an element of at least two bytes into nothing.
func (p *webmPlan) void(e element) {
	head := []byte{ebmlVoid, 0x80 | byte(e.end-e.start-2)}
	if size := e.end - e.start - 9; size > 117 {
		head = []byte{ebmlVoid, 0x01, byte(size >> 48), byte(size >> 40), byte(size >> 32), byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)}
	}
	content := e.start + int64(len(head))
	p.edits = append(p.edits, edit{span: span{e.start, content}, put: head}, edit{span: span{content, e.end}, fill: true})
}

func (p *webmPlan) describing(e element) bool {
	switch {
	case e.id == mkvInfo && p.all:
		p.within(e, func(e element) bool {
			if e.id == mkvTitle {
				p.void(e)
			}
			return e.id == mkvTitle
		})
	case e.id == mkvTags && p.all, e.id == mkvAttachments && p.all:
		p.void(e)
	case e.id == mkvTags:
		p.within(e, func(e element) bool {
			return e.id == mkvTag && p.within(e, func(e element) bool { return p.simpleTag(e, 0) })
		})
	}
	return len(p.edits) < maxFilmEdits
}

// within visits the children of an element; if any of them says that it changed,
// a check sum among them goes.
func (p *webmPlan) within(e element, visit func(element) bool) (changed bool) {
	var sum *element
	eachElement(p.w, e.data, e.end, func(c element) bool {
		if c.id == ebmlCRC {
			sum = &c
		} else if visit(c) {
			changed = true
		}
		return len(p.edits) < maxFilmEdits
	})
	if changed && sum != nil {
		p.void(*sum)
	}
	return changed
}

// simpleTag blanks a tag that names a place, with the tags inside it.
func (p *webmPlan) simpleTag(e element, depth int) (changed bool) {
	if e.id != mkvSimpleTag || depth > maxTagDepth {
		return false
	}
	named := false
	eachElement(p.w, e.data, e.end, func(c element) bool {
		if c.id == mkvTagName {
			name := p.w.peek(c.data, int(min(c.end-c.data, maxTagNameBytes)))
			named = named || isPositionKey(string(bytes.TrimRight(name, "\x00")))
		}
		return true
	})
	if named {
		p.void(e)
		return true
	}
	return p.within(e, func(c element) bool { return p.simpleTag(c, depth+1) })
}
