package server

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// healthMetrics shows what /readyz says, asking as seldom as that does.
type healthMetrics struct{ health *health }

var partUp = prometheus.NewDesc("vitrine_server_part_up", "Whether a part that the server needs answers: 1 or 0.", []string{"part"}, nil)

// Describe implements prometheus.Collector.
func (h healthMetrics) Describe(ch chan<- *prometheus.Desc) { ch <- partUp }

// Collect implements prometheus.Collector.
func (h healthMetrics) Collect(ch chan<- prometheus.Metric) {
	for _, p := range h.health.ask(context.Background()).Parts {
		up := 0.0
		if p.OK {
			up = 1
		}
		ch <- prometheus.MustNewConstMetric(partUp, prometheus.GaugeValue, up, p.Name)
	}
}
