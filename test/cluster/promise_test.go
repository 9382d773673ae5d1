//go:build cluster

package cluster_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// promise is what nodes promise each other while nothing is broken.
type promise struct {
	name  string
	check func(t *testing.T)
}

// travelLimit is how long a change may take from one node to the others. They
// promise two seconds; the machine may be busy.
const travelLimit = 5 * time.Second

func (s *site) promises() []promise {
	return []promise{
		{"an upload is seen on other nodes at once", s.checkUpload},
		{"a deletion is seen on other nodes", s.checkDeletion},
		{"settings travel", s.checkSettings},
		{"bans travel", s.checkBans},
		{"a session works on every node until it is ended on one", func(t *testing.T) { s.checkSession(t, s.nodes[0], s.nodes[1]) }},
		{"wrong passwords count together", func(t *testing.T) { s.checkWrongPasswords(t, "nobody", s.nodes[0], s.nodes[1], s.nodes[2]) }},
		{"floods count together", s.checkFlood},
		{"a revoked key is refused everywhere", s.checkKey},
		{"a suspended user is refused everywhere", s.checkSuspended},
	}
}

func (s *site) checkUpload(t *testing.T) {
	for i, n := range s.nodes {
		f := s.mustUpload(t, n, s.key)
		other := s.nodes[(i+1)%nodeCount]
		for _, path := range []string{f.page, f.path, f.thumb, f.medium} {
			got, err := ask(t.Context(), http.MethodGet, other.url()+path, nil)
			if err != nil || got.status != http.StatusOK {
				t.Errorf("uploaded to %s, %s at %s: %s", n.name, path, other.name, statusOf(got, err))
			} else if path == f.path && sha256.Sum256(got.body) != f.digest {
				t.Errorf("uploaded to %s: other bytes at %s", n.name, other.name)
			}
		}
	}
}

func (s *site) checkDeletion(t *testing.T) {
	f := s.mustUpload(t, s.nodes[0], s.key)
	for _, n := range s.nodes { // which may remember it now
		if got, err := ask(t.Context(), http.MethodGet, n.url()+f.path, nil); err != nil || got.status != http.StatusOK {
			t.Errorf("%s: %s", n.name, statusOf(got, err))
		}
	}
	s.ledger.leave(f)
	if a, err := ask(t.Context(), http.MethodPost, s.nodes[1].url()+f.remove, nil, "Content-Type", "application/x-www-form-urlencoded"); err != nil || a.status != http.StatusOK {
		t.Fatalf("not deleted: %s", statusOf(a, err))
	}
	s.ledger.gone(f)
	s.everywhere(t, "a deleted file", func(n *node) error { return s.wantStatus(n, f.path, http.StatusNotFound) })
}

func (s *site) checkSettings(t *testing.T) {
	const name = "The cluster's name"
	s.vitrine(t, "", "settings", "set", "site_name", name)
	s.everywhere(t, "a new name of the site", func(n *node) error {
		a, err := ask(context.Background(), http.MethodGet, n.url()+"/api-v1", nil)
		if err == nil && !strings.Contains(string(a.body), "cluster") {
			err = fmt.Errorf("the page does not have it: %d", a.status)
		}
		return err
	})
}

func (s *site) checkBans(t *testing.T) {
	const from = "203.0.113.7"
	look := func(status int) func(n *node) error {
		return func(n *node) error { return s.wantStatus(n, "/api-v1", status, "X-Forwarded-For", from) }
	}
	s.everywhere(t, "nobody is banned", look(http.StatusOK))
	s.vitrine(t, "", "ban", "add", from)
	s.everywhere(t, "a ban", look(http.StatusForbidden))
	s.vitrine(t, "", "ban", "remove", from)
	s.everywhere(t, "the end of a ban", look(http.StatusOK))
}

// checkSession signs in on one node and out on the other.
func (s *site) checkSession(t *testing.T, in, out *node) {
	t.Helper()
	form := url.Values{"username": {"ann"}, "password": {password}}.Encode()
	a, err := ask(t.Context(), http.MethodPost, in.url()+"/login", strings.NewReader(form),
		"Content-Type", "application/x-www-form-urlencoded")
	if err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("%s: not signed in: %s", in.name, statusOf(a, err))
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	look := func(status int) func(n *node) error {
		return func(n *node) error { return s.wantStatus(n, "/settings", status, "Cookie", cookie) }
	}
	for _, n := range s.nodes { // at once, not within a while
		if err := look(http.StatusOK)(n); err != nil {
			t.Errorf("a session from %s at %s: %v", in.name, n.name, err)
		}
	}
	a, err = ask(t.Context(), http.MethodPost, out.url()+"/logout", nil, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie)
	if err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("%s: not signed out: %s", out.name, statusOf(a, err))
	}
	s.everywhere(t, "a session that was ended", look(http.StatusSeeOther))
}

