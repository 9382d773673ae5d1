package account_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestBanned(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, ban, address string
		banned             bool
	}{
		{"the address", "192.0.2.7", "192.0.2.7", true},
		{"its neighbour", "192.0.2.7", "192.0.2.8", false},
		{"mapped into IPv6", "192.0.2.7", "::ffff:192.0.2.7", true},
		{"ban written mapped", "::ffff:192.0.2.7", "192.0.2.7", true},
		{"network", "192.0.2.0/24", "192.0.2.200", true},
		{"network written with an address in it", "192.0.2.77/24", "192.0.2.200", true},
		{"network, mapped address", "192.0.2.0/24", "::ffff:192.0.2.200", true},
		{"mapped network", "::ffff:192.0.2.0/120", "192.0.2.200", true},
		{"outside the network", "192.0.2.0/24", "192.0.3.1", false},
		{"stars", "192.0.*.*", "192.0.77.1", true},
		{"IPv6 network", "2001:db8::/32", "2001:db8:1::1", true},
		{"IPv6 address with a zone", "fe80::1", "fe80::1%eth0", true},
		{"outside the IPv6 network", "2001:db8::/32", "2001:db9::1", false},
		{"no address", "192.0.2.7", "", false},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				var a netip.Addr
				if test.address != "" {
					a = netip.MustParseAddr(test.address)
				}
				if h.Banned(t.Context(), a) != nil {
					t.Fatal("banned before the ban")
				}
				if _, err := h.AddBan(t.Context(), test.ban, "Go away", time.Time{}); err != nil {
					t.Fatal(err)
				}
				got := h.Banned(t.Context(), a)
				if (got != nil) != test.banned || got != nil && got.Text() != "Go away" {
					t.Errorf("banned by %+v, want %v", got, test.banned)
				}
				if err := h.RemoveBan(t.Context(), test.ban); err != nil {
					t.Fatal(err)
				}
				if h.Banned(t.Context(), a) != nil {
					t.Error("banned after the ban was removed")
				}
			})
		}
	})
}

func TestBanRefusals(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	for _, test := range []struct {
		name, address, message string
		expires                time.Time
	}{
		{"no address", "everybody", "", time.Time{}},
		{"everybody", "0.0.0.0/0", "", time.Time{}},
		{"everybody, mapped", "::ffff:0.0.0.0/96", "", time.Time{}},
		{"a book", "192.0.2.7", strings.Repeat("x", 501), time.Time{}},
		{"in the past", "192.0.2.7", "", h.clock.Now().Add(-time.Hour)},
	} {
		if _, err := h.AddBan(t.Context(), test.address, test.message, test.expires); !vitrine.Is(err, vitrine.CodeInvalid) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if err := h.RemoveBan(t.Context(), "192.0.2.7"); !vitrine.Is(err, vitrine.CodeNotFound) {
		t.Errorf("removing no ban: %v", err)
	}
}

func TestBansExpireAndTravel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, b := open(t, d), open(t, d)
		if b.Banned(t.Context(), here) != nil {
			t.Fatal("banned before the ban")
		}
		if _, err := a.AddBan(t.Context(), here.String(), "", a.clock.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if a.Banned(t.Context(), here) == nil {
			t.Error("not banned where it was done")
		}
		b.clock.Add(account.RevocationDelay)
		if got := b.Banned(t.Context(), here); got == nil || got.Text() != vitrine.BanMessage {
			t.Errorf("not banned elsewhere after the delay: %+v", got)
		}
		b.clock.Add(time.Hour)
		if b.Banned(t.Context(), here) != nil {
			t.Error("banned after the ban expired")
		}
		// The same prefix again replaces the ban.
		if _, err := a.AddBan(t.Context(), here.String(), "Second", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if list, err := a.Bans(t.Context()); err != nil || len(list) != 1 || list[0].Message != "Second" {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestBansSurviveTheDatabase(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	h := open(t, d)
	if _, err := h.AddBan(t.Context(), here.String(), "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if h.Banned(t.Context(), here) == nil {
		t.Fatal("not banned")
	}
	d.Close()
	h.clock.Add(time.Minute)
	if h.Banned(t.Context(), here) == nil {
		t.Error("a silent database let the banned in")
	}
}

func BenchmarkBanned(b *testing.B) {
	d := dbtest.SQLite(b)
	h := open(b, d)
	err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
		for i := range 10_000 {
			p, err := vitrine.ParseBan(fmt.Sprintf("10.%d.%d.0/24", i/256, i%256))
			if err != nil {
				return err
			}
			if err := tx.CreateBan(ctx, &vitrine.Ban{Prefix: p, CreatedAt: time.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if h.Banned(b.Context(), here) != nil {
			b.Fatal("banned")
		}
	}
}
