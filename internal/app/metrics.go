package app

import (
	"context"
	"errors"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/storage"
)

// meter holds the metrics of what only this room sees whole: the program and its
// storages.
type meter struct {
	build   *prometheus.GaugeVec
	seconds *prometheus.HistogramVec
	bytes   *prometheus.CounterVec
}

func newMeter(version string) *meter {
	m := &meter{
		build: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "vitrine_build_info", Help: "Always 1; the labels say what runs.",
		}, []string{"version", "goversion"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "vitrine_storage_operation_duration_seconds",
			Help:    "Time of operations by storage, operation and outcome (ok, absent, taken, full, cancelled, failed).",
			Buckets: []float64{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"storage", "op", "outcome"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vitrine_storage_bytes_total",
			Help: "Bytes stored (put, adopt) and fetched (read); what the kernel sends from a disk is not among them.",
		}, []string{"storage", "op"}),
	}
	if version == "" {
		version = "unknown"
	}
	m.build.WithLabelValues(version, runtime.Version()).Set(1)
	return m
}

// watch puts a storage under watch.
func (m *meter) watch(name string, st storage.Store) storage.Store {
	usual := make(map[string]prometheus.Observer) // of what goes well, without looking for it each time
	for _, op := range []string{storage.OpOpen, storage.OpRead, storage.OpPut, storage.OpAdopt, storage.OpDelete, storage.OpStat} {
		usual[op] = m.seconds.WithLabelValues(name, op, "ok")
	}
	return storage.Watch(st, func(o storage.Operation) {
		if seconds := usual[o.Name]; seconds != nil && o.Err == nil {
			seconds.Observe(o.Took.Seconds())
		} else {
			m.seconds.WithLabelValues(name, o.Name, outcome(o.Err)).Observe(o.Took.Seconds())
		}
		if o.Bytes > 0 {
			m.bytes.WithLabelValues(name, o.Name).Add(float64(o.Bytes))
		}
	})
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, storage.ErrNotFound):
		return "absent"
	case errors.Is(err, storage.ErrExists):
		return "taken"
	case errors.Is(err, storage.ErrNoSpace):
		return "full"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return "failed"
}

// counting is a room that counts what it does.
type counting interface{ Collectors() []prometheus.Collector }

// collectors are the metrics of all rooms.
func (a *App) collectors() []prometheus.Collector {
	list := []prometheus.Collector{a.meter.build, a.meter.seconds, a.meter.bytes, newBackupMeter(a.DB)}
	for _, room := range []counting{a.DB, a.Jobs, a.Upload, a.Media, a.Catalog} {
		list = append(list, room.Collectors()...)
	}
	return list
}
