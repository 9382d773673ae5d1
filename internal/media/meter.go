package media

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/vitrine"
)

// What ffmpeg is asked for in the place of a decoder, as jobs are named in the
// metrics.
const (
	opProbe = "probe" // what is in a film
	opStill = "still" // its frame
)

// How a decoder process ends before its time.
const (
	endDied      = "died"      // by itself, or by the kernel's hand
	endSlow      = "slow"      // it took longer than a job may
	endGrew      = "grew"      // it was replaced because of its memory
	endAbandoned = "abandoned" // nobody waited for its job any more
)

// meter counts what decoders do.
type meter struct {
	jobs    *prometheus.HistogramVec
	wait    prometheus.Histogram
	starts  prometheus.Counter
	ends    *prometheus.CounterVec
	refused prometheus.Counter
}

func newMeter() *meter {
	return &meter{
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "vitrine_media_job_duration_seconds",
			Help:    "Time of jobs in a decoder, or of ffmpeg in its place, by op (ping, inspect, render, frame, probe, still) and format, without waiting.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"op", "format"}),
		wait: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "vitrine_media_wait_duration_seconds",
			Help:    "Time that jobs waited for a free decoder and for memory.",
			Buckets: []float64{.0005, .001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}),
		starts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vitrine_media_decoder_starts_total", Help: "Decoder processes started.",
		}),
		ends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vitrine_media_decoder_ends_total",
			Help: "Decoder processes that ended before their time: died, slow (killed after the time limit), grew (replaced), abandoned (killed because nobody waited any more).",
		}, []string{"reason"}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "vitrine_media_jobs_refused_total", Help: "Jobs refused because too many waited.",
		}),
	}
}

// Collectors are the metrics of this room.
func (s *Service) Collectors() []prometheus.Collector {
	m := s.pool.meter
	for _, reason := range []string{endDied, endSlow, endGrew, endAbandoned} {
		m.ends.WithLabelValues(reason) // there from the beginning, so that the first one is a change
	}
	return []prometheus.Collector{m.jobs, m.wait, m.starts, m.ends, m.refused, loadMetrics{s}}
}

// ran tells the time of a job that began at start; for defer.
func (m *meter) ran(op string, format vitrine.Format, start time.Time) {
	m.jobs.WithLabelValues(op, string(format)).Observe(time.Since(start).Seconds())
}

// loadMetrics tells what Load tells.
type loadMetrics struct{ s *Service }

var (
	loadJobs = prometheus.NewDesc("vitrine_media_jobs",
		"Jobs of decoders by state (running, waiting).", []string{"state"}, nil)
	loadDecoders = prometheus.NewDesc("vitrine_media_decoders_max", "Most decoders at work: fewer while there are many views.", nil, nil)
	loadBudget   = prometheus.NewDesc("vitrine_media_budget_bytes",
		"Estimated memory of jobs: used by those that run, and max.", []string{"part"}, nil)
)

// Describe implements prometheus.Collector.
func (l loadMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- loadJobs
	ch <- loadDecoders
	ch <- loadBudget
}

// Collect implements prometheus.Collector.
func (l loadMetrics) Collect(ch chan<- prometheus.Metric) {
	gauge, now := prometheus.GaugeValue, l.s.Load()
	ch <- prometheus.MustNewConstMetric(loadJobs, gauge, float64(now.Running), "running")
	ch <- prometheus.MustNewConstMetric(loadJobs, gauge, float64(now.Waiting), "waiting")
	ch <- prometheus.MustNewConstMetric(loadDecoders, gauge, float64(now.MostRunning))
	ch <- prometheus.MustNewConstMetric(loadBudget, gauge, float64(now.Taken), "used")
	ch <- prometheus.MustNewConstMetric(loadBudget, gauge, float64(now.MostTaken), "max")
}
