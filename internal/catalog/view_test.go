package catalog_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36"

// written runs the service for a moment, so that it writes what it has counted.
func (k *kit) written() {
	k.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := k.Run(ctx); err != nil {
		k.Fatal(err)
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		a := k.album(owner, vitrine.PrivacyPublic)
		f := k.row(func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), a.ID })
		from := func(address string) vitrine.Actor { return vitrine.Actor{Address: netip.MustParseAddr(address)} }
		for i, c := range []struct {
			after time.Duration
			actor vitrine.Actor
			agent string
			views int64
		}{
			{0, guest, browser, 1},
			{0, guest, browser, 1},                       // again
			{time.Minute, guest, browser + " Edg/1", 2},  // another browser
			{time.Minute, from("192.0.2.9"), browser, 3}, // another address
			{time.Minute, from("2001:db8::1"), browser, 4},
			{time.Minute, from("2001:db8::2"), browser, 4}, // of the same home
			{time.Minute, owner, browser, 4},
			{time.Minute, other, browser, 4}, // at the guest's machine
			{59 * time.Minute, guest, browser, 4},
			{time.Hour, guest, browser, 5},
			{119 * time.Minute, guest, browser, 5},
			{2 * time.Hour, guest, browser, 6},
			{3 * time.Hour, guest, "Mozilla/5.0 (compatible; Googlebot/2.1)", 6},
			{3 * time.Hour, guest, "", 6},
		} {
			k.now.Store(noon.Add(c.after).UnixMicro())
			k.CountView(c.actor, f, c.agent)
			k.CountAlbumView(c.actor, a, c.agent)
			k.written()
			album, err := k.Album(t.Context(), guest, a.Slug)
			if got := k.fileBySlug(f.Slug).Views; err != nil || got != c.views || album.Views != c.views {
				t.Errorf("%d: %d views, album %d, %v; want %d", i, got, album.Views, err, c.views)
			}
		}
	})
}

// TestViewsTogether: none is lost or counted twice, whoever writes.
func TestViewsTogether(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), newLocal(t), options{})
	f := k.row(nothing)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 200 {
				k.CountView(vitrine.Actor{Address: netip.AddrFrom4([4]byte{192, 0, byte(i), byte(j)})}, f, browser)
			}
		})
	}
	all.Wait()
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := k.fileBySlug(f.Slug).Views; n != 1600 {
		t.Errorf("%d views", n)
	}
}

// TestViewsSurvive a database that fails for a while.
func TestViewsSurvive(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		f := k.row(nothing)
		k.CountView(guest, f, browser)
		rename := func(from, to string) {
			t.Helper()
			k.tx(func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.SQL().ExecContext(ctx, fmt.Sprintf("ALTER TABLE %s RENAME TO %s", from, to))
				return err
			})
		}
		rename("files", "away")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := k.Run(ctx); err == nil {
			t.Error("a failing database is no error")
		}
		rename("away", "files")
		k.CountView(vitrine.Actor{Address: netip.MustParseAddr("192.0.2.99")}, f, browser)
		k.written()
		if n := k.fileBySlug(f.Slug).Views; n != 2 {
			t.Errorf("%d views", n)
		}
	})
}

func TestRobots(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]bool{
		"": true, " ": true, "curl/8.5.0": true, "Wget/1.21": true, "python-requests/2.32": true, "Go-http-client/2.0": true, "facebookexternalhit/1.1": true,
		"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": true, "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)": true,
		"WhatsApp/2.23.20.0": true, "TelegramBot (like TwitterBot)": true, "Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/)": true,
		"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html)": true,
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)":                                                                                      true, "Mozilla/5.0 (compatible; Yahoo! Slurp)": true, "SkypeUriPreview Preview/0.5": true,
		browser: false,
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                             false,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1":                      false,
		"Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                                      false,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]":                                false,
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 Telegram-Android/11.0 (Pixel; Android)": false,
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                                        false,
	} {
		if got := catalog.Robot(agent); got != want {
			t.Errorf("%q: %v", agent, got)
		}
	}
}

// TestViewsAreBounded: more visitors than are remembered cost no more memory.
func TestViewsAreBounded(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), newLocal(t), options{})
	f := k.row(nothing)
	const agent = "Mozilla"
	for i := range 250_000 {
		k.CountView(vitrine.Actor{Address: netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})}, f, agent)
	}
	now, old := catalog.Remembered(k.Service)
	if now > 100_000 || old > 100_000 {
		t.Errorf("%d and %d visits remembered", now, old)
	}
	for i := range int64(120_000) {
		k.CountView(guest, &vitrine.File{ID: i + 10}, agent)
	}
	if n := catalog.Waiting(k.Service); n > 100_000 {
		t.Errorf("%d files waiting", n)
	}
}

func BenchmarkCountView(b *testing.B) {
	k := newKit(b, dbtest.SQLite(b), newLocal(b), options{})
	f := k.row(nothing)
	for b.Loop() {
		k.CountView(guest, f, browser)
	}
}
