//go:build cluster

package cluster_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// turns counts the turns of a job that comes every minute, how many there may be, the
// turns of the minutes at both ends with them, and how many were worked on more often
// than they were tried.
const turns = `SELECT count(*)::text, (ceil(extract(epoch FROM max(created_at) - min(created_at)) / 60) + 1)::bigint::text,
	(count(*) FILTER (WHERE cardinality(attempted_by) > attempt))::text FROM river_job WHERE kind = 'purge_expired'`

// atTheEnd looks once more at everything that was acknowledged, and at the jobs.
func (s *site) atTheEnd(t *testing.T) {
	s.ledger.next()
	lost, left := s.audit(t, true)
	s.rows = append(s.rows, row{fault: fault{name: "at the end"}, load: new(load), lost: lost, left: left})
	jobs, err := s.texts(t.Context(), turns)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("no turns of the job: %v", err)
	}
	var came, may, often int
	if _, err := fmt.Sscan(strings.Join(jobs[0][:], " "), &came, &may, &often); err != nil {
		t.Fatal(err)
	}
	if came == 0 || came > may || often > 0 {
		t.Errorf("the job of every minute came %d times, it may %d times; %d of them were worked on too often", came, may, often)
	}
	start := time.Now()
	for _, n := range s.nodes {
		if err := n.stop(); err != nil {
			t.Errorf("%s stopped with %v", n.name, err)
		}
	}
	t.Logf("all nodes stopped within %v", time.Since(start).Round(time.Millisecond))
}
