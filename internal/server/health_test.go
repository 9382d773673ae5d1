package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"vitrine/internal/server"
)

// TestReadyTellsDegradedFromDown: what is wrong is said in words, of which none is an
// address.
func TestReadyTellsDegradedFromDown(t *testing.T) {
	t.Parallel()
	good := func(context.Context) error { return nil }
	bad := func(context.Context) error { return errors.New("dial tcp 10.0.0.5:5432: secret") }
	for _, c := range []struct {
		name             string
		database, bucket func(context.Context) error
		status           int
		words, json      string
	}{
		{"all is well", good, good, 200, "ok\n", `"status":"ok"`},
		{"no storage", good, bad, 200, "degraded: the storage far does not answer\n", `"status":"degraded"`},
		{"no database", bad, good, 503, "not ready: the database does not answer\n", `"status":"down"`},
		{"nothing", bad, bad, 503, "not ready: the database does not answer; the storage far does not answer\n", `"ok":false`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, server.Config{Parts: []server.Part{
				{Name: "database", Vital: true, Check: c.database}, {Name: "storage far", Check: c.bucket},
			}})
			if got := s.do("GET", "/readyz", nil); got.StatusCode != c.status || got.body != c.words {
				t.Errorf("got %s %q", got.Status, got.body)
			}
			got := s.do("GET", "/readyz", map[string]string{"Accept": "application/json"})
			if got.StatusCode != c.status || !strings.Contains(got.body, c.json) || strings.Contains(got.body, "secret") || !json.Valid([]byte(got.body)) {
				t.Errorf("got %s %q", got.Status, got.body)
			}
		})
	}
}

// TestReadyIsBounded: a part that minds no context does not hold up the answer, nor
// one goroutine for each question.
func TestReadyIsBounded(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	asked := make(chan struct{}, 100)
	s := start(t, server.Config{Parts: []server.Part{{Name: "disk", Vital: true, Check: func(context.Context) error {
		asked <- struct{}{}
		<-end
		return nil
	}}}})
	for range 2 {
		began := time.Now()
		if got := s.do("GET", "/readyz", nil); got.StatusCode != http.StatusServiceUnavailable || got.body != "not ready: the disk does not answer\n" {
			t.Errorf("got %s %q", got.Status, got.body)
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("it took %s", took)
		}
		time.Sleep(1100 * time.Millisecond)
	}
	if len(asked) != 1 {
		t.Errorf("asked %d times while it hung", len(asked))
	}
	close(end)
	if got := s.do("GET", "/readyz", nil); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards: got %s %q", got.Status, got.body)
	}
}

func TestProfilesAreOnTheMetricsAddressOnly(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{MetricsListen: "127.0.0.1:0"})
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/goroutine?debug=1", "/debug/pprof/cmdline"} {
		resp, err := http.Get("http://" + s.s.MetricsAddr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: got %s", path, resp.Status)
		}
		if got := s.do("GET", path, nil); got.StatusCode != http.StatusNotFound {
			t.Errorf("the public listener shows %s: %s", path, got.Status)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}
