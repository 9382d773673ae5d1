package jobs

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/db"
)

const (
	// sampleAge is how old a look at the queue may be when it is told again, so that
	// many who ask cost no more than one.
	sampleAge = 10 * time.Second
	// sampleTime bounds the look: a database that hangs must not take the metrics along.
	sampleTime = 2 * time.Second
	// sampleMost bounds what is counted of one state.
	sampleMost = 1000
)

// meter counts jobs that ran on this node and looks at the queue of all nodes.
type meter struct {
	db      *db.DB
	seconds *prometheus.HistogramVec
	running prometheus.Gauge

	depth, oldest *prometheus.Desc

	mu      sync.Mutex
	at      time.Time // of sample
	sample  sample
	sampled bool
}

// sample is a look at the queue.
type sample struct {
	states map[string]int
	oldest time.Time // when the job that has waited longest was due; zero: none waits
}

func newMeter(d *db.DB) *meter {
	return &meter{
		db: d,
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vitrine_jobs_duration_seconds", Help: "Time that jobs ran on this node, by kind and result (done, failed, cancelled).",
			Buckets: []float64{.005, .025, .1, .5, 1, 5, 30, 60, 300, 900, 3300},
		}, []string{"kind", "result"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "vitrine_jobs_running", Help: "Jobs that run on this node."}),
		depth: prometheus.NewDesc("vitrine_jobs_queue",
			"Jobs of all nodes by state, counted up to 1000 each; the same on every node.", []string{"state"}, nil),
		oldest: prometheus.NewDesc("vitrine_jobs_oldest_waiting_seconds",
			"How long the job that has waited longest has been due; 0 if none waits.", nil, nil),
	}
}

// Collectors are the metrics of this room.
func (j *Jobs) Collectors() []prometheus.Collector {
	return []prometheus.Collector{j.meter.seconds, j.meter.running, j.meter}
}

// count runs a job of the kind and counts it. A panic counts as a failure.
func (m *meter) count(kind string, run func() error) error {
	start, result := time.Now(), "failed"
	m.running.Inc()
	defer func() {
		m.running.Dec()
		m.seconds.WithLabelValues(kind, result).Observe(time.Since(start).Seconds())
	}()
	err := run()
	switch {
	case err == nil:
		result = "done"
	case errors.Is(err, context.Canceled):
		result = "cancelled"
	}
	return err
}

// Describe implements prometheus.Collector.
func (m *meter) Describe(ch chan<- *prometheus.Desc) {
	ch <- m.depth
	ch <- m.oldest
}

// Collect implements prometheus.Collector. While the database does not answer there
// is nothing to tell.
func (m *meter) Collect(ch chan<- prometheus.Metric) {
	s, ok := m.look()
	if !ok {
		return
	}
	for _, state := range states {
		ch <- prometheus.MustNewConstMetric(m.depth, prometheus.GaugeValue, float64(s.states[state]), state)
	}
	waited := 0.0
	if !s.oldest.IsZero() {
		waited = max(0, time.Since(s.oldest).Seconds())
	}
	ch <- prometheus.MustNewConstMetric(m.oldest, prometheus.GaugeValue, waited)
}

// look returns the last sample, or a new one if that is too old.
func (m *meter) look() (sample, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.at.IsZero() && time.Since(m.at) < sampleAge {
		return m.sample, m.sampled
	}
	ctx, cancel := context.WithTimeout(context.Background(), sampleTime)
	defer cancel()
	s, err := takeSample(ctx, m.db.ReadSQL())
	m.at, m.sample, m.sampled = time.Now(), s, err == nil
	return m.sample, m.sampled
}

// states are those of River's jobs that are told; "completed" and "cancelled" ones
// say nothing.
var states = []string{"available", "running", "retryable", "discarded"}

// takeSample reads no more than sampleMost entries of an index for each state.
func takeSample(ctx context.Context, d *sql.DB) (sample, error) {
	s := sample{states: make(map[string]int)}
	for _, state := range states {
		var n int
		err := d.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM river_job WHERE state = '"+state+"' LIMIT $1) AS part", sampleMost).Scan(&n)
		if err != nil {
			return s, err
		}
		s.states[state] = n
	}
	err := d.QueryRowContext(ctx, `SELECT scheduled_at FROM river_job WHERE state = 'available' AND queue = 'default'
		ORDER BY priority, scheduled_at LIMIT 1`).Scan(&s.oldest)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return s, err
}
