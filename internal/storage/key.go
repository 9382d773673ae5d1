package storage

import (
	"strings"
	"unicode/utf8"
)

// The limits of keys in bytes: that of buckets for the whole key, and that of
// every common file system for one part of it.
const (
	maxKey  = 1024
	maxPart = 255
)

// ParseKey accepts relative paths such as "2026/11/21/sunset.th.jpg": valid
// UTF-8 of at most 1024 bytes, parts separated by single slashes, each of 1 to
// 255 bytes and not beginning with a dot, no backslash and no control
// character. Everything else is ErrKey. Keys come back unchanged.
func ParseKey(s string) (string, error) {
	if s == "" || len(s) > maxKey || !utf8.ValidString(s) {
		return "", ErrKey
	}
	for _, r := range s {
		if r < ' ' || r == '\\' || r >= 0x7f && r < 0xa0 {
			return "", ErrKey
		}
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || part[0] == '.' || len(part) > maxPart {
			return "", ErrKey
		}
	}
	return s, nil
}
