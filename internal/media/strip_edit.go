package media

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
)

// edit leaves out the bytes of a span and puts others there instead: those of
// put or, with fill, as many of one value.
type edit struct {
	span
	put  []byte
	fill bool
	with byte
}

// applyEdits copies a file to dst with the edits made. Bytes between them are
// copied by the kernel where both are files.
func applyEdits(dst io.Writer, src io.ReadSeeker, size int64, edits []edit) error {
	at := int64(0)
	for _, e := range append(edits, edit{span: span{size, size}}) {
		if e.start < at || e.end < e.start || e.end > size {
			return fmt.Errorf("edit of bytes %d to %d after %d", e.start, e.end, at)
		}
		if e.start > at {
			if _, err := src.Seek(at, io.SeekStart); err != nil {
				return fmt.Errorf("reading the original: %w", err)
			}
			if _, err := io.CopyN(dst, src, e.start-at); err != nil {
				return fmt.Errorf("copying the original: %w", err)
			}
		}
		if err := e.write(dst); err != nil {
			return fmt.Errorf("writing the copy: %w", err)
		}
		at = e.end
	}
	return nil
}

// write puts the new bytes of an edit.
func (e edit) write(dst io.Writer) error {
	if !e.fill {
		if len(e.put) == 0 {
			return nil
		}
		_, err := dst.Write(e.put)
		return err
	}
	piece := bytes.Repeat([]byte{e.with}, int(min(e.length(), windowSize)))
	for n := e.length(); n > 0; {
		k := min(n, int64(len(piece)))
		if _, err := dst.Write(piece[:k]); err != nil {
			return err
		}
		n -= k
	}
	return nil
}

// changes reports whether any of the edits would make the file another one.
func changes(w *window, edits []edit) bool {
	for _, e := range edits {
		if !e.fill && e.length() != int64(len(e.put)) {
			return true
		}
		for at := e.start; at < e.end; {
			old := w.peek(at, int(min(e.end-at, windowSize)))
			if len(old) == 0 {
				return true
			}
			if e.fill && bytes.Count(old, []byte{e.with}) != len(old) {
				return true
			}
			if !e.fill && !bytes.Equal(old, e.put[at-e.start:][:len(old)]) {
				return true
			}
			at += int64(len(old))
		}
	}
	return false
}

// sortEdits puts edits in order, and drops those inside an earlier one.
func sortEdits(edits []edit) []edit {
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	kept, at := edits[:0], int64(0)
	for _, e := range edits {
		if e.start >= at {
			kept = append(kept, e)
			at = e.end
		}
	}
	return kept
}

// patches are the edits that turn the old bytes of spans into new ones of the
// same length: one for each run that differs.
func patches(spans []span, old, changed []byte) []edit {
	const gap = 32 // equal bytes that two runs may have between them
	var edits []edit
	for _, s := range spans {
		n := int(s.length())
		a, b := old[:n], changed[:n]
		old, changed = old[n:], changed[n:]
		for i := 0; i < n; {
			if a[i] == b[i] {
				i++
				continue
			}
			end, equal := i+1, 0
			for j := i + 1; j < n && equal < gap; j++ {
				if equal++; a[j] != b[j] {
					end, equal = j+1, 0
				}
			}
			edits = append(edits, edit{span: span{s.start + int64(i), s.start + int64(end)}, put: bytes.Clone(b[i:end])})
			i = end
		}
	}
	return edits
}
