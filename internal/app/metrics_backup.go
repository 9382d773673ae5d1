package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/backup"
	"vitrine/internal/db"
)

// backupMeter tells the moment of the last backup. It asks the database at most once in
// backupMeterAge, and no longer than backupMeterTime.
type backupMeter struct {
	db     *db.DB
	moment *prometheus.Desc

	mu   sync.Mutex
	at   time.Time // when last was read
	last *backup.Last
}

const (
	backupMeterAge  = time.Minute
	backupMeterTime = 2 * time.Second
)

func newBackupMeter(d *db.DB) *backupMeter {
	return &backupMeter{db: d, moment: prometheus.NewDesc("vitrine_backup_last_timestamp_seconds",
		"Unix time of the moment that the last finished backup shows; absent if there never was one.", nil, nil)}
}

// Describe implements prometheus.Collector.
func (m *backupMeter) Describe(ch chan<- *prometheus.Desc) { ch <- m.moment }

// Collect implements prometheus.Collector. While the database does not answer, what it
// said before is told.
func (m *backupMeter) Collect(ch chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at.IsZero() || time.Since(m.at) >= backupMeterAge {
		ctx, cancel := context.WithTimeout(context.Background(), backupMeterTime)
		defer cancel()
		if last, err := backup.ReadLast(ctx, m.db); err == nil {
			m.last = last
		}
		m.at = time.Now()
	}
	if m.last != nil {
		ch <- prometheus.MustNewConstMetric(m.moment, prometheus.GaugeValue, float64(m.last.Moment.Unix()))
	}
}
