package media

import (
	"bytes"
	"encoding/binary"
	"regexp"
)

// Photoshop's image resources that hold metadata of other kinds.
const (
	resourceIPTC  = 0x0404
	resourceEXIF1 = 0x0422
	resourceEXIF3 = 0x0423
	resourceXMP   = 0x0424
)

// eachResource visits the image resources of a block (Adobe Photoshop File
// Formats, "Image Resource Blocks"). The data is part of the block.
func eachResource(b []byte, visit func(id uint16, data []byte)) {
	for len(b) >= 12 && (string(b[:4]) == "8BIM" || string(b[:4]) == "MeSa" || string(b[:4]) == "PHUT") {
		id := binary.BigEndian.Uint16(b[4:])
		name := 1 + int(b[6])
		at := 6 + name + name&1
		if at+4 > len(b) {
			return
		}
		size := int64(binary.BigEndian.Uint32(b[at:]))
		at += 4
		if size > int64(len(b)-at) {
			return
		}
		visit(id, b[at:at+int(size)])
		b = b[min(at+int(size+size&1), len(b)):]
	}
}

// cleanIRB takes positions out of the image resources in place and reports
// whether there were any.
func cleanIRB(b []byte) (found bool) {
	eachResource(b, func(id uint16, data []byte) {
		changed := false
		switch id {
		case resourceIPTC:
			changed = blankCoordinates(data)
		case resourceEXIF1, resourceEXIF3:
			data = bytes.TrimPrefix(data, []byte(headEXIF))
			changed = removePosition(data)
		case resourceXMP:
			changed = blankPosition(data)
		}
		found = found || changed
	})
	return found
}

// coordinates is a text that is nothing but a place: two decimal degrees or
// ISO 6709.
var coordinates = regexp.MustCompile(`^\s*(?:[A-Za-z ]{0,12}[:=]\s*)?[-+]?\d{1,3}\.\d{2,}°?\s*[NS]?\s*[,;/ +-]\s*[-+]?\d{1,3}\.\d{2,}°?\s*[EW]?\b.*$`)

// blankCoordinates overwrites IPTC datasets that are coordinates with blanks. The
// standard has no field for them (IIM 4.2), so programs use those for places.
func blankCoordinates(b []byte) (found bool) {
	for len(b) >= 5 && b[0] == 0x1c {
		size := int(binary.BigEndian.Uint16(b[3:]))
		if size > len(b)-5 { // also the extended sizes, which begin with a one bit
			return found
		}
		if data := b[5 : 5+size]; b[1] == 2 && size <= 200 && coordinates.Match(data) {
			blank(data)
			found = true
		}
		b = b[5+size:]
	}
	return found
}
