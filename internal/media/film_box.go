package media

import "encoding/binary"

// box is a box of an ISO base media file, or an atom of QuickTime, which is the
// same thing: where it starts, where its content starts, and where it ends.
type box struct {
	kind             string // four characters
	start, data, end int64
}

// eachBox visits the boxes that lie one after the other in a part of a file, until
// visit says no. It tells where the last whole box ended: before to if the
// structure broke off or visit said no.
func eachBox(w *window, from, to int64, visit func(box) bool) int64 {
	for from+8 <= to {
		head := w.peek(from, 16)
		if len(head) < 8 {
			return from
		}
		b := box{kind: string(head[4:8]), start: from, data: from + 8}
		switch size := binary.BigEndian.Uint32(head); {
		case size == 0: // up to the end
			b.end = to
		case size == 1 && len(head) == 16:
			long := binary.BigEndian.Uint64(head[8:])
			if b.data += 8; long < 16 || long > uint64(to-from) {
				return from
			}
			b.end = from + int64(long)
		default:
			b.end = from + int64(size)
		}
		if b.end < b.data || b.end > to || !visit(b) {
			return from
		}
		from = b.end
	}
	return from
}

// anyKind stands for boxes of every kind in a path.
const anyKind = ""

// findBox follows a path of kinds down from a part of a file and visits every box
// at its end.
func findBox(w *window, from, to int64, visit func(box), path ...string) {
	eachBox(w, from, to, func(b box) bool {
		if path[0] == b.kind || path[0] == anyKind {
			if len(path) == 1 {
				visit(b)
			} else {
				findBox(w, b.data, b.end, visit, path[1:]...)
			}
		}
		return true
	})
}

// be is a reader of big-endian numbers that yields zeros past its end.
type be struct {
	b     []byte
	short bool // more was asked for than there was
}

func (r *be) next(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.b, r.short = nil, true
		return make([]byte, min(max(n, 0), 8))
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

// uint reads a number of 0 to 8 bytes.
func (r *be) uint(n int) (v uint64) {
	for _, c := range r.next(n) {
		v = v<<8 | uint64(c)
	}
	return v
}

// text reads up to a zero byte.
func (r *be) text() string {
	for i, c := range r.b {
		if c == 0 {
			s := string(r.b[:i])
			r.b = r.b[i+1:]
			return s
		}
	}
	r.b, r.short = nil, true
	return ""
}
