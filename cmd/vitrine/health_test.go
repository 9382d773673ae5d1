package main_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	g := newGround(t, "sqlite")
	s := g.serve(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.url, "http://"), ":")
	if out := g.run(t, "health", "--listen", "0.0.0.0:"+port); out != "ok" {
		t.Errorf("printed %q", out)
	}
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "not ready: the database does not answer", http.StatusServiceUnavailable)
	}))
	t.Cleanup(ill.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, c := range []struct {
		name, listen, says string
		code               int
	}{
		{"not ready", ill.Listener.Addr().String(), "says 503: not ready: the database does not answer", 1},
		{"nobody there", gone.Listener.Addr().String(), "no server answers at 127.0.0.1:", 1},
		{"any port", "127.0.0.1:0", "port 0 is another one at each start", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if r := g.try(t, "", "health", "--listen", c.listen); r.code != c.code || !strings.Contains(r.err, c.says) {
				t.Errorf("code %d, printed %q", r.code, r.err)
			}
		})
	}
}