// checkWrongPasswords tries ten wrong ones on nodes in turn: the eleventh is refused
// by each.
func (s *site) checkWrongPasswords(t *testing.T, name string, nodes ...*node) {
	t.Helper()
	const from = "192.0.2.250"
	form := url.Values{"username": {name}, "password": {"wrong"}}.Encode()
	try := func(n *node) int {
		a, err := ask(t.Context(), http.MethodPost, n.url()+"/login", strings.NewReader(form),
			"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", from)
		if err != nil {
			t.Fatal(err)
		}
		return a.status
	}
	for i := range 10 {
		if got := try(nodes[i%len(nodes)]); got != http.StatusUnauthorized {
			t.Errorf("wrong password %d at %s: %d", i+1, nodes[i%len(nodes)].name, got)
		}
	}
	for _, n := range nodes {
		if got := try(n); got != http.StatusTooManyRequests {
			t.Errorf("the eleventh wrong password at %s: %d", n.name, got)
		}
	}
}

// checkFlood lets one address upload to all nodes, first at the same moment: no more
// than it may.
// checkFlood lets one address upload to all nodes in turn, no more than it may, and
// another to all at the same moment: what is on its way counts only on the node that
// has it, so that each node may let as many through as there may be in all.
func (s *site) checkFlood(t *testing.T) {
	const most = 4
	s.vitrine(t, "", "settings", "set", "flood_minute", fmt.Sprint(most))
	s.vitrine(t, "", "settings", "set", "flood_protection", "on")
	time.Sleep(2500 * time.Millisecond) // until every node knows
	defer func() {
		s.vitrine(t, "", "settings", "set", "flood_protection", "off")
		s.vitrine(t, "", "settings", "reset", "flood_minute")
		time.Sleep(2500 * time.Millisecond)
	}()
	const tries = 3 * most
	begin, accepted := time.Now(), 0
	for i := range tries {
		if s.floodUpload(t, s.nodes[i%nodeCount], "192.0.2.76") {
			accepted++
		}
	}
	if took := time.Since(begin); accepted != most && took < 50*time.Second {
		t.Errorf("%d uploads in turn within %v were accepted, %d may be", accepted, took, most)
	}
	results := make(chan bool)
	for i := range tries * nodeCount {
		go func() { results <- s.floodUpload(t, s.nodes[i%nodeCount], "192.0.2.77") }() // ends when its result is taken
	}
	accepted = 0
	for range tries * nodeCount {
		if <-results {
			accepted++
		}
	}
	if accepted > most*nodeCount {
		t.Errorf("%d uploads at once were accepted, %d may be", accepted, most*nodeCount)
	}
	for _, n := range s.nodes {
		if s.floodUpload(t, n, "192.0.2.77") && time.Since(begin) < 50*time.Second {
			t.Errorf("%s accepts more", n.name)
		}
	}
}

// floodUpload uploads from an address, and reports whether it was accepted.
func (s *site) floodUpload(t *testing.T, n *node, from string) bool {
	title := s.ledger.title()
	a, digest, err := s.send(t, n, s.key, title, "X-Forwarded-For", from)
	switch {
	case err != nil:
		t.Error(err)
	case a.status == http.StatusOK:
		f, err := readFile(title, a.body)
		if err != nil {
			t.Error(err)
			return true
		}
		f.digest = digest
		s.ledger.note(title, acknowledged, f)
		return true
	case a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") != "":
		s.ledger.note(title, refused, nil)
	default:
		t.Errorf("an upload too much: %d %s", a.status, a.body)
	}
	return false
}

func (s *site) checkKey(t *testing.T) {
	key := s.vitrine(t, "", "key", "create", "--user", "ann", "--name", "short-lived")
	for _, n := range s.nodes {
		s.mustUpload(t, n, key)
	}
	s.vitrine(t, "", "key", "revoke", strings.Split(key, "_")[1])
	s.everywhere(t, "a revoked key", s.refuses(t, key))
}

func (s *site) checkSuspended(t *testing.T) {
	s.vitrine(t, password, "user", "create", "--username", "bob", "--email", "bob@example.org", "--password-stdin")
	key := s.vitrine(t, "", "key", "create", "--user", "bob")
	for _, n := range s.nodes {
		s.mustUpload(t, n, key)
	}
	s.vitrine(t, "", "user", "suspend", "bob")
	s.everywhere(t, "the key of a suspended user", s.refuses(t, key))
}

// refuses tries a key at a node, which must refuse it.
func (s *site) refuses(t *testing.T, key string) func(n *node) error {
	return func(n *node) error {
		title := s.ledger.title()
		a, digest, err := s.send(t, n, key, title)
		if err != nil {
			return err
		}
		if a.status == http.StatusOK {
			if f, err := readFile(title, a.body); err == nil {
				f.digest = digest
				s.ledger.note(title, acknowledged, f)
			}
			return fmt.Errorf("%s takes it", n.name)
		}
		s.ledger.note(title, refused, nil)
		return nil
	}
}

// everywhere waits until every node does what fn wants, which must not take long.
func (s *site) everywhere(t *testing.T, what string, fn func(n *node) error) {
	t.Helper()
	start := time.Now()
	for _, n := range s.nodes {
		if err := waitFor(time.Until(start.Add(travelLimit)), func() error { return fn(n) }); err != nil {
			t.Errorf("%s: %s after %v: %v", what, n.name, time.Since(start).Round(time.Millisecond), err)
		}
	}
}

func (s *site) wantStatus(n *node, path string, status int, headers ...string) error {
	a, err := ask(context.Background(), http.MethodGet, n.url()+path, nil, headers...)
	if err == nil && a.status != status {
		err = fmt.Errorf("%s: %d, not %d", path, a.status, status)
	}
	return err
}
