package media

import "encoding/binary"

// maxRounds is how often removePosition looks again. One round is enough for
// everything that is not made to deceive.
const maxRounds = 8

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
	var values []exifEntry
	changed, position := false, false
	walkEXIF(b, func(d exifDirectory) {
		if d.kind == dirGPS {
			gps = append(gps, d)
		} else {
			lists = append(lists, d)
		}
	}, func(e exifEntry) {
		switch {
		case e.dir == dirGPS:
			values = append(values, e)
			// A version alone tells no place.
			position = position || e.tag != 0 && e.count > 0
		case e.tag == tagXMP:
			changed = blankPosition(e.value) || changed
		case e.tag == tagIPTC:
			changed = blankCoordinates(e.value) || changed
		case e.tag == tagPhotoshop:
			changed = cleanIRB(e.value) || changed
		}
	})
	if !position {
		return changed
	}
	for _, e := range values {
		if len(e.value) > 4 {
			clear(e.value)
		}
	}
	for _, d := range gps {
		clear(b[d.at:min(d.end()+4, len(b))])
	}
	for _, d := range lists {
		dropEntries(b, d, tagGPSDirectory)
	}
	return true
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
