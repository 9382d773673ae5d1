package vitrine

import (
	"net/netip"
	"strings"
	"time"
)

// Ban keeps an address, or a range of them, out of the site.
type Ban struct {
	ID        int64
	Prefix    netip.Prefix // an address is a prefix of full length
	Message   string       // shown to the banned; empty: the usual text
	ExpiresAt time.Time    // zero: never
	CreatedAt time.Time
}

// BanMessage is the text for bans without one of their own.
const BanMessage = "You have been forbidden to use this website."

// Text is the ban's message, or the usual one.
func (b *Ban) Text() string {
	if b.Message != "" {
		return b.Message
	}
	return BanMessage
}

// Matches reports whether the ban keeps this address out at the instant.
func (b *Ban) Matches(a netip.Addr, now time.Time) bool {
	return b.Prefix.Contains(a.Unmap()) && (b.ExpiresAt.IsZero() || now.Before(b.ExpiresAt))
}

// ParseBan reads an address ("192.0.2.7"), a CIDR prefix ("192.0.2.0/24") or an
// IPv4 address with stars at its end ("192.0.*.*").
func ParseBan(s string) (netip.Prefix, error) {
	s = strings.TrimSpace(s)
	bad := Invalid("address", "Invalid address %q: write 192.0.2.7, 192.0.2.0/24 or 192.0.2.*", s)
	if strings.Contains(s, "*") {
		parts, bits := strings.Split(s, "."), 32
		if len(parts) != 4 {
			return netip.Prefix{}, bad
		}
		for i := 3; i >= 0 && parts[i] == "*"; i-- {
			parts[i], bits = "0", bits-8
		}
		s = strings.Join(parts, ".")
		a, err := netip.ParseAddr(s)
		if err != nil || bits == 0 {
			return netip.Prefix{}, bad
		}
		return netip.PrefixFrom(a, bits), nil
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 { // ::ffff:192.0.2.0/120 is 192.0.2.0/24
			p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
		}
		if p.Bits() == 0 {
			return netip.Prefix{}, Invalid("address", "Invalid address %q: that would keep everybody out", s)
		}
		return p.Masked(), nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, bad
	}
	a = a.Unmap()
	return netip.PrefixFrom(a, a.BitLen()), nil
}
