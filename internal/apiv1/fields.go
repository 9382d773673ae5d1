package apiv1

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

const (
	maxParameters = 100       // of one body or query
	maxFieldBytes = 4 << 10   // of a parameter, if fieldBytes does not say otherwise
	maxURLBytes   = 8 << 10   // of a source that is a URL
	maxNameBytes  = 256       // of a parameter's name; longer ones are nobody's
	maxHeadBytes  = 32 << 10  // of the header of one part
	maxTextBytes  = 128 << 10 // of title and description
)

// fieldBytes are the parameters that are known, with the most bytes of each.
// Others are skipped.
var fieldBytes = map[string]int{
	"key": maxFieldBytes, "format": maxFieldBytes, "width": maxFieldBytes, "expiration": maxFieldBytes,
	"nsfw": maxFieldBytes, "album_id": maxFieldBytes, "category_id": maxFieldBytes, "use_file_date": maxFieldBytes,
	"tags": 4 * maxFieldBytes, "title": maxTextBytes, "name": maxTextBytes, "description": maxTextBytes,
}

// fields are the parameters of a request. The body wins over the query.
type fields struct{ body, query map[string]string }

// read stores one parameter, skipping unknown ones. Of two with the same name
// the last counts.
func (f *fields) read(into map[string]string, name string, r io.Reader) error {
	most, known := fieldBytes[name]
	if !known {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	var text bytes.Buffer
	n, err := text.ReadFrom(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return err
	}
	if n > int64(most) {
		return vitrine.Invalid("", "Invalid %s: at most %d bytes are accepted", name, most)
	}
	// What is not UTF-8, and NUL bytes, cannot be stored as text.
	into[name] = strings.ReplaceAll(strings.ToValidUTF8(text.String(), "\uFFFD"), "\x00", "")
	return nil
}

// get is a parameter's value, empty if it is not given: absent, empty or "0".
func (f *fields) get(name string) string {
	for _, m := range []map[string]string{f.body, f.query} {
		if v := m[name]; v != "" && v != "0" {
			return v
		}
	}
	return ""
}

// one reports whether a switch is on: a number that equals 1, as the original
// compares it, so that "1", "01" and "1.0" are and "yes" is not.
func (f *fields) one(name string) bool {
	n, ok := numeric(f.get(name))
	return ok && n == 1
}

// width is the target width, 0 if it is not given or no number; ignored reports
// the latter. It refuses numbers below 1.
func (f *fields) width() (pixels int, ignored bool, err error) {
	v := f.get("width")
	if v == "" {
		return 0, false, nil
	}
	n, ok := numeric(v)
	switch {
	case !ok:
		return 0, true, nil
	case n < 1:
		return 0, false, errGeometry
	}
	return int(min(n, math.MaxInt32)), false, nil
}

// format is how the answer is wanted.
type format string

const (
	formatJSON     format = "json"
	formatText     format = "txt"
	formatRedirect format = "redirect"
)

// format is the wanted format, JSON if it is not given or unknown; ignored
// reports the latter.
func (f *fields) format() (wanted format, ignored bool) {
	v := f.get("format")
	switch w := format(strings.ToLower(v)); w {
	case formatJSON, formatText, formatRedirect:
		return w, false
	}
	return formatJSON, v != ""
}

// numeric reads a decimal number with white space around it, in the forms that
// the original takes for numbers: sign, fraction, exponent.
func numeric(s string) (float64, bool) {
	s = strings.Trim(s, " \t\n\r\v\f")
	for i := range len(s) {
		if !strings.ContainsRune("0123456789+-.eE", rune(s[i])) {
			return 0, false // no hexadecimal, underscores, Inf or NaN
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(n, 0) {
		return 0, false
	}
	return n, true
}

// Format keeps secrets out of logs, whatever the verb.
func (f *fields) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "%d and %d parameters", len(f.body), len(f.query))
}
