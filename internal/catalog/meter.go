package catalog

import "github.com/prometheus/client_golang/prometheus"

// meter counts what the caches knew. The counters are those of one cache each, so
// that counting is a single addition.
type meter struct {
	vec                                  *prometheus.CounterVec
	rowHit, rowMiss, bytesHit, bytesMiss prometheus.Counter
}

func newMeter() *meter {
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "vitrine_catalog_cache_requests_total",
		Help: "Questions to the caches of raw files (rows: which file a path names; bytes: small files) by result (hit, miss).",
	}, []string{"cache", "result"})
	return &meter{
		vec:      vec,
		rowHit:   vec.WithLabelValues("rows", "hit"),
		rowMiss:  vec.WithLabelValues("rows", "miss"),
		bytesHit: vec.WithLabelValues("bytes", "hit"), bytesMiss: vec.WithLabelValues("bytes", "miss"),
	}
}

// Collectors are the metrics of this room.
func (s *Service) Collectors() []prometheus.Collector { return []prometheus.Collector{s.meter.vec} }

// count adds to one of two counters.
func count(hit bool, yes, no prometheus.Counter) {
	if hit {
		yes.Inc()
	} else {
		no.Inc()
	}
}
