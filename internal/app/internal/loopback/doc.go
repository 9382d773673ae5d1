// Package loopback holds the one switch that only tests may turn: which
// addresses, though not public, uploads by URL may reach. It stands below app so
// that the compiler lets nobody but app and its apptest name it; no flag,
// variable or file leads here. Start reading at Allowance.
package loopback

import "net/netip"

// Allowance is the addresses that are treated as public. The zero value is none.
type Allowance struct{ Prefixes []netip.Prefix }

// All is the whole loopback network of both families.
func All() Allowance {
	return Allowance{Prefixes: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
}
