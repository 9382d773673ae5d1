package db

import (
	"context"
	"fmt"
	"net/netip"

	"vitrine/internal/vitrine"
)

const (
	selectBans = `SELECT b.id, b.created_at, b.expires_at, b.prefix, b.message FROM bans b ORDER BY b.id`
	upsertBan  = `INSERT INTO bans (created_at, expires_at, prefix, message) VALUES ($1, $2, $3, $4)
		ON CONFLICT (prefix) DO UPDATE SET created_at = excluded.created_at, expires_at = excluded.expires_at, message = excluded.message
		RETURNING id`
	deleteBan = `DELETE FROM bans WHERE prefix = $1`
)

func scanBan(s scanner) (vitrine.Ban, error) {
	var (
		b                vitrine.Ban
		created, expires int64
		prefix           string
	)
	if err := s.Scan(&b.ID, &created, &expires, &prefix, &b.Message); err != nil {
		return b, err
	}
	p, err := netip.ParsePrefix(prefix)
	b.Prefix, b.CreatedAt, b.ExpiresAt = p, instant(created), instant(expires)
	return b, err
}

// Bans returns all bans, oldest first, the expired ones too.
func (d *DB) Bans(ctx context.Context) ([]vitrine.Ban, error) {
	rows, err := d.reader.query(ctx, selectBans)
	list, err := collect(rows, err, scanBan)
	if err != nil {
		return nil, d.fail("list bans", err)
	}
	return list, nil
}

// CreateBan adds a ban and sets its ID. A ban of the same prefix is replaced.
func (t *Tx) CreateBan(ctx context.Context, b *vitrine.Ban) error {
	id, err := scanID(t.row(ctx, upsertBan, micros(b.CreatedAt), micros(b.ExpiresAt), b.Prefix.Masked().String(), b.Message))
	if err != nil {
		return fmt.Errorf("create a ban: %w", err)
	}
	b.ID = id
	return nil
}

// DeleteBan removes the ban of exactly this prefix, or returns CodeNotFound.
func (t *Tx) DeleteBan(ctx context.Context, p netip.Prefix) error {
	return t.change(ctx, "ban", deleteBan, p.Masked().String())
}
