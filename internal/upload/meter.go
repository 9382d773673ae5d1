package upload

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/vitrine"
)

// The steps whose time is told.
const (
	stepReceive = "receive" // until the bytes are in the spool
	stepWait    = "wait"    // for a turn
	stepInspect = "inspect" // with the wait for a decoder, as render
	stepRender  = "render"
	stepPlace   = "place" // each try
	stepRecord  = "record"
)

// meter counts uploads.
type meter struct {
	files   *prometheus.CounterVec
	size    *prometheus.HistogramVec
	seconds *prometheus.HistogramVec
	steps   map[string]prometheus.Observer
	stepVec *prometheus.HistogramVec
}

func newMeter() *meter {
	seconds := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
	m := &meter{
		files: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vitrine_upload_files_total",
			Help: "Uploads by kind (image, animation, video; unknown where nobody looked inside), result (stored, existing, refused, busy, cancelled, fault) and code of the refusal.",
		}, []string{"kind", "result", "code"}),
		size: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vitrine_upload_size_bytes", Help: "Bytes received of uploads that were stored, by kind.",
			Buckets: prometheus.ExponentialBuckets(16<<10, 4, 9), // 16 KiB to 1 GiB
		}, []string{"kind"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "vitrine_upload_duration_seconds",
			Help:    "Time from a whole body, or the address of one, to its answer, of uploads that were stored, by kind.",
			Buckets: seconds,
		}, []string{"kind"}),
		stepVec: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "vitrine_upload_step_duration_seconds",
			Help:    "Time of the steps of uploads (receive, wait, inspect, render, place, record), also of those that failed.",
			Buckets: seconds,
		}, []string{"step"}),
		steps: make(map[string]prometheus.Observer),
	}
	for _, step := range []string{stepReceive, stepWait, stepInspect, stepRender, stepPlace, stepRecord} {
		m.steps[step] = m.stepVec.WithLabelValues(step)
	}
	return m
}

// Collectors are the metrics of this room.
func (s *Service) Collectors() []prometheus.Collector {
	m := s.meter
	return []prometheus.Collector{m.files, m.size, m.seconds, m.stepVec, queueMetrics{s}}
}

// since tells the time of a step that began at start; for defer.
func (m *meter) since(step string, start time.Time) {
	m.steps[step].Observe(time.Since(start).Seconds())
}

// measured is one upload on its way.
type measured struct {
	start time.Time
	kind  string
	size  int64 // bytes received
}

// unknownKind is that of uploads that were refused before anybody looked inside.
const unknownKind = "unknown"

// see notes what the upload is.
func (u *measured) see(i *vitrine.Inspection) {
	switch {
	case i.Format.Kind() == vitrine.KindVideo:
		u.kind = "video"
	case i.Animated():
		u.kind = "animation"
	default:
		u.kind = "image"
	}
}

// end counts the upload.
func (m *meter) end(u *measured, res *Result, err error) {
	switch {
	case err != nil:
		result, code := resultOf(err)
		m.files.WithLabelValues(u.kind, result, code).Inc()
	case res.Existing:
		m.files.WithLabelValues(u.kind, "existing", "").Inc()
	default:
		m.files.WithLabelValues(u.kind, "stored", "").Inc()
		m.size.WithLabelValues(u.kind).Observe(float64(u.size))
		m.seconds.WithLabelValues(u.kind).Observe(time.Since(u.start).Seconds())
	}
}

// resultOf tells whose fault an error is. A full storage is ours.
func resultOf(err error) (result, code string) {
	if errors.Is(err, context.Canceled) {
		return "cancelled", ""
	}
	switch c := vitrine.CodeOf(err); c {
	case vitrine.CodeBusy:
		return "busy", string(c)
	case vitrine.CodeInternal, vitrine.CodeNoSpace:
		return "fault", string(c)
	default:
		return "refused", string(c)
	}
}

// queueMetrics tells what Queue tells.
type queueMetrics struct{ s *Service }

var (
	queueUploads = prometheus.NewDesc("vitrine_upload_queue",
		"Uploads on their way in: receiving (bodies), waiting (for a turn), running.", []string{"state"}, nil)
	queueWait = prometheus.NewDesc("vitrine_upload_queue_wait_seconds",
		"How long the next upload would wait for its turn, as far as can be told.", nil, nil)
	queueRefused = prometheus.NewDesc("vitrine_upload_turned_away_total",
		"Uploads refused at the door because too many were there, before their bodies were read.", nil, nil)
)

// Describe implements prometheus.Collector.
func (q queueMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- queueUploads
	ch <- queueWait
	ch <- queueRefused
}

// Collect implements prometheus.Collector.
func (q queueMetrics) Collect(ch chan<- prometheus.Metric) {
	now := q.s.Queue()
	for state, n := range map[string]int{"receiving": now.Receiving, "waiting": now.Waiting, "running": now.Running} {
		ch <- prometheus.MustNewConstMetric(queueUploads, prometheus.GaugeValue, float64(n), state)
	}
	ch <- prometheus.MustNewConstMetric(queueWait, prometheus.GaugeValue, now.Wait.Seconds())
	ch <- prometheus.MustNewConstMetric(queueRefused, prometheus.CounterValue, float64(now.Refused))
}
