package db_test

import (
	"context"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var last int64
		for _, step := range []struct {
			name string
			do   func(context.Context, *db.Tx) error
			want map[string]string
		}{
			{"first", func(ctx context.Context, tx *db.Tx) error { return tx.SetSetting(ctx, "site_name", "Prøve") }, map[string]string{"site_name": "Prøve"}},
			{"another", func(ctx context.Context, tx *db.Tx) error { return tx.SetSetting(ctx, "guest_key", "") }, map[string]string{"site_name": "Prøve", "guest_key": ""}},
			{"again", func(ctx context.Context, tx *db.Tx) error { return tx.SetSetting(ctx, "site_name", "B") }, map[string]string{"site_name": "B", "guest_key": ""}},
			{"reset", func(ctx context.Context, tx *db.Tx) error { return tx.ResetSetting(ctx, "guest_key") }, map[string]string{"site_name": "B"}},
			{"reset of none", func(ctx context.Context, tx *db.Tx) error { return tx.ResetSetting(ctx, "guest_key") }, map[string]string{"site_name": "B"}},
		} {
			must(t, inTx(t, d, step.do))
			got, version, err := d.Settings(t.Context())
			must(t, err)
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("%s: %s", step.name, diff)
			}
			if version <= last {
				t.Errorf("%s: version %d after %d", step.name, version, last)
			}
			last = version
			if v, err := d.SettingsVersion(t.Context()); v != version || err != nil {
				t.Errorf("%s: version %d, %v", step.name, v, err)
			}
		}
	})
}

func TestBans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		create := func(b *vitrine.Ban) {
			t.Helper()
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateBan(ctx, b) }))
		}
		one := &vitrine.Ban{Prefix: netip.MustParsePrefix("192.0.2.0/24"), Message: "go away", CreatedAt: at(1), ExpiresAt: at(9)}
		two := &vitrine.Ban{Prefix: netip.MustParsePrefix("2001:db8::1/128"), CreatedAt: at(2)}
		create(one)
		create(two)
		again := &vitrine.Ban{Prefix: one.Prefix, Message: "really", CreatedAt: at(3)}
		create(again)
		if again.ID != one.ID {
			t.Errorf("the ban was not replaced: ids %d and %d", one.ID, again.ID)
		}
		got, err := d.Bans(t.Context())
		must(t, err)
		if diff := cmp.Diff([]vitrine.Ban{*again, *two}, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
			t.Error(diff)
		}
		remove := func(ctx context.Context, tx *db.Tx) error { return tx.DeleteBan(ctx, one.Prefix) }
		must(t, inTx(t, d, remove))
		if err := inTx(t, d, remove); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Error(err)
		}
		if got, err := d.Bans(t.Context()); err != nil || len(got) != 1 {
			t.Errorf("%v, %v", got, err)
		}
	})
}
