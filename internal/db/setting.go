package db

import (
	"context"
	"fmt"
)

const (
	selectSettings        = `SELECT name, value FROM settings`
	selectSettingsVersion = `SELECT value FROM versions WHERE name = 'settings'`
	upsertSetting         = `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	deleteSetting         = `DELETE FROM settings WHERE name = $1`
	bumpSettings          = `UPDATE versions SET value = value + 1 WHERE name = 'settings'`
)

// Settings returns the settings that differ from their defaults, and their version.
// Values that change in between come with the older version, so that comparing
// versions later finds the change.
func (d *DB) Settings(ctx context.Context) (values map[string]string, version int64, err error) {
	if version, err = d.SettingsVersion(ctx); err != nil {
		return nil, 0, err
	}
	rows, err := d.reader.query(ctx, selectSettings)
	type pair struct{ name, value string }
	pairs, err := collect(rows, err, func(s scanner) (p pair, err error) { return p, s.Scan(&p.name, &p.value) })
	if err != nil {
		return nil, 0, d.fail("read settings", err)
	}
	values = make(map[string]string, len(pairs))
	for _, p := range pairs {
		values[p.name] = p.value
	}
	return values, version, nil
}

// SettingsVersion returns a number that grows with every change of a setting.
func (d *DB) SettingsVersion(ctx context.Context) (int64, error) {
	v, err := scanID(d.reader.row(ctx, selectSettingsVersion))
	if err != nil {
		return 0, d.fail("read the version of the settings", err)
	}
	return v, nil
}

// SetSetting stores the value of a setting.
func (t *Tx) SetSetting(ctx context.Context, key, value string) error {
	return t.changeSetting(ctx, upsertSetting, key, value)
}

// ResetSetting gives a setting its default again; no error if it had none stored.
func (t *Tx) ResetSetting(ctx context.Context, key string) error {
	return t.changeSetting(ctx, deleteSetting, key)
}

func (t *Tx) changeSetting(ctx context.Context, text string, args ...any) error {
	// The version comes first: its lock puts changes of settings in a row.
	if _, err := t.exec(ctx, bumpSettings); err != nil {
		return fmt.Errorf("count up the version of the settings: %w", err)
	}
	if _, err := t.exec(ctx, text, args...); err != nil {
		return fmt.Errorf("change a setting: %w", err)
	}
	return nil
}
