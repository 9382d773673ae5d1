//go:build cluster

package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app"
)

// wrongClock runs the last node for a while with a clock that is wrong, and looks
// whether it does harm to what the others do.
func (s *site) wrongClock(t *testing.T, wrong time.Duration) {
	n, other := s.nodes[2], s.nodes[0]
	if err := n.stop(); err != nil {
		t.Errorf("%s stopped with %v", n.name, err)
	}
	n.startAt(t, wrong)
	s.checkExpiry(t, other, n)
	s.checkExpiry(t, n, other)
	s.checkPurge(t, wrong)
	s.checkWrongPasswords(t, "clock"+wrong.String(), other, n)
	s.checkSession(t, other, n)
	s.checkSession(t, n, other)
	time.Sleep(2 * time.Second)
	if err := n.stop(); err != nil {
		t.Errorf("%s stopped with %v", n.name, err)
	}
	n.start(t)
}

// checkExpiry uploads a file that expires in half an hour to one node: the other
// must show it meanwhile.
func (s *site) checkExpiry(t *testing.T, taker, shower *node) *file {
	t.Helper()
	f := s.mustUpload(t, taker, s.key, "expiration", "PT30M")
	for _, n := range []*node{taker, shower} {
		if got, err := ask(t.Context(), http.MethodGet, n.url()+f.path, nil); err != nil || got.status != http.StatusOK {
			t.Errorf("a file for half an hour, uploaded to %s, at %s: %s", taker.name, n.name, statusOf(got, err))
		}
	}
	return f
}

// checkPurge lets somebody with a wrong clock delete what has expired: a file with
// half an hour to go must stay.
func (s *site) checkPurge(t *testing.T, wrong time.Duration) {
	t.Helper()
	f := s.mustUpload(t, s.nodes[0], s.key, "expiration", "PT30M")
	c := s.app.Config
	c.Clock = func() time.Time { return time.Now().Add(wrong) }
	a, err := app.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := a.Catalog.PurgeExpired(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := ask(t.Context(), http.MethodGet, s.nodes[1].url()+f.path, nil); err != nil || got.status != http.StatusOK {
		t.Errorf("a file with half an hour to go after a purge by a clock that is wrong by %v: %s", wrong, statusOf(got, err))
	}
}

// mustUpload uploads a picture to a node, which must succeed, and writes it into
// the ledger. Fields are pairs of name and value.
func (s *site) mustUpload(t testing.TB, n *node, key string, fields ...string) *file {
	t.Helper()
	title := s.ledger.title()
	a, digest, err := s.send(t, n, key, title, fields...)
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("%s: not uploaded: %s", n.name, statusOf(a, err))
	}
	f, err := readFile(title, a.body)
	if err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	f.digest = digest
	s.ledger.note(title, acknowledged, f)
	return f
}

// send uploads a picture to a node.
func (s *site) send(t testing.TB, n *node, key, title string, fields ...string) (*answer, [32]byte, error) {
	t.Helper()
	l := &load{site: s, t: t}
	body, contentType, digest, err := l.form(title)
	if err != nil {
		t.Fatal(err)
	}
	headers := []string{"Content-Type", contentType, "X-API-Key", key}
	query := ""
	for i := 0; i+1 < len(fields); i += 2 {
		if strings.HasPrefix(fields[i], "X-") {
			headers = append(headers, fields[i], fields[i+1])
			continue
		}
		query += fmt.Sprintf("&%s=%s", fields[i], fields[i+1])
	}
	a, err := ask(context.Background(), http.MethodPost, n.url()+"/api/1/upload?"+query, bytes.NewReader(body.Bytes()), headers...)
	return a, digest, err
}
