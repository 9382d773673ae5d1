//go:build cluster

package cluster_test

import (
	"testing"
	"time"
)

// turnsTwice finds turns of periodic jobs that came more than once: jobs of a kind
// that were due within the same minute.
const turnsTwice = `SELECT kind, date_trunc('minute', scheduled_at)::text, count(*)::text FROM river_job
	WHERE kind = 'purge_expired' AND args::text = '{}'
	GROUP BY 1, 2 HAVING count(*) > 1`

// turnsAll are all turns of the job that comes every minute.
const turnsAll = `SELECT kind, count(*)::text, min(created_at)::text FROM river_job WHERE kind = 'purge_expired' GROUP BY 1`

// atTheEnd looks once more at everything that was acknowledged, and at the jobs.
func (s *site) atTheEnd(t *testing.T) {
	s.ledger.next()
	lost, left := s.audit(t, true)
	s.rows = append(s.rows, row{fault: fault{name: "at the end"}, load: new(load), lost: lost, left: left})
	twice, err := s.texts(t.Context(), turnsTwice)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range twice {
		t.Errorf("the job %s of %s came %s times", j[0], j[1], j[2])
	}
	all, err := s.texts(t.Context(), turnsAll)
	if err != nil || len(all) == 0 {
		t.Fatalf("no turns of the job: %v", err)
	}
	t.Logf("%s: %s turns since %s", all[0][0], all[0][1], all[0][2])
	start := time.Now()
	for _, n := range s.nodes {
		if err := n.stop(); err != nil {
			t.Errorf("%s stopped with %v", n.name, err)
		}
	}
	t.Logf("all nodes stopped within %v", time.Since(start).Round(time.Millisecond))
}
