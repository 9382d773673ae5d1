package settings_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/settings"
	"vitrine/internal/vitrine"
)

func open(t *testing.T, d *db.DB, pins map[string]string) *settings.Service {
	t.Helper()
	s, err := settings.New(t.Context(), settings.Config{DB: d, Pinned: pins, Refresh: 20 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// row stores a value behind the service's back.
func row(t *testing.T, d *db.DB, key, value string) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.SetSetting(ctx, key, value) })
	if err != nil {
		t.Fatal(err)
	}
}

func value(t *testing.T, s *settings.Service, key string) string {
	t.Helper()
	v, err := s.Value(key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		row(t, d, "upload_max_size", "7MB")
		row(t, d, "site_name", "Row")
		s := open(t, d, map[string]string{"site_name": "Pin", "guest_api": "on"})
		for key, want := range map[string]string{
			"site_name": "Pin", "upload_max_size": "7MB", "guest_api": "on", "medium_size": "500",
		} {
			if got := value(t, s, key); got != want {
				t.Errorf("%s = %q, want %q", key, got, want)
			}
		}
		if s.Current().UploadMaxSize != 7e6 {
			t.Errorf("upload_max_size is %d bytes", s.Current().UploadMaxSize)
		}
	})
}

func TestSetAndReset(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		key, value string
		code       vitrine.Code // empty: accepted
		want       string       // value afterwards
	}{
		{"plain", "site_name", "Photos", "", "Photos"},
		{"canonical form is stored", "guest_api", "yes", "", "on"},
		{"part of a list of limits keeps the rest", "max_pixels", "avif=12", "", "jpeg=100 progressive=50 png=100 webp=100 gif=50 avif=12 heic=40 bmp=100 frame=50 animation=500"},
		{"unacceptable value", "upload_max_size", "big", vitrine.CodeInvalid, "20MB"},
		{"unknown key", "colour", "red", vitrine.CodeInvalid, ""},
		{"pinned key", "medium_size", "300", vitrine.CodeForbidden, "400"},
		{"value that breaks another row", "languages", "en,nb", vitrine.CodeInvalid, "en,nb,ru,ja,zh-CN"},
		{"route that is taken", "route_image", "clip", vitrine.CodeInvalid, "image"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, map[string]string{"medium_size": "400"})
		if err := s.Set(t.Context(), "language", "ja"); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				err := s.Set(t.Context(), test.key, test.value)
				if vitrine.CodeOf(err) != test.code {
					t.Fatalf("Set: %v, want code %q", err, test.code)
				}
				if test.want == "" {
					return
				}
				if got := value(t, s, test.key); got != test.want {
					t.Errorf("now %q, want %q", got, test.want)
				}
				if test.code != "" {
					return
				}
				if err := s.Reset(t.Context(), test.key); err != nil {
					t.Fatal(err)
				}
				usual, _ := vitrine.DefaultSettings().Value(test.key)
				if got := value(t, s, test.key); got != usual {
					t.Errorf("after Reset %q, want %q", got, usual)
				}
			})
		}
		if err := s.Reset(t.Context(), "medium_size"); !vitrine.Is(err, vitrine.CodeForbidden) {
			t.Errorf("Reset of a pinned key: %v", err)
		}
		if err := s.Reset(t.Context(), "colour"); !vitrine.Is(err, vitrine.CodeInvalid) {
			t.Errorf("Reset of an unknown key: %v", err)
		}
	})
}

func TestRoutesMaySwap(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	s := open(t, d, nil)
	for _, step := range [][2]string{{"route_video", "film"}, {"route_image", "clip"}, {"route_video", "image"}} {
		if err := s.Set(t.Context(), step[0], step[1]); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, d, nil).Current()
	if again.RouteImage != "clip" || again.RouteVideo != "image" {
		t.Errorf("routes are %q and %q", again.RouteImage, again.RouteVideo)
	}
}

