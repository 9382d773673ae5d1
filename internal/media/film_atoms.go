package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"sort"
	"strings"

	"vitrine/internal/vitrine"
)

// maxTable is the most bytes of a box that is read as a whole: texts, and tables
// of samples, of which an hour of film has about a megabyte.
const maxTable = 16 << 20

// maxFilmEdits is the most places of a film that are blanked.
const maxFilmEdits = 1 << 18

var errFilmEdits = errors.New("the film holds more positions than can be taken out")

// UUIDs of boxes whose content is known.
const (
	uuidSpherical = "\xff\xcc\x82\x63\xf8\x55\x4a\x93\x88\x14\x58\x7a\x02\x52\x1f\xdd" // Spherical Video V1: how the pixels are shown
	uuidCanon     = "\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48"
)

// planFilm lists the edits that take the position, or all texts, out of a film.
// Each puts as many bytes as it leaves out, so nothing moves and no offset in the
// film changes; pictures and sound are not touched. Boxes become free space, and
// their content zeros.
func planFilm(w *window, format vitrine.Format, o cleanOptions) ([]edit, error) {
	if !o.All && !o.GPS {
		return nil, nil
	}
	if format == vitrine.WebM {
		return planWebM(w, o)
	}
	p := &filmPlan{w: w, all: o.All}
	eachBox(w, 0, w.size, func(b box) bool {
		if b.kind == "mdat" || b.kind == "free" || b.kind == "skip" {
			p.media = append(p.media, span{b.data, b.end})
		}
		return len(p.media) < maxFilmEdits
	})
	eachBox(w, 0, w.size, func(b box) bool {
		p.describing(b)
		if b.kind == "moov" {
			p.movie(b)
		}
		return p.err == nil && len(p.edits) < maxFilmEdits
	})
	if w.err != nil {
		return nil, w.err
	}
	if p.err != nil || len(p.edits) >= maxFilmEdits {
		return nil, errFilmEdits
	}
	return slices.DeleteFunc(sortEdits(p.edits), func(e edit) bool { return !changes(w, []edit{e}) }), nil
}

// filmPlan collects edits.
type filmPlan struct {
	w     *window
	all   bool
	media []span // where samples may lie, in order
	edits []edit
	err   error
}

// hide turns a box into free space.
func (p *filmPlan) hide(b box) {
	p.edits = append(p.edits,
		edit{span: span{b.start + 4, b.start + 8}, put: []byte("free")},
		edit{span: span{b.data, b.end}, fill: true})
}

func (p *filmPlan) load(b box) []byte {
	if b.end-b.data > maxTable || b.end <= b.data {
		return nil
	}
	content, err := p.w.load([]span{{b.data, b.end}})
	if err != nil {
		p.err = err
		return nil
	}
	return content
}

func (p *filmPlan) movie(moov box) {
	eachBox(p.w, moov.data, moov.end, func(b box) bool {
		p.describing(b)
		switch b.kind {
		case "trak":
			eachBox(p.w, b.data, b.end, func(b box) bool {
				p.describing(b)
				if b.kind == "mdia" {
					p.track(b)
				}
				return true
			})
		case "gps ":
			p.dashcam(b)
		}
		return p.err == nil && len(p.edits) < maxFilmEdits
	})
}

// describing deals with the boxes that tell about the film, wherever they stand.
func (p *filmPlan) describing(b box) {
	switch b.kind {
	case "udta":
		p.userData(b)
	case "meta":
		p.meta(b)
	case "uuid":
		p.uuid(b)
	}
}

// isPositionKey reports whether a key of metadata names a place: ©xyz and loci
// (3GPP TS 26.244), com.apple.quicktime.location.ISO6709 and its like.
func isPositionKey(key string) bool {
	if key == "\xa9xyz" || key == "loci" { // the first is no UTF-8
		return true
	}
	key = strings.ToLower(key)
	return strings.Contains(key, "location") || strings.Contains(key, "gps") ||
		strings.Contains(key, "iso6709") || strings.Contains(key, "latitude") || strings.Contains(key, "longitude")
}

