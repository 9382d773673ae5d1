package cluster_test

import (
	"math/rand/v2"
	"testing"
	"time"
)

// warmUp uploads and views without any fault, so that what nodes have open at rest
// is known, and viewers have something to see.
func (s *site) warmUp(t *testing.T) {
	t.Helper()
	l := s.startLoad(t, false)
	l.enough()
	l.stop()
	quiet := fault{name: "none", upload: 20 * time.Second, view: 5 * time.Second}
	l.check(quiet)
	lost, left := s.audit(t, true)
	s.rows = append(s.rows, row{fault: quiet, load: l, lost: lost, left: left})
}

// killOne kills a node in the middle of its work and starts it again a moment
// later.
func (s *site) killOne(t *testing.T) {
	t.Helper()
	n := s.nodes[rand.IntN(nodeCount)]
	if err := n.kill(); err != nil {
		t.Error(err)
	}
	time.Sleep(300*time.Millisecond + rand.N(700*time.Millisecond))
	n.start(t)
}

// TestOneNodeIsKilled is the short form of what make test-cluster does.
func TestOneNodeIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("three nodes, PostgreSQL, S3 and nginx take their time")
	}
	s := newSite(t)
	s.warmUp(t)
	s.breakIt(t, fault{name: "a node is killed", times: 2, mayDie: true, upload: 30 * time.Second, view: 20 * time.Second,
		do: s.killOne})
	s.table(t)
}
