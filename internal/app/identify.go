package app

import (
	"net/http"
	"net/netip"
	"strings"

	"vitrine/internal/vitrine"
	"vitrine/internal/web"
)

// Bounds of the cookie of passes.
const (
	maxPasses     = 20
	maxPassLength = 64 // bytes
)

// identify says who looks at pages: whoever is signed in, else a guest, with the
// passes that their browser keeps. What is wrong with a cookie makes a guest.
func (a *App) identify(r *http.Request) vitrine.Actor {
	actor := vitrine.Actor{Address: addressOf(r)}
	if len(r.Header["Cookie"]) == 0 {
		return actor
	}
	if c, err := r.Cookie(web.SessionCookie); err == nil {
		if known, _, err := a.Account.Session(r.Context(), c.Value, actor.Address); err == nil {
			actor = known
		}
	}
	if c, err := r.Cookie(web.PassesCookie); err == nil {
		actor.Passes = passesOf(c.Value)
	}
	return actor
}

// identifyFetcher says who asks for bytes: as identify, or the holder of the key
// in X-API-Key, so that programs can fetch what is private too.
func (a *App) identifyFetcher(r *http.Request) vitrine.Actor {
	if key := r.Header.Get("X-API-Key"); key != "" {
		if actor, err := a.Account.Authenticate(r.Context(), key, addressOf(r)); err == nil {
			return actor
		}
	}
	return a.identify(r)
}

// addressOf is the client's address, which the server has put in RemoteAddr.
func addressOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap()
}

// passesOf takes the cookie of passes apart.
func passesOf(value string) []string {
	var passes []string
	for pass := range strings.SplitSeq(value, ".") {
		if pass == "" || len(pass) > maxPassLength {
			continue
		}
		if passes = append(passes, pass); len(passes) == maxPasses {
			break
		}
	}
	return passes
}
