package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

const (
	// recoverLimit is how long nodes may take to serve again once what was broken
	// is whole. The machine may be busy with other tests.
	recoverLimit = 60 * time.Second
	// settleLimit is how long nodes may take to close what they have opened: the
	// longest are connections to the bucket, which stay open for a minute.
	settleLimit = 90 * time.Second
	// With less than that, nothing is proved. enoughLimit is how long is waited for it.
	fewUploads  = 20
	fewViews    = 40
	enoughLimit = 90 * time.Second
	// How much more than before a node may have open at rest.
	moreGoroutines = 40
	moreFiles      = 40
)

// fault is something that breaks and is mended again.
type fault struct {
	name   string
	times  int
	mayDie bool // nodes end while clients wait for them
	smooth bool // who goes through the balancer notices nothing
	// How long an answer may take at most.
	upload, view time.Duration
	do           func(t *testing.T) // breaks and mends, once
}

// row is what came of a fault.
type row struct {
	fault      fault
	load       *load
	recovery   time.Duration // the longest until all nodes served again
	lost, left int
}

// breakIt breaks something while uploads and views go on, waits until the site
// works again, and audits it.
func (s *site) breakIt(t *testing.T, f fault) {
	t.Helper()
	before := s.rest(t)
	s.ledger.next()
	l := s.startLoad(t, f.mayDie)
	time.Sleep(time.Second)
	r := row{fault: f, load: l}
	for range f.times {
		f.do(t)
		mended := time.Now()
		if err := s.recover(); err != nil {
			t.Errorf("%s: not whole again after %v: %v", f.name, recoverLimit, err)
		}
		r.recovery = max(r.recovery, time.Since(mended))
		time.Sleep(500 * time.Millisecond)
	}
	l.enough()
	l.stop()
	r.lost, r.left = s.audit(t, false)
	s.rows = append(s.rows, r)
	l.check(f)
	s.checkLeaks(t, before)
	t.Log(strings.TrimSpace(l.String()))
}

// recover waits until every node is ready and takes an upload, and the balancer too.
func (s *site) recover() error {
	return waitFor(recoverLimit, func() error {
		for _, n := range s.nodes {
			if err := n.wait(0); err != nil {
				return err
			}
		}
		bases := []string{s.balancer}
		for _, n := range s.nodes {
			bases = append(bases, n.url())
		}
		for _, base := range bases {
			if a, err := ask(context.Background(), http.MethodGet, base+"/", nil); err != nil || a.status != http.StatusOK {
				return fmt.Errorf("%s: %s", base, statusOf(a, err))
			}
		}
		return nil
	})
}

// enough lets the load go on until there was enough of it: the machine may be busy.
func (l *load) enough() {
	_ = waitFor(enoughLimit, func() error { // check complains of too little
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.fates[acknowledged] < fewUploads || l.seen < fewViews {
			return errors.New("too little")
		}
		return nil
	})
}

// check complains of what clients met that they may not meet.
func (l *load) check(f fault) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.wrong[:min(len(l.wrong), 10)] {
		l.t.Error(w)
	}
	if len(l.wrong) > 10 {
		l.t.Errorf("… and %d more", len(l.wrong)-10)
	}
	if l.slowestUpload > f.upload || l.slowestView > f.view {
		l.t.Errorf("an upload was answered after %v (limit %v), a view after %v (limit %v)", l.slowestUpload, f.upload, l.slowestView, f.view)
	}
	if f.smooth && (l.balancedMissed > 0 || l.balancedUnknown > 0) {
		l.t.Errorf("through the balancer %d views failed, and %d uploads had no answer of a node", l.balancedMissed, l.balancedUnknown)
	}
	if l.fates[acknowledged] < fewUploads || l.seen < fewViews {
		l.t.Errorf("too little to prove anything: %d uploads, %d views", l.fates[acknowledged], l.seen)
	}
}

// String tells in a few lines what clients met.
func (l *load) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var answers []string
	for what, n := range l.answers {
		answers = append(answers, fmt.Sprintf("%s: %d", what, n))
	}
	slices.Sort(answers)
	return fmt.Sprintf("slowest upload %v, slowest view %v; longest without a view %v, without an upload %v; answers other than 200: %s",
		l.slowestUpload.Round(time.Millisecond), l.slowestView.Round(time.Millisecond), l.longestBlind.Round(time.Millisecond),
		l.longestBlindToWrite.Round(time.Millisecond), strings.Join(answers, ", "))
}

// rest is what the nodes have open while nothing happens.
func (s *site) rest(t *testing.T) (list []use) {
	t.Helper()
	for _, n := range s.nodes {
		u, err := n.look()
		if err != nil {
			t.Fatalf("%s: %v", n.name, err)
		}
		list = append(list, u)
	}
	return list
}

// checkLeaks waits until every node has about as much open as before.
func (s *site) checkLeaks(t *testing.T, before []use) {
	t.Helper()
	for i, n := range s.nodes {
		var now use
		err := waitFor(settleLimit, func() (err error) {
			if now, err = n.look(); err != nil {
				return err
			}
			if now.goroutines > before[i].goroutines+moreGoroutines || now.files > before[i].files+moreFiles {
				time.Sleep(500 * time.Millisecond)
				return fmt.Errorf("%d goroutines and %d files are open, before %d and %d", now.goroutines, now.files, before[i].goroutines, before[i].files)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s leaks: %v", n.name, err)
		}
		if now.decoders > nodeDecoders {
			t.Errorf("%s has %d decoders, %d are allowed", n.name, now.decoders, nodeDecoders)
		}
	}
}

// table prints what was broken, how often, and what was lost.
func (s *site) table(t *testing.T) {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\nfault\ttimes\tuploads\tacknowledged\trefused\tfailed\tunknown\tviews ok\tfailed\tby balancer ok\tfailed\trecovery\tslowest upload\tview\tlost\tleft behind\t")
	total := row{load: &load{fates: make(map[fate]int)}}
	sum := total.load
	for _, r := range s.rows {
		l := r.load
		printRow(w, r)
		sum.tried += l.tried
		for became, n := range l.fates {
			sum.fates[became] += n
		}
		sum.seen, sum.missed = sum.seen+l.seen, sum.missed+l.missed
		sum.balanced, sum.balancedMissed = sum.balanced+l.balanced, sum.balancedMissed+l.balancedMissed
		sum.slowestUpload, sum.slowestView = max(sum.slowestUpload, l.slowestUpload), max(sum.slowestView, l.slowestView)
		total.fault.times += r.fault.times
		total.lost, total.left, total.recovery = total.lost+r.lost, total.left+r.left, max(total.recovery, r.recovery)
	}
	total.fault.name = "in all"
	printRow(w, total)
	w.Flush()
	if total.lost+total.left > 0 {
		t.Errorf("%d lost, %d left behind", total.lost, total.left)
	}
}

func printRow(w *tabwriter.Writer, r row) {
	l := r.load
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f s\t%.1f s\t%.1f s\t%d\t%d\t\n", r.fault.name, r.fault.times, l.tried,
		l.fates[acknowledged], l.fates[refused], l.fates[failed], l.fates[unknown], l.seen, l.missed, l.balanced, l.balancedMissed,
		r.recovery.Seconds(), l.slowestUpload.Seconds(), l.slowestView.Seconds(), r.lost, r.left)
}
