package app_test

import (
	"context"
	"log/slog"
	"net/netip"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/app"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// newNode is a node on the database and the folder of objects; off is how far its clock
// is ahead.
func newNode(t *testing.T, database, folder string, off time.Duration) *app.App {
	t.Helper()
	a, err := openNode(t, database, folder, off)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func openNode(t *testing.T, database, folder string, off time.Duration) (*app.App, error) {
	a, err := app.New(t.Context(), app.Config{
		Data: t.TempDir(), Database: database, Storage: app.Storage{Folder: folder}, Listen: "127.0.0.1:0", Decoders: 1,
		Clock: func() time.Time { return time.Now().Add(off) }, Logger: slog.New(slog.DiscardHandler),
	})
	if err == nil {
		t.Cleanup(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return a, err
}

// Nodes that start at once on an empty database migrate it once and make one account.
func TestNodesStartAtOnce(t *testing.T) {
	t.Parallel()
	database, folder := dbtest.EmptyPostgresURL(t), filepath.Join(t.TempDir(), "images")
	var first atomic.Int64
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			a, err := openNode(t, database, folder, 0)
			if err != nil {
				t.Error(err)
				return
			}
			made, err := a.Account.Bootstrap(context.Background())
			if err != nil {
				t.Error(err)
			}
			if made != nil {
				first.Add(1)
			}
		})
	}
	all.Wait()
	a := newNode(t, database, folder, 0)
	users, err := a.DB.CountUsers(t.Context())
	if err != nil || users != 1 || first.Load() != 1 {
		t.Errorf("%d accounts, %d nodes made one, %v", users, first.Load(), err)
	}
	var twice int
	err = a.DB.SQL().QueryRowContext(t.Context(), `SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`).Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations ran twice, %v", twice, err)
	}
}

// A node whose clock is off by an hour ends nothing early and keeps nothing too long.
func TestNodesWithWrongClocks(t *testing.T) {
	t.Parallel()
	database, folder := dbtest.PostgresURL(t), filepath.Join(t.TempDir(), "images")
	right := newNode(t, database, folder, 0)
	wrong := map[string]*app.App{"ahead": newNode(t, database, folder, time.Hour), "behind": newNode(t, database, folder, -time.Hour)}
	now := time.Now().UTC()
	file := func(name string, expires time.Duration) *vitrine.File {
		f := &vitrine.File{
			Slug: vitrine.Slug(name), Storage: "local", Name: name, Extension: "png", Format: vitrine.PNG, Size: 1, Approved: true,
			MD5: "00000000000000000000000000000000", CreatedAt: now, UploadedAt: now, ExpiresAt: now.Add(expires),
		}
		if err := right.DB.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) }); err != nil {
			t.Fatal(err)
		}
		return f
	}
	if _, err := right.Account.Bootstrap(t.Context()); err != nil {
		t.Fatal(err)
	}
	password := "a fine password"
	if _, err := right.Account.CreateUser(t.Context(), account.NewUser{Username: "ann", Email: "ann@example.org", Role: vitrine.RoleUser, Password: password}); err != nil {
		t.Fatal(err)
	}
	from := netip.MustParseAddr("192.0.2.9")
	for name, a := range wrong {
		if off := time.Until(a.Now()); off.Abs() > 2*time.Second {
			t.Errorf("the node that is %s shows %v more", name, off)
		}
		soon, over := file("soon"+name, 30*time.Minute), file("over"+name, -time.Minute)
		if n, err := a.Catalog.PurgeExpired(t.Context()); err != nil || n != 1 {
			t.Errorf("%s: %d purged, %v", name, n, err)
		}
		if _, err := right.DB.FileByID(t.Context(), over.ID); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("%s: a file that is over: %v", name, err)
		}
		for what, n := range map[string]*app.App{"itself": a, "another": right} {
			if _, err := n.Catalog.Locate(t.Context(), vitrine.Actor{}, soon.Key()); err != nil {
				t.Errorf("%s: a file that expires soon, at %s: %v", name, what, err)
			}
		}
		token, _, err := a.Account.SignIn(t.Context(), account.Credentials{Name: "ann", Password: password, Address: from})
		if err != nil {
			t.Fatal(err)
		}
		_, session, err := right.Account.Session(t.Context(), token, from)
		if err != nil || session.CreatedAt.Sub(now).Abs() > 2*time.Minute {
			t.Errorf("%s: %+v, %v", name, session, err)
		}
		if _, err := a.Account.AddBan(t.Context(), "198.51.100."+map[string]string{"ahead": "1", "behind": "2"}[name], "", a.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
	}
	for _, address := range []string{"198.51.100.1", "198.51.100.2"} {
		for name, a := range map[string]*app.App{"right": right, "ahead": wrong["ahead"], "behind": wrong["behind"]} {
			if a.Account.Banned(t.Context(), netip.MustParseAddr(address)) == nil {
				t.Errorf("%s is not banned at the node that is %s", address, name)
			}
		}
	}
}
