package db

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The groups of statements that are told apart in the metrics: by what they do to
// the database, not by their texts, which are many.
const (
	groupRead   = "read"
	groupWrite  = "write"
	groupCommit = "commit" // with the wait for the disk
	groupOther  = "other"  // begin, savepoints, tables
)

// watch measures every statement of this process, those of jobs included, whichever
// way it reaches the engine. It is safe for many goroutines.
type watch struct {
	log  *slog.Logger
	slow time.Duration // statements that take as long are logged; 0: none

	groups      map[string]prometheus.Observer
	statements  *prometheus.HistogramVec
	errors      prometheus.Counter
	slowed      prometheus.Counter
	transaction prometheus.Histogram
	retries     prometheus.Counter
}

func newWatch(log *slog.Logger, slow time.Duration) *watch {
	buckets := []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	w := &watch{
		log: log, slow: slow,
		statements: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vitrine_db_statement_duration_seconds",
			Help: "Time of statements until their last row was taken, by group (read, write, commit, other).", Buckets: buckets,
		}, []string{"group"}),
		errors: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vitrine_db_statement_errors_total", Help: "Statements that the engine refused or did not finish.",
		}),
		slowed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vitrine_db_slow_statements_total", Help: "Statements that took as long as slow_query says.",
		}),
		transaction: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "vitrine_db_transaction_duration_seconds",
			Help: "Time of writing transactions with all waiting and trying again.", Buckets: buckets,
		}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vitrine_db_transaction_retries_total",
			Help: "Transactions that began anew because others were in their way: deadlocks, a busy file.",
		}),
		groups: make(map[string]prometheus.Observer),
	}
	for _, group := range []string{groupRead, groupWrite, groupCommit, groupOther} {
		w.groups[group] = w.statements.WithLabelValues(group)
	}
	return w
}

// Collectors are the metrics of this room.
func (d *DB) Collectors() []prometheus.Collector {
	w := d.watch
	pools := poolStats{"write": d.writer.sql}
	if d.reader != d.writer {
		pools["read"] = d.reader.sql
	}
	return []prometheus.Collector{w.statements, w.errors, w.slowed, w.transaction, w.retries, pools}
}

// ReadSQL is the reading pool, for who looks at the tables that libraries brought.
func (d *DB) ReadSQL() *sql.DB { return d.reader.sql }

// done counts a statement that is over. rows is how many it gave or changed, below 0
// if that is unknown.
func (w *watch) done(ctx context.Context, text string, start time.Time, rows int64, err error) {
	took := time.Since(start)
	w.groups[groupOf(text)].Observe(took.Seconds())
	if err != nil {
		w.errors.Inc()
	}
	if w.slow <= 0 || took < w.slow || ctx.Value(wholeKey{}) != nil {
		return
	}
	w.slowed.Inc()
	attrs := []slog.Attr{slog.String("statement", withoutValues(text)), slog.Duration("duration", took)}
	if rows >= 0 {
		attrs = append(attrs, slog.Int64("rows", rows))
	}
	if err != nil {
		attrs = append(attrs, slog.Any("err", err))
	}
	w.log.LogAttrs(ctx, slog.LevelWarn, "slow query", attrs...)
}

// groupOf tells the group of a statement by its first word.
func groupOf(text string) string {
	// River begins with a comment that names its statement.
	for strings.HasPrefix(text, "--") {
		_, text, _ = strings.Cut(text, "\n")
	}
	for i := range len(text) {
		switch text[i] {
		case ' ', '\t', '\n', '\r', '(':
			continue
		case 's', 'S':
			if i+1 < len(text) && text[i+1]|0x20 == 'a' {
				return groupOther // SAVEPOINT
			}
			if i+2 < len(text) && text[i+2]|0x20 == 't' {
				return groupOther // SET
			}
			return groupRead
		case 'w', 'W', 'v', 'V': // WITH, VALUES
			return groupRead
		case 'i', 'I', 'u', 'U', 'd', 'D':
			return groupWrite
		case 'c', 'C':
			if i+2 < len(text) && text[i+2]|0x20 == 'm' {
				return groupCommit
			}
			return groupOther
		}
		return groupOther
	}
	return groupOther
}

// poolStats tells of pools of connections, by name, what database/sql counts anyway.
type poolStats map[string]*sql.DB

var (
	poolOpen = prometheus.NewDesc("vitrine_db_connections", "Connections to the database by pool and state (used, idle).", []string{"pool", "state"}, nil)
	poolMost = prometheus.NewDesc("vitrine_db_connections_max", "Most connections of a pool.", []string{"pool"}, nil)
	poolWait = prometheus.NewDesc("vitrine_db_connection_waits_total", "Times that somebody waited for a connection.", []string{"pool"}, nil)
	poolTime = prometheus.NewDesc("vitrine_db_connection_wait_seconds_total", "Time spent waiting for connections.", []string{"pool"}, nil)
)

// Describe implements prometheus.Collector.
func (p poolStats) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(p, ch) }

// Collect implements prometheus.Collector.
func (p poolStats) Collect(ch chan<- prometheus.Metric) {
	gauge, counter := prometheus.GaugeValue, prometheus.CounterValue
	for name, pool := range p {
		s := pool.Stats()
		ch <- prometheus.MustNewConstMetric(poolOpen, gauge, float64(s.InUse), name, "used")
		ch <- prometheus.MustNewConstMetric(poolOpen, gauge, float64(s.Idle), name, "idle")
		ch <- prometheus.MustNewConstMetric(poolMost, gauge, float64(s.MaxOpenConnections), name)
		ch <- prometheus.MustNewConstMetric(poolWait, counter, float64(s.WaitCount), name)
		ch <- prometheus.MustNewConstMetric(poolTime, counter, s.WaitDuration.Seconds(), name)
	}
}
