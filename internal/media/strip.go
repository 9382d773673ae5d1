package media

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"vitrine/internal/vitrine"
)

// cleanOptions says what goes: all metadata save orientation and colour profile,
// or the position alone. Bytes after the end of the picture always go.
type cleanOptions struct{ All, GPS bool }

// needsCleaning reports whether cleanOriginal would change a file with this
// metadata.
func needsCleaning(m metadata, o cleanOptions) bool {
	return m.Trailing || o.GPS && m.GPS || o.All && m.removable
}

// cleanOriginal copies a picture to dst without what the options name. The pixels
// are not touched, not even decoded; what stays is the same byte for byte, and
// cleaning twice is cleaning once. A file whose structure breaks off is copied as
// far as it makes sense, and then to its end. Errors are those of reading and
// writing, or CodeDamaged if the file holds absurdly much metadata.
func cleanOriginal(src *os.File, dst io.Writer, format vitrine.Format, o cleanOptions) error {
	info, err := src.Stat()
	if err != nil {
		return fmt.Errorf("measuring the original: %w", err)
	}
	w := newWindow(src, info.Size())
	edits, err := scan(w, format).plan(w, o)
	if err != nil {
		return err
	}
	return applyEdits(dst, src, info.Size(), edits)
}

// plan lists the edits that clean a picture, in order.
func (l *layout) plan(w *window, o cleanOptions) ([]edit, error) {
	edits, err := l.planRemoval(w, o)
	if err != nil {
		return nil, err
	}
	return sortEdits(append(l.planTrailing(), edits...)), nil
}

// planRemoval lists the edits that take metadata out of the picture itself.
func (l *layout) planRemoval(w *window, o cleanOptions) ([]edit, error) {
	if w.err != nil {
		return nil, w.err
	}
	if l.crowded() {
		return nil, vitrine.Errorf(vitrine.CodeDamaged, "The file holds more metadata than a picture can have use for: save it again without")
	}
	inPlace := l.format == vitrine.AVIF || l.format == vitrine.HEIC
	switch {
	case o.All && inPlace:
		return l.planBlank(w)
	case o.All:
		return l.planAll(w)
	case o.GPS && l.format == vitrine.PNG:
		return l.planPNG(w)
	case o.GPS:
		return l.planPosition(w)
	}
	return nil, nil
}

// planTrailing drops what stands after the end of the picture, and the index of
// the pictures that stood there.
func (l *layout) planTrailing() []edit {
	if !l.trailing() {
		return nil
	}
	edits := []edit{{span: span{l.end, l.size}}}
	for _, x := range l.extras {
		if x.name == nameMPF {
			edits = append(edits, edit{span: x.span})
		}
	}
	return edits
}

func (l *layout) trailing() bool { return l.end < l.size }

// planPosition corrects the blocks that hold a position in place.
func (l *layout) planPosition(w *window) ([]edit, error) {
	edits, err := l.planSigned(w)
	if err != nil {
		return nil, err
	}
	for _, b := range l.blocks {
		old, err := b.load(w)
		if err != nil {
			return nil, err
		}
		if old == nil { // more than anybody could look through
			edits = append(edits, b.wipe()...)
			continue
		}
		if changed := bytes.Clone(old); b.kind.removePosition(changed) {
			edits = append(edits, patches(b.spans, old, changed)...)
		}
	}
	return edits, nil
}

// load reads a block; nil if it is too large.
func (b block) load(w *window) ([]byte, error) {
	most := int64(maxCleaned)
	if b.kind == blockEXIF {
		most = maxEXIF
	}
	if lengthOf(b.spans) > most {
		return nil, nil
	}
	return w.load(b.spans)
}

// removePosition takes the position out of a block of the kind in place.
func (k blockKind) removePosition(b []byte) bool {
	switch k {
	case blockEXIF:
		return removePosition(b)
	case blockIRB:
		return cleanIRB(b)
	}
	return blankPosition(b)
}

// wipe overwrites a block as a whole: XMP with blanks, everything else with zeros.
func (b block) wipe() []edit {
	with := byte(0)
	if b.kind == blockXMP || b.kind == blockExtended {
		with = ' '
	}
	edits := make([]edit, 0, len(b.spans))
	for _, s := range b.spans {
		edits = append(edits, edit{span: s, fill: true, with: with})
	}
	return edits
}

// planSigned drops content credentials (C2PA) that name a position. They are
// signed, so they cannot be corrected, and no longer fit a changed file.
func (l *layout) planSigned(w *window) ([]edit, error) {
	var edits []edit
	named := false
	for _, x := range l.extras {
		if x.name != nameJUMBF && x.name != "caBX" {
			continue
		}
		edits = append(edits, edit{span: x.span})
		if x.length() > maxCleaned {
			named = true
			continue
		}
		b, err := w.load([]span{x.span})
		if err != nil {
			return nil, err
		}
		named = named || bytes.Contains(b, []byte("GPSL"))
	}
	if !named {
		return nil, nil
	}
	return edits, nil
}
