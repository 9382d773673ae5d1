package settings

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// Service hands out the settings in force. It is safe for many goroutines.
type Service struct {
	db      *db.DB
	pinned  map[string]string
	refresh time.Duration
	log     *slog.Logger

	change sync.Mutex // held while reading rows or writing them
	now    atomic.Pointer[snapshot]
}

// snapshot is what was last put together. It is never changed.
type snapshot struct {
	settings *vitrine.Settings
	rows     map[string]string
	refused  map[string]error // rows that are not acceptable, by key
	version  int64
}

// New reads the rows and puts the settings together. It returns one error that
// names every pin that is not acceptable; rows that are not are logged and
// count for nothing.
func New(ctx context.Context, c Config) (*Service, error) {
	c = c.withDefaults()
	var refused []error
	bad := CheckPins(c.Pinned)
	for _, key := range slices.Sorted(maps.Keys(bad)) {
		refused = append(refused, bad[key])
	}
	if err := errors.Join(refused...); err != nil {
		return nil, err
	}
	s := &Service{db: c.DB, pinned: maps.Clone(c.Pinned), refresh: c.Refresh, log: c.Logger}
	s.change.Lock()
	defer s.change.Unlock()
	if _, err := s.load(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// CheckPins returns the refusal of every pin that is not acceptable, by key.
func CheckPins(pins map[string]string) map[string]error {
	_, refused := assemble(pins)
	return refused
}

// Current is the shared snapshot of the settings in force. It is never nil and
// must not be changed.
func (s *Service) Current() *vitrine.Settings { return s.now.Load().settings }

// Value is the value in force of one setting, as Set takes it.
func (s *Service) Value(key string) (string, error) { return s.Current().Value(key) }

// Set stores a value and publishes it at once in this process; other nodes
// follow within the refresh interval. It refuses unknown keys and unacceptable
// values (CodeInvalid), pinned keys (CodeForbidden), and values that would make
// another stored value unacceptable (CodeInvalid).
func (s *Service) Set(ctx context.Context, key, value string) error {
	return s.write(ctx, key, func(ctx context.Context, tx *db.Tx, now *snapshot) error {
		next := now.settings.Clone()
		if err := next.Set(key, value); err != nil {
			return err
		}
		canonical, err := next.Value(key)
		if err != nil {
			return err
		}
		rows := maps.Clone(now.rows)
		rows[key] = canonical
		if err := s.newlyRefused(now, rows); err != nil {
			return err
		}
		return tx.SetSetting(ctx, key, canonical)
	})
}

// Reset forgets the stored value, so that the default applies again. It refuses
// what Set refuses; resetting what is not stored is no error.
func (s *Service) Reset(ctx context.Context, key string) error {
	return s.write(ctx, key, func(ctx context.Context, tx *db.Tx, now *snapshot) error {
		rows := maps.Clone(now.rows)
		delete(rows, key)
		if err := s.newlyRefused(now, rows); err != nil {
			return err
		}
		return tx.ResetSetting(ctx, key)
	})
}

// write runs fn on fresh rows in a transaction and publishes the outcome.
func (s *Service) write(ctx context.Context, key string, fn func(context.Context, *db.Tx, *snapshot) error) error {
	if _, err := s.Value(key); err != nil {
		return err
	}
	if _, ok := s.pinned[key]; ok {
		e := vitrine.Errorf(vitrine.CodeForbidden, "The setting %s is pinned: change it where the server is configured (VITRINE_SETTING_%s or the [settings] table)", key, strings.ToUpper(key))
		e.Field = key
		return e
	}
	s.change.Lock()
	defer s.change.Unlock()
	now, err := s.load(ctx)
	if err != nil {
		return err
	}
	if err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return fn(ctx, tx, now) }); err != nil {
		return err
	}
	_, err = s.load(ctx)
	return err
}

// newlyRefused returns the refusal of a row that was acceptable until now.
func (s *Service) newlyRefused(now *snapshot, rows map[string]string) error {
	_, refused := s.combine(rows)
	for _, key := range slices.Sorted(maps.Keys(refused)) {
		if _, known := now.refused[key]; !known {
			return refused[key]
		}
	}
	return nil
}

// load reads the rows and publishes what they make. The caller holds s.change.
func (s *Service) load(ctx context.Context) (*snapshot, error) {
	rows, version, err := s.db.Settings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	next := &snapshot{rows: rows, version: version}
	next.settings, next.refused = s.combine(rows)
	old := s.now.Swap(next)
	for _, key := range slices.Sorted(maps.Keys(next.refused)) {
		if old == nil || old.refused[key] == nil {
			s.log.WarnContext(ctx, "stored setting ignored", "setting", key, "err", next.refused[key])
		}
	}
	return next, nil
}
