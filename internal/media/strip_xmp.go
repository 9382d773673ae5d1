package media

import (
	"bytes"
	"strings"
)

// positionNames are the properties that hold a place beside those that begin with
// GPS: drones and W3C's basic geo vocabulary.
var positionNames = map[string]bool{
	"latitude": true, "longitude": true, "longtitude": true, "lat": true, "long": true, "lon": true,
	"absolutealtitude": true, "iso6709": true, "location.iso6709": true,
}

// maxEndless is how many elements without an end are looked for one: each search
// goes to the end of the packet.
const maxEndless = 64

// isPosition reports whether a property, "exif:GPSLatitude", holds a position.
func isPosition(name []byte) bool {
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if len(name) < 3 || len(name) > 40 {
		return false
	}
	s := strings.ToLower(string(name))
	return strings.HasPrefix(s, "gps") || positionNames[s]
}

// blankPosition overwrites the properties of an XMP packet that hold a position
// with blanks, as attributes and as elements with all that is in them, and reports
// whether there were any. Nothing else changes, and no offset does. It reads XML
// loosely, so that packets with faults are cleaned, too.
func blankPosition(packet []byte) bool {
	if wide(packet) {
		return blankWide(packet)
	}
	found, endless := false, 0
	for at := 0; ; {
		k := bytes.IndexByte(packet[at:], '<')
		if k < 0 {
			return found
		}
		at += k
		switch rest := packet[at:]; {
		case bytes.HasPrefix(rest, []byte("<!--")):
			at += after(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			at += after(rest, "]]>")
		case bytes.HasPrefix(rest, []byte("<?")):
			at += after(rest, "?>")
		case bytes.HasPrefix(rest, []byte("</")), bytes.HasPrefix(rest, []byte("<!")):
			at += after(rest, ">")
		default:
			n, blanked, ends := blankTag(rest)
			at, found = at+n, found || blanked
			if !ends {
				endless++
			}
			if endless > maxEndless { // no program wrote this
				blank(packet[at:])
				return true
			}
		}
	}
}

// after tells where the text behind the first mark begins; the end if there is
// none.
func after(b []byte, mark string) int {
	if i := bytes.Index(b, []byte(mark)); i >= 0 {
		return i + len(mark)
	}
	return len(b)
}

// blankTag cleans a start tag at the beginning of b, and tells how long the part
// is that needs no more looking at, and whether what had to end did.
func blankTag(b []byte) (length int, found, ends bool) {
	i := 1
	for i < len(b) && !endsName(b[i]) {
		i++
	}
	name := b[1:i]
	if isPosition(name) {
		n, ends := elementLength(b, name)
		blank(b[:n])
		return n, true, ends
	}
	for i < len(b) && b[i] != '>' {
		if endsName(b[i]) {
			i++
			continue
		}
		if b[i] == '<' { // the tag never ended
			return i, found, true
		}
		start := i
		for i < len(b) && !endsName(b[i]) {
			i++
		}
		name := b[start:i]
		i = skipValue(b, i)
		if isPosition(name) {
			blank(b[start:i])
			found = true
		}
	}
	return min(i+1, len(b)), found, true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func endsName(c byte) bool {
	return isSpace(c) || c == '/' || c == '>' || c == '=' || c == '"' || c == '\''
}

// skipValue jumps over an equals sign and a quoted value, if they come next.
func skipValue(b []byte, i int) int {
	j := i
	for j < len(b) && isSpace(b[j]) {
		j++
	}
	if j >= len(b) || b[j] != '=' {
		return i
	}
	for j++; j < len(b) && isSpace(b[j]); j++ {
	}
	if j >= len(b) || b[j] != '"' && b[j] != '\'' {
		return min(j, len(b))
	}
	if k := bytes.IndexByte(b[j+1:], b[j]); k >= 0 {
		return j + 1 + k + 1
	}
	return len(b)
}

// elementLength is the length of the element at the beginning of b with its end
// tag. An element that never ends goes up to the next tag.
func elementLength(b, name []byte) (length int, ends bool) {
	open := after(b, ">")
	if open >= 2 && b[open-2] == '/' {
		return open, true
	}
	end := append(append([]byte("</"), name...), '>')
	if k := bytes.Index(b[open:], end); k >= 0 {
		return open + k + len(end), true
	}
	if k := bytes.IndexByte(b[1:], '<'); k >= 0 {
		return 1 + k, false
	}
	return len(b), false
}

func blank(b []byte) {
	for i := range b {
		b[i] = ' '
	}
}

// wide reports whether a packet is in UTF-16 or UTF-32, which no known program
// writes but the standard allows: every other byte or more is zero.
func wide(packet []byte) bool {
	head := packet[:min(len(packet), 64)]
	return len(head) >= 8 && bytes.Count(head, []byte{0}) >= len(head)/3
}

// blankWide blanks a wide packet as a whole if it names a position.
func blankWide(packet []byte) bool {
	narrow := strings.ToLower(string(bytes.ReplaceAll(packet, []byte{0}, nil)))
	if !strings.Contains(narrow, "gps") && !strings.Contains(narrow, "latitude") && !strings.Contains(narrow, ":lat") {
		return false
	}
	blank(packet)
	return true
}
