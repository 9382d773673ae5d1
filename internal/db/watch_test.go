package db_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestWithoutValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SELECT 1":                          "SELECT ?",
		"SELECT a1 FROM t2 WHERE id = $1":   "SELECT a1 FROM t2 WHERE id = $1",
		"x = 'it''s' AND y=12.5e3":          "x = ? AND y=?",
		"x = E'a\\'b' OR y = 'open":         "x = E? OR y = ?",
		"x = 'back\\' OR y = 'secret'":      "x = ? OR y = ?",
		"a\n\t  b":                          "a b",
		`SELECT "f1"."it's 5" FROM "files"`: `SELECT "f1"."it's 5" FROM "files"`,
		"x IN (1,2, 'three')":               "x IN (?,?, ?)",
		"":                                  "",
		`"`:                                 `"`,
	} {
		if got := db.WithoutValues(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := db.WithoutValues(strings.Repeat("a, ", 5000)); len(got) > 2100 {
		t.Errorf("%d bytes of a long statement", len(got))
	}
}

func TestGroupOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SELECT 1": "read", " \n(select 1)": "read", "WITH x AS (SELECT 1) SELECT 1": "read",
		"INSERT INTO a": "write", "update a": "write", "DELETE FROM a": "write",
		"COMMIT": "commit", "commit": "commit", "CREATE TABLE a": "other", "BEGIN": "other",
		"SAVEPOINT member": "other", "SET a = 1": "other", "ROLLBACK TO member": "other", "": "other",
		"-- name: JobGet :one\nSELECT 1": "read", "-- nothing": "other",
	} {
		if got := db.GroupOf(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// lines is a log that several goroutines write.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestSlowQueries: every statement is slow where a nanosecond is.
func TestSlowQueries(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := new(lines)
			d, err := db.Open(t.Context(), db.Config{URL: u(t), SlowQuery: time.Nanosecond, Logger: slog.New(slog.NewTextHandler(log, nil))})
			must(t, err)
			defer d.Close()
			aUser(t, d, "SECRETNAME")
			must(t, second(d.UserByName(t.Context(), "SECRETNAME")))
			text := log.String()
			for _, want := range []string{`msg="slow query"`, "statement=", "duration=", "rows=1", "INSERT INTO users", "SELECT "} {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in the log:\n%s", want, text)
				}
			}
			if strings.Contains(text, "SECRETNAME") {
				t.Errorf("values in the log:\n%s", text)
			}
		})
	}
}

func TestNoSlowQueries(t *testing.T) {
	t.Parallel()
	log := new(lines)
	d, err := db.Open(t.Context(), db.Config{URL: dbtest.SQLiteURL(t), Logger: slog.New(slog.NewTextHandler(log, nil))})
	must(t, err)
	defer d.Close()
	aUser(t, d, "ann")
	if log.String() != "" {
		t.Errorf("in the log:\n%s", log)
	}
}

// TestCollectors: statements and transactions are counted by what they do.
func TestCollectors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		aUser(t, d, "ann")
		must(t, second(d.UserByName(t.Context(), "ann")))
		if err := inTx(t, d, func(context.Context, *db.Tx) error { return vitrine.NotFound("thing") }); err == nil {
			t.Fatal("no error")
		}
		got := gather(t, d.Collectors())
		for name, least := range map[string]float64{
			"vitrine_db_statement_duration_seconds read":   1,
			"vitrine_db_statement_duration_seconds write":  1,
			"vitrine_db_statement_duration_seconds commit": 1,
			"vitrine_db_transaction_duration_seconds ":     2,
			"vitrine_db_connections_max write":             1,
		} {
			if got[name] < least {
				t.Errorf("%s: got %v, want %v or more; all: %v", name, got[name], least, got)
			}
		}
	})
}

// gather gives values, and counts of histograms, by name and labels.
func gather(t *testing.T, list []prometheus.Collector) map[string]float64 {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	for _, c := range list {
		must(t, r.Register(c))
	}
	families, err := r.Gather()
	must(t, err)
	values := make(map[string]float64)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			values[f.GetName()+" "+strings.Join(labels, " ")] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return values
}
