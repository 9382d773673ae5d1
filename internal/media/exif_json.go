package media

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The bounds of the JSON text, which goes into a row and into answers.
const (
	maxEXIFValues = 256  // names
	maxEXIFList   = 16   // numbers of one value; longer lists are curves and matrices
	maxEXIFText   = 2000 // characters of one value
)

// jsonEXIF writes an EXIF block as a JSON object whose leaves are strings: numbers
// in decimal, rationals as "14/5" without reducing them, several numbers as a
// list. Positions, maker notes, thumbnails, foreign blocks and pointers are left
// out. Width and height are those of the picture as stored; 0 leaves them out.
// Empty if the block says nothing at all.
func jsonEXIF(b []byte, width, height int) string {
	o := object{seen: make(map[string]bool)}
	var computed []exifEntry
	walkEXIF(b, nil, func(e exifEntry) {
		name := exifNames[e.tag]
		switch e.dir {
		case dirMain, dirCamera:
		case dirInterop:
			name = interopNames[e.tag]
		default:
			return
		}
		if name == "" || len(o.seen) >= maxEXIFValues {
			return
		}
		if v := e.show(); v != nil {
			o.add(name, v)
		}
		if e.tag == tagFNumber {
			computed = append(computed, e)
		}
	})
	if len(o.seen) == 0 {
		return ""
	}
	if width > 0 && height > 0 {
		o.add("COMPUTED", computedEXIF(computed, width, height))
		o.add("width", strconv.Itoa(width))
		o.add("height", strconv.Itoa(height))
	}
	return o.String()
}

const tagFNumber = 0x829d

// computedEXIF is the section of the same name that clients of the protocol know.
func computedEXIF(apertures []exifEntry, width, height int) any {
	c := map[string]string{
		"html":   fmt.Sprintf(`width="%d" height="%d"`, width, height),
		"Width":  strconv.Itoa(width),
		"Height": strconv.Itoa(height),
	}
	for _, e := range apertures {
		if f := e.float(); f > 0 && f < 1000 {
			c["ApertureFNumber"] = fmt.Sprintf("f/%.1f", f)
		}
	}
	return c
}

// object is a JSON object that keeps the order of its names; the first value of
// a name stays.
type object struct {
	buf  bytes.Buffer
	seen map[string]bool
}

func (o *object) add(name string, v any) {
	if o.seen[name] {
		return
	}
	o.seen[name] = true
	if o.buf.Len() > 0 {
		o.buf.WriteByte(',')
	}
	o.encode(name)
	o.buf.WriteByte(':')
	o.encode(v)
}

func (o *object) encode(v any) {
	enc := json.NewEncoder(&o.buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // strings, lists and maps of strings cannot fail
	o.buf.Truncate(o.buf.Len() - 1)
}

func (o *object) String() string { return "{" + o.buf.String() + "}" }

// show is the value as a string or a list of strings; nil if it is not worth
// showing.
func (e exifEntry) show() any {
	if e.count == 0 {
		return nil
	}
	switch {
	case e.tag >= tagXPTitle && e.tag <= tagXPSubject:
		return notEmpty(utf16Text(e.value, false))
	case e.tag == tagUserComment:
		return notEmpty(e.comment())
	case e.typ == typeASCII:
		return notEmpty(legibleText(e.value, maxEXIFText))
	case e.typ == typeUndefined, e.typ == typeByte && e.count > 1:
		if len(e.value) > maxEXIFList {
			return nil
		}
		return latin1(e.value)
	}
	if e.count > maxEXIFList {
		return nil
	}
	list := make([]string, e.count)
	for i := range list {
		list[i] = e.number(i)
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func notEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// number writes the i-th number of the value.
func (e exifEntry) number(i int) string {
	v := e.value[i*typeSize[e.typ]:]
	switch e.typ {
	case typeByte:
		return strconv.Itoa(int(v[0]))
	case typeSByte:
		return strconv.Itoa(int(int8(v[0])))
	case typeShort:
		return strconv.Itoa(int(e.order.Uint16(v)))
	case typeSShort:
		return strconv.Itoa(int(int16(e.order.Uint16(v))))
	case typeLong, typeIFD:
		return strconv.FormatUint(uint64(e.order.Uint32(v)), 10)
	case typeSLong:
		return strconv.Itoa(int(int32(e.order.Uint32(v))))
	case typeRational:
		return fmt.Sprintf("%d/%d", e.order.Uint32(v), e.order.Uint32(v[4:]))
	case typeSRational:
		return fmt.Sprintf("%d/%d", int32(e.order.Uint32(v)), int32(e.order.Uint32(v[4:])))
	case typeFloat:
		return strconv.FormatFloat(float64(math.Float32frombits(e.order.Uint32(v))), 'g', -1, 32)
	case typeDouble:
		return strconv.FormatFloat(math.Float64frombits(e.order.Uint64(v)), 'g', -1, 64)
	}
	return ""
}

// float is the first number of a rational value; 0 for others.
func (e exifEntry) float() float64 {
	if e.typ != typeRational || len(e.value) < 8 || e.order.Uint32(e.value[4:]) == 0 {
		return 0
	}
	return float64(e.order.Uint32(e.value)) / float64(e.order.Uint32(e.value[4:]))
}

// comment reads UserComment: eight bytes name the character set.
func (e exifEntry) comment() string {
	if len(e.value) < 8 {
		return ""
	}
	text := e.value[8:]
	switch {
	case string(e.value[:8]) == "UNICODE\x00":
		return utf16Text(text, e.order.Uint16([]byte{0, 1}) == 1)
	case string(e.value[:4]) == "JIS\x00":
		return ""
	}
	return legibleText(text, maxEXIFText)
}

// utf16Text reads UTF-16 up to a zero, in the order that a byte order mark says,
// else as given.
func utf16Text(b []byte, bigEndian bool) string {
	if len(b) >= 2 && (b[0] == 0xfe && b[1] == 0xff || b[0] == 0xff && b[1] == 0xfe) {
		bigEndian, b = b[0] == 0xfe, b[2:]
	}
	var units []uint16
	for i := 0; i+1 < len(b) && len(units) < maxEXIFText; i += 2 {
		u := uint16(b[i]) | uint16(b[i+1])<<8
		if bigEndian {
			u = u<<8 | u>>8
		}
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return legibleText([]byte(string(utf16.Decode(units))), maxEXIFText)
}

// latin1 shows bytes as the characters of the same numbers, as versions and codes
// are shown: "0232", or "\u0001".
func latin1(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}
