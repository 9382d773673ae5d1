package vitrine

import (
	"regexp"
	"strings"
)

// SplitKey cuts the key of a stored object, such as "2026/11/21/sunset.th.jpg", into
// folder, base name and extension.
func SplitKey(key string) (folder, name, ext string, ok bool) {
	name = key
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		folder, name = key[:i], key[i+1:]
		if folder == "" {
			return "", "", "", false // "/name.jpg" is not "name.jpg"
		}
	}
	i := strings.LastIndexByte(name, '.')
	if i < 1 || i == len(name)-1 {
		return "", "", "", false
	}
	return folder, name[:i], name[i+1:], true
}

// SplitVariantName cuts "name.th" into name and kind.
func SplitVariantName(name string) (base string, kind VariantKind, ok bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 1 {
		return "", "", false
	}
	switch kind = VariantKind(name[i+1:]); kind {
	case Thumb, Medium, Frame:
		return name[:i], kind, true
	}
	return "", "", false
}

var ownKey = regexp.MustCompile(`^(?:[0-9]{4}/[0-9]{2}/[0-9]{2}/)?[A-Za-z0-9_.-]+\.[a-z0-9]+$`)

// IsOwnKey reports whether we would give an object this key. What has another is not
// ours, and never touched.
func IsOwnKey(key string) bool {
	_, _, ext, ok := SplitKey(key)
	if !ok || !ownKey.MatchString(key) {
		return false
	}
	_, known := FormatOfExtension(ext)
	return known
}

// Object is one of the objects that a file has in its storage.
type Object struct {
	Variant VariantKind // empty: the original
	Key     string
	Size    int64 // bytes, as the row says
	MIME    string
}

// Objects are the original and every variant that exists.
func (f *File) Objects() []Object {
	list := []Object{{Key: f.Key(), Size: f.Size, MIME: f.Format.MIME()}}
	for _, k := range []VariantKind{Thumb, Medium, Frame} {
		if v := f.Variant(k); v.Exists() {
			list = append(list, Object{Variant: k, Key: f.VariantKey(k), Size: v.Size, MIME: f.VariantFormat().MIME()})
		}
	}
	return list
}
