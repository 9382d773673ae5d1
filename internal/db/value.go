package db

import (
	"encoding/hex"
	"net/netip"
	"time"
)

// micros is how an instant is kept: microseconds since 1970 in UTC, 0 for the zero
// Time. The very instant 1970-01-01 00:00:00 is moved by a microsecond, so that a
// camera without a clock does not lose its date.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	if m := t.UnixMicro(); m != 0 {
		return m
	}
	return 1
}

func instant(m int64) time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(m).UTC()
}

// addressBytes is how an address is kept: its 4 or 16 bytes, none if unknown, so that
// equal addresses are equal however they were written. IPv4 in IPv6 is IPv4.
func addressBytes(a netip.Addr) []byte {
	if !a.IsValid() {
		return []byte{}
	}
	return a.Unmap().AsSlice()
}

func address(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}

// digestBytes is how a hex digest is kept; false if it is not one.
func digestBytes(digest string) ([]byte, bool) {
	b, err := hex.DecodeString(digest)
	return b, err == nil && len(b) > 0
}
