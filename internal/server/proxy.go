package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// proxies finds the true client behind proxies that are trusted.
type proxies struct{ trusted []netip.Prefix }

// forwarding are the headers that only proxies may have set.
var forwarding = [...]string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-Ip", "Forwarded"}

// reveal writes the client's address and scheme into the request, removes the
// forwarding headers and returns the address. X-Forwarded-For goes before
// Forwarded: a proxy that speaks only the latter must remove the former.
func (p proxies) reveal(r *http.Request) netip.Addr {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	client := peer.Addr().Unmap().WithZone("")
	if err == nil && p.trusts(client) {
		hops, proto := hopsOf(r.Header)
		client = p.walk(client, hops)
		if proto == "http" || proto == "https" {
			scheme = proto
		}
	}
	if err == nil && client != peer.Addr() {
		r.RemoteAddr = netip.AddrPortFrom(client, peer.Port()).String()
	}
	r.URL.Scheme = scheme
	for _, name := range forwarding {
		delete(r.Header, name)
	}
	return client
}

// walk goes from the peer outwards, as far as trusted proxies tell the way. What
// cannot be read ends it.
func (p proxies) walk(client netip.Addr, hops []string) netip.Addr {
	for i := len(hops) - 1; i >= 0 && p.trusts(client); i-- {
		next, ok := parseHop(hops[i])
		if !ok {
			break
		}
		client = next
	}
	return client
}

func (p proxies) trusts(a netip.Addr) bool {
	for _, prefix := range p.trusted {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// hopsOf gives the addresses that the headers name, the client's end first, and
// the scheme that the outermost request had.
func hopsOf(h http.Header) (hops []string, proto string) {
	if lines := h["X-Forwarded-Proto"]; len(lines) > 0 {
		list := strings.Split(lines[len(lines)-1], ",")
		proto = strings.ToLower(strings.TrimSpace(list[len(list)-1]))
	}
	if lines := h["X-Forwarded-For"]; len(lines) > 0 {
		return strings.Split(strings.Join(lines, ","), ","), proto
	}
	for element := range strings.SplitSeq(strings.Join(h["Forwarded"], ","), ",") {
		hop := ""
		for pair := range strings.SplitSeq(element, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "for":
				hop = value
			case "proto":
				proto = strings.ToLower(value)
			}
		}
		hops = append(hops, hop)
	}
	return hops, proto
}

// parseHop reads "192.0.2.7", "192.0.2.7:80", "2001:db8::7" and "[2001:db8::7]:80".
func parseHop(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.Unmap().WithZone(""), true
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}
