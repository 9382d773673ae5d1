package media

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strings"
)

// planPNG takes the position out of the chunks of a PNG file that may hold one:
// EXIF, an XMP packet, profiles in hexadecimal as ImageMagick writes them, and
// texts named after GPS. Chunks change with their check sum; those that cannot be
// read go.
func (l *layout) planPNG(w *window) ([]edit, error) {
	edits, err := l.planSigned(w)
	if err != nil {
		return nil, err
	}
	left := int64(maxCleaned) // of inflated text, for all chunks together
	for _, x := range l.extras {
		if x.name != "eXIf" && x.name != "iTXt" && x.name != "zTXt" && x.name != "tEXt" {
			continue
		}
		if x.length() > maxCleaned {
			edits = append(edits, edit{span: x.span})
			continue
		}
		chunk, err := w.load([]span{x.span})
		if err != nil {
			return nil, err
		}
		data := chunk[8 : len(chunk)-4]
		if x.name == "eXIf" {
			if removePosition(data) {
				edits = append(edits, edit{span: x.span, put: pngChunk(x.name, data)})
			}
			continue
		}
		if data, changed := cleanText(x.name, data, &left); changed {
			e := edit{span: x.span}
			if data != nil {
				e.put = pngChunk(x.name, data)
			}
			edits = append(edits, e)
		}
	}
	return edits, nil
}

// cleanText cleans a text chunk. It returns nil if the chunk must go. left is how
// much may still be inflated.
func cleanText(name string, data []byte, left *int64) (cleaned []byte, changed bool) {
	keyword, rest, ok := bytes.Cut(data, []byte{0})
	if !ok {
		return data, false
	}
	if isPosition(keyword) {
		return nil, true
	}
	profile, isProfile := strings.CutPrefix(strings.ToLower(string(keyword)), "raw profile type ")
	if !isProfile && string(keyword) != xmpKeyword {
		return data, false
	}
	head, text, packed, err := openText(name, rest, left)
	if err != nil {
		return nil, true
	}
	if isProfile {
		changed = cleanProfile(profile, text)
	} else {
		changed = blankPosition(text)
	}
	if !changed {
		return data, false
	}
	if packed {
		text = deflated(text)
	}
	cleaned = append(append(bytes.Clone(keyword), 0), head...)
	return append(cleaned, text...), true
}

var errText = errors.New("a text chunk makes no sense")

// openText splits what follows the keyword into its flags and the text, inflated
// if it is packed. The text is a copy or part of rest.
func openText(name string, rest []byte, left *int64) (head, text []byte, packed bool, err error) {
	switch name {
	case "tEXt":
		return nil, rest, false, nil
	case "zTXt":
		if len(rest) < 1 || rest[0] != 0 {
			return nil, nil, false, errText
		}
		text, err = inflated(rest[1:], left)
		return rest[:1], text, true, err
	}
	// iTXt: compression flag and method, language, translated keyword
	if len(rest) < 2 {
		return nil, nil, false, errText
	}
	end := 2
	for range 2 {
		k := bytes.IndexByte(rest[end:], 0)
		if k < 0 {
			return nil, nil, false, errText
		}
		end += k + 1
	}
	if rest[0] == 0 {
		return rest[:end], rest[end:], false, nil
	}
	text, err = inflated(rest[end:], left)
	return rest[:end], text, true, err
}

func inflated(b []byte, left *int64) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, errText
	}
	text, err := io.ReadAll(io.LimitReader(z, *left+1))
	if *left -= int64(len(text)); err != nil || *left < 0 {
		*left = max(*left, 0)
		return nil, errText
	}
	return text, nil
}

func deflated(text []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(text) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// cleanProfile cleans a profile in hexadecimal in place: an empty line, its name,
// its length, and the digits in lines.
func cleanProfile(kind string, text []byte) bool {
	digits := profileDigits(text)
	if digits < 0 {
		return false
	}
	var places []int // of the digits
	for i := digits; i < len(text); i++ {
		if unhex(text[i]) >= 0 {
			places = append(places, i)
		}
	}
	b := make([]byte, len(places)/2)
	for i := range b {
		b[i] = byte(unhex(text[places[2*i]])<<4 | unhex(text[places[2*i+1]]))
	}
	var changed bool
	switch body := bytes.TrimPrefix(b, []byte(headEXIF)); {
	case isTIFF(body):
		changed = removePosition(body)
	case bytes.HasPrefix(b, []byte("8BIM")):
		changed = cleanIRB(b)
	case kind == "iptc":
		changed = blankCoordinates(b)
	case kind == "xmp", kind == "app1":
		changed = blankPosition(b)
	}
	if changed {
		for i, c := range b {
			text[places[2*i]], text[places[2*i+1]] = "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15]
		}
	}
	return changed
}

// profileDigits finds where the digits begin, behind three line ends; -1 if
// there are none.
func profileDigits(text []byte) int {
	at := 0
	for range 3 {
		k := bytes.IndexByte(text[at:], '\n')
		if k < 0 {
			return -1
		}
		at += k + 1
	}
	return at
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
