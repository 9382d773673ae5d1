package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"vitrine/internal/fetch"
)

// A name answers with an allowed address first and with a forbidden one from
// then on. The second connection must not be made.
func TestRebinding(t *testing.T) {
	t.Parallel()
	var inner atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/first" {
			http.Redirect(w, r, "/second", http.StatusFound)
			return
		}
		inner.Add(1)
		fmt.Fprint(w, "secret")
	})
	allowed, port := listen(t, "127.0.0.2:0", handler)
	_, _ = listen(t, "127.0.0.3:"+port, handler)
	resolver := rebind(t, allowed, netip.MustParseAddr("127.0.0.3"))
	f := fetch.New(fetch.Config{Allow: []netip.Prefix{netip.PrefixFrom(allowed, 32)}, Resolver: resolver})

	_, err := f.Get(t.Context(), "http://rebind.example:"+port+"/first")
	if !errors.Is(err, fetch.ErrAddress) || inner.Load() != 0 {
		t.Errorf("got %v (%v), %d inner requests", err, fetch.Cause(err), inner.Load())
	}
	if _, err = f.Get(t.Context(), "http://rebind.example:"+port+"/second"); !errors.Is(err, fetch.ErrAddress) || inner.Load() != 0 {
		t.Errorf("later: got %v, %d inner requests", err, inner.Load())
	}
}

func listen(t *testing.T, address string, h http.Handler) (addr netip.Addr, port string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}}
	s.Start()
	t.Cleanup(s.Close)
	a := netip.MustParseAddrPort(l.Addr().String())
	return a.Addr(), fmt.Sprint(a.Port())
}

// rebind is a resolver on a real name server that gives the first address once.
func rebind(t *testing.T, first, then netip.Addr) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { pc.Close(); <-done })
	go func() {
		defer close(done)
		b, next := make([]byte, 1500), first
		for {
			n, from, err := pc.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: next.As4()},
				}}
				next = then
			}
			if out, err := m.Pack(); err == nil {
				_, _ = pc.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}
