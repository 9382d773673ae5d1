package media

import "math/bits"

// ebmlIDLength is the number of bytes of an element id by its first byte, 1 to
// 4; 0 if there is no such id (RFC 8794, section 5).
func ebmlIDLength(first byte) int {
	if n := bits.LeadingZeros8(first) + 1; n <= 4 {
		return n
	}
	return 0
}

// ebmlSize reads an element's data size and tells how many bytes it took. The
// size is -1 where it is unknown (all bits set).
func ebmlSize(b []byte) (size int64, length int, ok bool) {
	if len(b) == 0 {
		return 0, 0, false
	}
	length = bits.LeadingZeros8(b[0]) + 1
	if length > 8 || length > len(b) {
		return 0, 0, false
	}
	size = int64(b[0]) & (1<<(8-length) - 1)
	for _, c := range b[1:length] {
		size = size<<8 | int64(c)
	}
	if size == 1<<(7*length)-1 {
		size = -1
	}
	return size, length, true
}
