package server_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"vitrine/internal/server"
)

// TestViewed: pages and files that somebody looks at count, balancers and uploads do not.
func TestViewed(t *testing.T) {
	t.Parallel()
	var views atomic.Int64
	s := start(t, server.Config{Viewed: func() { views.Add(1) }, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})})
	for _, r := range []struct {
		method, path string
		want         int64 // altogether
	}{
		{http.MethodGet, "/livez", 0}, {http.MethodGet, "/readyz", 0}, {http.MethodPost, "/api/1/upload", 0},
		{http.MethodGet, "/images/a.jpg", 1}, {http.MethodHead, "/images/a.jpg", 2}, {http.MethodPut, "/", 2},
	} {
		req, err := http.NewRequestWithContext(t.Context(), r.method, s.URL+r.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := views.Load(); got != r.want {
			t.Errorf("after %s %s: %d views, want %d", r.method, r.path, got, r.want)
		}
	}
}