// userData is the list of texts that QuickTime and MP4 have in common.
func (p *filmPlan) userData(udta box) {
	if p.all {
		p.hide(udta)
		return
	}
	eachBox(p.w, udta.data, udta.end, func(b box) bool {
		switch {
		case isPositionKey(b.kind):
			p.hide(b)
		case b.kind == "XMP_":
			p.xmp(b, b.data)
		default:
			p.describing(b)
		}
		return len(p.edits) < maxFilmEdits
	})
}

// meta is a list of keys and one of values, or values with names of four
// characters.
func (p *filmPlan) meta(meta box) {
	if p.all {
		p.hide(meta)
		return
	}
	from := meta.data
	if string(p.w.peek(from+4, 4)) != "hdlr" { // QuickTime's has no version
		from += 4
	}
	var keys []string
	eachBox(p.w, from, meta.end, func(b box) bool {
		if b.kind == "keys" {
			keys = keyNames(p.load(b))
		}
		return true
	})
	eachBox(p.w, from, meta.end, func(b box) bool {
		switch b.kind {
		case "ilst":
			eachBox(p.w, b.data, b.end, func(b box) bool {
				if isPositionKey(p.keyOf(b, keys)) {
					p.hide(b)
				}
				return len(p.edits) < maxFilmEdits
			})
		case "xml ":
			p.xmp(b, b.data)
		default:
			if b.kind != "meta" {
				p.describing(b)
			}
		}
		return true
	})
}

// keyOf is what an item of a list of values is about.
func (p *filmPlan) keyOf(b box, keys []string) string {
	if i := binary.BigEndian.Uint32([]byte(b.kind)); i >= 1 && uint64(i) <= uint64(len(keys)) {
		return keys[i-1]
	}
	key := b.kind
	if key == "----" { // a name of any length
		eachBox(p.w, b.data, b.end, func(b box) bool {
			if b.kind == "name" {
				key = string(p.w.peek(b.data+4, int(min(b.end-b.data-4, 256))))
			}
			return true
		})
	}
	return key
}

// keyNames reads the list of keys: size, name space and name each.
func keyNames(b []byte) []string {
	r := be{b: b}
	r.next(4)
	var keys []string
	for range r.uint(4) {
		size := int(r.uint(4))
		r.next(4)
		name := r.next(size - 8)
		if r.short || size < 8 {
			break
		}
		keys = append(keys, string(name))
	}
	return keys
}

func (p *filmPlan) uuid(b box) {
	id := string(p.w.peek(b.data, 16))
	switch {
	case len(id) < 16, id == uuidSpherical:
	case p.all:
		p.hide(b)
	case id == uuidXMP:
		p.xmp(b, b.data+16)
	case id == uuidCanon:
		findBox(p.w, b.data+16, b.end, p.hide, "CMT4") // the GPS directory
	case isTIFF(p.w.peek(b.data+16, 4)):
		p.correct(box{data: b.data + 16, end: b.end}, removePosition)
	}
}

// xmp blanks the position in a packet.
func (p *filmPlan) xmp(b box, from int64) {
	p.correct(box{data: from, end: b.end}, blankPosition)
}

func (p *filmPlan) correct(b box, clean func([]byte) bool) {
	s := span{b.data, b.end}
	if s.length() > maxTable {
		p.edits = append(p.edits, edit{span: s, fill: true, with: ' '})
		return
	}
	old := p.load(b)
	if changed := bytes.Clone(old); len(old) > 0 && clean(changed) {
		p.edits = append(p.edits, patches([]span{s}, old, changed)...)
	}
}

// dashcam blanks what the box "gps " of dashboard cameras points at: blocks of
// free space that begin with "GPS ".
func (p *filmPlan) dashcam(b box) {
	r := be{b: p.load(b)}
	for r.next(8); len(r.b) >= 8; {
		at, size := int64(r.uint(4)), int64(r.uint(4))
		if string(p.w.peek(at+4, 8)) == "freeGPS " && size > 8 {
			p.blankSample(span{at + 8, at + size})
		}
	}
	p.hide(b)
}

// blankSample overwrites a part of the film's data with zeros, if that is what it
// is.
func (p *filmPlan) blankSample(s span) {
	if s.length() <= 0 || len(p.edits) >= maxFilmEdits {
		return
	}
	i := sort.Search(len(p.media), func(i int) bool { return p.media[i].end >= s.end })
	if i < len(p.media) && s.start >= p.media[i].start {
		p.edits = append(p.edits, edit{span: s, fill: true})
	}
}
