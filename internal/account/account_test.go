package account_test

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/settings"
	"vitrine/internal/vitrine"
)

var here = netip.MustParseAddr("192.0.2.7")

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is the service of one process.
type house struct {
	*account.Service
	settings *settings.Service
	clock    *clock
}

func open(t testing.TB, d *db.DB) house {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := settings.New(t.Context(), settings.Config{DB: d, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	return house{account.New(account.Config{DB: d, Settings: s, Clock: c.Now, Logger: log}), s, c}
}

func (h house) user(t testing.TB, name string) *vitrine.User {
	t.Helper()
	u, err := h.CreateUser(t.Context(), account.NewUser{Username: name, Email: name + "@example.org", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (h house) key(t testing.TB, name string) (secret, publicID string) {
	t.Helper()
	secret, key, err := h.CreateKey(t.Context(), name, "test")
	if err != nil {
		t.Fatal(err)
	}
	return secret, key.PublicID
}

func (h house) set(t testing.TB, key, value string) {
	t.Helper()
	if err := h.settings.Set(t.Context(), key, value); err != nil {
		t.Fatal(err)
	}
}

// allows reports whether the key is taken for that of a user.
func (h house) allows(t testing.TB, key string) bool {
	t.Helper()
	a, err := h.Authenticate(t.Context(), key, here)
	if err != nil && !vitrine.Is(err, vitrine.CodeUnauthorized) {
		t.Fatal(err)
	}
	return err == nil && a.User != nil
}

func upload(t testing.TB, d *db.DB, owner int64) *vitrine.File {
	t.Helper()
	f := &vitrine.File{
		Slug: "abcdefg", OwnerID: owner, Storage: "local", Name: "a", Extension: "png", Format: vitrine.PNG,
		Size: 1, Width: 1, Height: 1, MD5: "d41d8cd98f00b204e9800998ecf8427e", StorageMode: vitrine.Direct,
		Privacy: vitrine.PrivacyPublic, UploaderIP: here, CreatedAt: time.Now().UTC(), UploadedAt: time.Now().UTC(),
	}
	if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, make([]byte, 32)) }); err != nil {
		t.Fatal(err)
	}
	return f
}