func TestBadRowsAreIgnored(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		rows     map[string]string
		pins     map[string]string
		key      string
		want     string
		complain string // key named in the log
	}{
		{"unacceptable value", map[string]string{"upload_max_size": "much", "site_name": "Kept"}, nil, "site_name", "Kept", "upload_max_size"},
		{"unknown key of another version", map[string]string{"flux": "1", "site_name": "Kept"}, nil, "site_name", "Kept", "flux"},
		{"language that is not offered", map[string]string{"languages": "ja,nb", "language": "ru"}, nil, "language", "ja", "language"},
		{"row at odds with a pin", map[string]string{"languages": "en"}, map[string]string{"language": "ja"}, "language", "ja", "languages"},
		{"row takes a pinned route", map[string]string{"route_album": "pic"}, map[string]string{"route_image": "pic"}, "route_album", "album", "route_album"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := dbtest.SQLite(t)
			for k, v := range test.rows {
				row(t, d, k, v)
			}
			var log bytes.Buffer
			s, err := settings.New(t.Context(), settings.Config{DB: d, Pinned: test.pins, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			if got := value(t, s, test.key); got != test.want {
				t.Errorf("%s = %q, want %q", test.key, got, test.want)
			}
			if !strings.Contains(log.String(), "setting="+test.complain+" ") {
				t.Errorf("log does not name %s:\n%s", test.complain, &log)
			}
			// What was bad before must not keep others from being set.
			if err := s.Set(t.Context(), "tags_per_file", "3"); err != nil {
				t.Errorf("Set after a bad row: %v", err)
			}
		})
	}
}

func TestBadPinsAreRefused(t *testing.T) {
	t.Parallel()
	_, err := settings.New(t.Context(), settings.Config{DB: dbtest.SQLite(t), Pinned: map[string]string{"site_name": "", "colour": "red", "language": "nb"}})
	if err == nil || !strings.Contains(err.Error(), "colour") || !strings.Contains(err.Error(), "site_name") || strings.Contains(err.Error(), "language") {
		t.Errorf("error does not name exactly the bad pins: %v", err)
	}
}

func TestTwoNodesFollowEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, b := open(t, d, nil), open(t, d, map[string]string{"tags_per_file": "9"})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Run(ctx) }()
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
		snapshot := b.Current()
		for key, v := range map[string]string{"site_name": "Followed", "tags_per_file": "5"} {
			if err := a.Set(t.Context(), key, v); err != nil {
				t.Fatal(err)
			}
		}
		waitFor(t, func() bool { return b.Current().SiteName == "Followed" })
		if b.Current().TagsPerFile != 9 {
			t.Error("a row went over a pin")
		}
		if snapshot.SiteName != "Vitrine" {
			t.Error("a snapshot in use was changed")
		}
		if err := a.Reset(t.Context(), "site_name"); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return b.Current().SiteName == "Vitrine" })
	})
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing happened within 30 s")
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s := open(t, dbtest.SQLite(t), map[string]string{"guest_key": "sesame", "language": "nb"})
	if err := s.Set(t.Context(), "site_name", "Listed"); err != nil {
		t.Fatal(err)
	}
	list := s.List()
	if len(list) != len(vitrine.AllSettings()) {
		t.Fatalf("%d entries", len(list))
	}
	for _, e := range list {
		if e.Help == "" {
			t.Errorf("%s has no help", e.Key)
		}
		switch e.Key {
		case "site_name":
			if e.Value != "Listed" || !e.Changed || e.Pinned {
				t.Errorf("%+v", e)
			}
		case "language":
			if e.Value != "nb" || !e.Changed || !e.Pinned {
				t.Errorf("%+v", e)
			}
		case "guest_key":
			if e.Value != "" || !e.Secret || !e.Pinned {
				t.Errorf("the list shows a secret: %+v", e)
			}
		default:
			if e.Changed || e.Pinned {
				t.Errorf("%+v", e)
			}
		}
	}
}
