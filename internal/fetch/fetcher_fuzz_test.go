package fetch_test

import (
	"context"
	"testing"

	"vitrine/internal/fetch"
)

// No text may panic, or get past the checks to a connection that is not refused.
func FuzzGet(f *testing.F) {
	for _, seed := range []string{"http://127.0.0.1/a.jpg?x=1", "https://[::1%25lo]:80/%2F..%00", "http://pics.example./", "http://xn--a/", "http://user@h/", "http://0x7f.1/", "//"} {
		f.Add(seed)
	}
	fetcher := fetch.New(fetch.Config{SelfHosts: []string{"pics.example"}})
	f.Fuzz(func(t *testing.T, raw string) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // nothing is resolved or connected to
		if resp, err := fetcher.Get(ctx, raw); err == nil {
			t.Errorf("%q: got %+v", raw, resp)
		}
	})
}
