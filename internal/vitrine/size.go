package vitrine

import (
	"strconv"
	"strings"
)

// Size is a number of bytes. Units are decimal: 1 KB is 1000 bytes.
type Size int64

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}}

// ParseSize reads "20MB", "1.5 GB", "512kb" or a plain number of bytes.
func ParseSize(s string) (Size, error) {
	bad := Invalid("size", "Invalid size %q: write it like 20MB", s)
	t := strings.ToUpper(strings.TrimSpace(s))
	mul := int64(1)
	for _, u := range sizeUnits {
		if n, ok := strings.CutSuffix(t, u.name); ok {
			t, mul = strings.TrimSpace(n), u.bytes
			break
		}
	}
	f, err := strconv.ParseFloat(t, 64)
	if err != nil || !(f >= 0) || f*float64(mul) > 1e15 {
		return 0, bad
	}
	return Size(f * float64(mul)), nil
}

// String writes the size with one decimal and without a trailing ".0":
// "625 B", "1 KB", "53.2 KB", "3 MB".
func (s Size) String() string {
	for _, u := range sizeUnits[:len(sizeUnits)-1] {
		if int64(s) >= u.bytes {
			t := strconv.FormatFloat(float64(s)/float64(u.bytes), 'f', 1, 64)
			return strings.TrimSuffix(t, ".0") + " " + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + " B"
}

// exact writes the size in the largest unit that divides it, so that nothing is
// lost when it is read back.
func (s Size) exact() string {
	for _, u := range sizeUnits {
		if s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}
