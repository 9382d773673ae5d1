package media

import (
	"encoding/binary"
	"slices"
)

// maxRounds is how often removePosition looks again. One round is enough for
// everything that is not made to deceive.
const maxRounds = 8

// maxForeign is how many packets of other kinds in an EXIF block are looked
// through; there is one of a kind, at most.
const maxForeign = 8

// removePosition takes the position out of an EXIF block in place and reports
// whether there was one. The pointer to the GPS directory leaves the list that it
// stands in, the directory and its values become zeros, and packets inside the
// block (XMP, IPTC) lose theirs; all other entries keep their places and values. A
// block that still shows a position after some rounds becomes zeros as a whole.
func removePosition(b []byte) bool {
	found := false
	for range maxRounds {
		if !removePositionOnce(b) {
			return found
		}
		found = true
	}
	clear(b)
	return true
}

func removePositionOnce(b []byte) bool {
	var gps, lists []exifDirectory
	var values, others []exifEntry
	changed, position, foreign := false, false, 0
	walkEXIF(b, func(d exifDirectory) {
		if d.kind == dirGPS {
			gps = append(gps, d)
		} else {
			lists = append(lists, d)
		}
	}, func(e exifEntry) {
		if e.dir != dirGPS {
			others = append(others, e)
		}
		switch {
		case e.dir == dirGPS:
			values = append(values, e)
			// A version alone tells no place.
			position = position || e.tag != 0 && e.count > 0
		case e.tag == tagXMP || e.tag == tagIPTC || e.tag == tagPhotoshop:
			if foreign++; foreign <= maxForeign {
				changed = cleanForeign(e) || changed
			}
		}
	})
	if !position {
		return changed
	}
	for _, e := range values {
		if len(e.value) > 4 && !overlaps(e, others) {
			clear(e.value)
		}
	}
	for _, d := range gps {
		clear(b[d.at:d.end()])
	}
	for _, d := range lists {
		dropEntries(b, d, tagGPSDirectory)
	}
	return true
}

// overlaps reports whether a value lies where another entry has its own: some
// programs write equal values once.
func overlaps(e exifEntry, others []exifEntry) bool {
	return slices.ContainsFunc(others, func(o exifEntry) bool {
		return len(o.value) > 4 && e.from < o.from+len(o.value) && o.from < e.from+len(e.value)
	})
}

// cleanForeign takes the position out of a packet of another kind.
func cleanForeign(e exifEntry) bool {
	switch e.tag {
	case tagXMP:
		return blankPosition(e.value)
	case tagIPTC:
		return blankCoordinates(e.value)
	}
	return cleanIRB(e.value)
}

// dropEntries takes the entries with the tag out of a list: the later ones move
// up, and the pointer to the next directory with them.
func dropEntries(b []byte, d exifDirectory, tag uint16) {
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	// Hostile blocks let directories overlap: trust nothing that was read before.
	count := min(int(order.Uint16(b[d.at:])), d.count)
	for i := 0; i < count; {
		at := d.entry(i)
		if order.Uint16(b[at:]) != tag {
			i++
			continue
		}
		end := min(d.entry(count)+4, len(b))
		copy(b[at:end], b[at+12:end])
		clear(b[end-12 : end])
		count--
		order.PutUint16(b[d.at:], uint16(count))
	}
}
