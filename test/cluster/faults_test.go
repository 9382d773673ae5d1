//go:build cluster

package cluster_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestCluster is the whole: what nodes promise each other, and everything that we
// know how to break.
func TestCluster(t *testing.T) {
	s := newSite(t)
	defer s.table(t)
	s.warmUp(t)
	for _, p := range s.promises() {
		t.Run("promise/"+p.name, p.check)
	}
	for _, f := range s.faults() {
		t.Run("fault/"+f.name, func(t *testing.T) { s.breakIt(t, f) })
	}
	t.Run("end", s.atTheEnd)
}

// faults is the list of all that is broken.
func (s *site) faults() []fault {
	const (
		quick = 20 * time.Second
		// A request waits so long at most for a database or a storage that is silent,
		// but holds its connections.
		silent = 75 * time.Second
		// A decoder has 30 seconds, and a picture may have waited for one that hung.
		hung = 80 * time.Second
	)
	return []fault{
		{name: "a node is killed", times: 4, mayDie: true, upload: silent, view: quick, do: s.killOne},
		{name: "nodes are restarted in turn", times: 1, mayDie: true, smooth: true, upload: silent, view: quick, do: s.restartAll},
		{name: "PostgreSQL is stopped", times: 2, upload: silent, view: quick, do: func(t *testing.T) { s.stopPostgres(t, syscall.SIGINT) }},
		{name: "PostgreSQL is stopped at once", times: 2, upload: silent, view: quick, do: func(t *testing.T) { s.stopPostgres(t, syscall.SIGQUIT) }},
		{name: "PostgreSQL is cut off", times: 2, upload: silent, view: quick, do: s.onWires(cut, 2*time.Second, databaseWires)},
		{name: "PostgreSQL is silent", times: 1, upload: silent, view: quick, do: s.onWires(paused, 20*time.Second, databaseWires)},
		{name: "PostgreSQL is slow", times: 1, upload: silent, view: quick, do: s.onWires(slow, 5*time.Second, databaseWires)},
		{name: "S3 is cut off", times: 2, upload: silent, view: quick, do: s.onWires(cut, 2*time.Second, bucketWires)},
		{name: "S3 is cut off from one node", times: 1, upload: silent, view: quick, do: s.onWires(cut, 4*time.Second, oneBucketWire)},
		{name: "S3 is silent", times: 1, upload: silent, view: silent, do: s.onWires(paused, 25*time.Second, bucketWires)},
		{name: "S3 is slow", times: 1, upload: silent, view: quick, do: s.onWires(slow, 5*time.Second, bucketWires)},
		{name: "S3 is full", times: 1, upload: silent, view: quick, do: s.fillS3},
		{name: "the spool of a node is full", times: 1, upload: silent, view: quick, do: s.fillSpool},
		{name: "a clock an hour ahead", times: 1, mayDie: true, upload: silent, view: quick, do: func(t *testing.T) { s.wrongClock(t, time.Hour) }},
		{name: "a clock an hour behind", times: 1, mayDie: true, upload: silent, view: quick, do: func(t *testing.T) { s.wrongClock(t, -time.Hour) }},
		{name: "decoders hang", times: 1, upload: hung, view: quick, do: s.hangDecoders},
	}
}

// upgradePause is how long an upgrade waits between a node that is ready and the
// next one: until the balancer has tried it again.
const upgradePause = 2 * time.Second

// restartAll stops every node in turn, as an upgrade does.
func (s *site) restartAll(t *testing.T) {
	for _, n := range s.nodes {
		if err := n.stop(); err != nil {
			t.Errorf("%s stopped with %v", n.name, err)
		}
		n.start(t)
		time.Sleep(upgradePause)
	}
}

func (s *site) stopPostgres(t *testing.T, how syscall.Signal) {
	if err := s.postgres.stop(how); err != nil {
		t.Error(err)
	}
	time.Sleep(2 * time.Second)
	if err := s.postgres.start(); err != nil {
		t.Fatalf("PostgreSQL does not come back: %v", err)
	}
}

func databaseWires(s *site) (list []*wire) {
	for _, n := range s.nodes {
		list = append(list, n.database)
	}
	return list
}

func bucketWires(s *site) (list []*wire) {
	for _, n := range s.nodes {
		list = append(list, n.bucket)
	}
	return list
}

func oneBucketWire(s *site) []*wire { return []*wire{s.nodes[0].bucket} }

// onWires does something to wires for a while.
func (s *site) onWires(m mode, span time.Duration, which func(*site) []*wire) func(t *testing.T) {
	return func(*testing.T) {
		for _, w := range which(s) {
			w.set(m)
		}
		time.Sleep(span)
		for _, w := range which(s) {
			w.set(whole)
		}
	}
}

func (s *site) fillS3(t *testing.T) {
	if s.s3.endless != nil {
		t.Skipf("the S3 server's disk cannot be filled: %v", s.s3.endless)
	}
	if err := s.s3.fill(); err != nil {
		t.Error(err)
	}
	time.Sleep(4 * time.Second)
	if err := s.s3.empty(); err != nil {
		t.Error(err)
	}
}

// fillSpool fills the disk on which one node takes uploads in.
func (s *site) fillSpool(t *testing.T) {
	n := s.nodes[1]
	if !n.small {
		t.Skipf("the disk of a spool cannot be filled: %v", noSmallDisks())
	}
	full := inside(n.process, filepath.Join(n.spool(), "full"))
	if err := fill(full); err != nil {
		t.Error(err)
	}
	time.Sleep(4 * time.Second)
	if err := os.Remove(full); err != nil {
		t.Error(err)
	}
}

// hangDecoders stops the decoders of one node while they work, and waits until they
// are replaced.
func (s *site) hangDecoders(t *testing.T) {
	n := s.nodes[0]
	stuck := make(map[int]bool)
	err := waitFor(20*time.Second, func() error {
		for _, pid := range n.decoders() {
			if !stuck[pid] && syscall.Kill(pid, syscall.SIGSTOP) == nil {
				stuck[pid] = true
			}
		}
		if len(stuck) < nodeDecoders {
			return fmt.Errorf("%s has %d decoders", n.name, len(stuck))
		}
		return nil
	})
	if err != nil {
		t.Log(err) // fewer were enough for the load
	}
	if len(stuck) == 0 {
		t.Fatal("nothing hangs")
	}
	err = waitFor(70*time.Second, func() error {
		for _, pid := range n.decoders() {
			if stuck[pid] {
				return fmt.Errorf("the decoder %d still hangs", pid)
			}
		}
		return nil
	})
	if err != nil {
		t.Errorf("%s: %v", n.name, err)
	}
}
