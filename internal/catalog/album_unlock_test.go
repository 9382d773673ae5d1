package catalog_test

import (
	"errors"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestUnlockAlbum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		a := k.album(owner, vitrine.PrivacyPassword)
		f := k.file("a", func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), a.ID })
		for name, password := range map[string]string{"wrong": "sesame", "empty": "", "case": "Open Sesame", "long": strings.Repeat("x", 9999), "the pass": a.Pass} {
			pass, err := k.UnlockAlbum(t.Context(), guest, a.Slug, password)
			k.want(name, err, vitrine.CodePassword)
			if pass != "" {
				t.Errorf("%s: %q", name, pass)
			}
		}
		pass, err := k.UnlockAlbum(t.Context(), guest, a.Slug, albumPassword)
		if err != nil || pass != a.Pass || len(pass) < 20 || strings.ContainsAny(pass, ". ;,\"") {
			t.Fatalf("%q, %v", pass, err)
		}
		for _, path := range []string{f.Key(), f.VariantKey(vitrine.Thumb)} {
			_, err := k.read(guest, path)
			k.want("without the pass", err, vitrine.CodeNotFound)
			if _, err := k.read(with(guest, pass), path); err != nil {
				t.Error(err)
			}
		}
		// Another album with the same password has another pass.
		b := k.album(owner, vitrine.PrivacyPassword)
		if b.Pass == a.Pass {
			t.Error("two albums share a pass")
		}
		_, err = k.Album(t.Context(), with(guest, pass), b.Slug)
		k.want("another album", err, vitrine.CodePassword)
		// A new password, the same one again, or privacy away and back: a new pass.
		last := pass
		for name, edits := range map[string][]catalog.AlbumEdit{
			"new password":  {{Password: to("another")}},
			"same password": {{Password: to("another")}},
			"away and back": {{Privacy: to(vitrine.PrivacyPublic)}, {Privacy: to(vitrine.PrivacyPassword), Password: to("another")}},
		} {
			var got *vitrine.Album
			for _, e := range edits {
				if got, err = k.EditAlbum(t.Context(), owner, a.Slug, e); err != nil {
					t.Fatal(err)
				}
			}
			if got.Pass == "" || got.Pass == last {
				t.Errorf("%s: pass %q", name, got.Pass)
			}
			_, err := k.read(with(guest, last), f.Key())
			k.want(name+", the old pass", err, vitrine.CodeNotFound)
			_, err = k.UnlockAlbum(t.Context(), guest, a.Slug, albumPassword)
			k.want(name+", the old password", err, vitrine.CodePassword)
			if last, err = k.UnlockAlbum(t.Context(), guest, a.Slug, "another"); err != nil || last != got.Pass {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Other changes keep the pass.
		if got, err := k.EditAlbum(t.Context(), owner, a.Slug, catalog.AlbumEdit{Name: to("New"), Privacy: to(vitrine.PrivacyPassword), Password: to("")}); err != nil || got.Pass != last {
			t.Errorf("%+v, %v", got, err)
		}
		for name, c := range map[string]struct {
			slug vitrine.Slug
			code vitrine.Code
		}{
			"public":  {k.album(owner, vitrine.PrivacyPublic).Slug, ""},
			"private": {k.album(owner, vitrine.PrivacyPrivate).Slug, vitrine.CodeNotFound},
			"unknown": {"nosuch", vitrine.CodeNotFound},
		} {
			pass, err := k.UnlockAlbum(t.Context(), guest, c.slug, albumPassword)
			k.want(name, err, c.code)
			if pass != "" {
				t.Errorf("%s: %q", name, pass)
			}
		}
		// What is made within it opens with it, unless it has its own.
		for name, n := range map[string]catalog.NewAlbum{
			"inherited": {}, "as the form says": {Privacy: vitrine.PrivacyPassword}, "its own": {Privacy: vitrine.PrivacyPassword, Password: "own"},
		} {
			n.OwnerID, n.Name, n.Parent = owner.UserID(), name, a.Slug
			sub, err := k.CreateAlbum(t.Context(), n)
			if err != nil || sub.Privacy != vitrine.PrivacyPassword || (sub.Pass == last) != (name != "its own") {
				t.Errorf("%s: %+v, %v", name, sub, err)
				continue
			}
			password := "another"
			if name == "its own" {
				password = "own"
			}
			if got, err := k.UnlockAlbum(t.Context(), guest, sub.Slug, password); err != nil || got != sub.Pass {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestGuessing counts on two nodes together.
func TestGuessing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		st := newLocal(t)
		k, node := newKit(t, d, st, options{}), newKit(t, d, st, options{})
		owner := k.user(vitrine.RoleUser)
		a, b := k.album(owner, vitrine.PrivacyPassword), k.album(owner, vitrine.PrivacyPassword)
		from := func(address string) vitrine.Actor { return vitrine.Actor{Address: netip.MustParseAddr(address)} }
		var wrong, flood atomic.Int32
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				_, err := []*kit{k, node}[i%2].UnlockAlbum(t.Context(), guest, a.Slug, "guess")
				switch vitrine.CodeOf(err) {
				case vitrine.CodePassword:
					wrong.Add(1)
				case vitrine.CodeFlood:
					flood.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wrong.Load() != 10 || flood.Load() != 6 {
			t.Errorf("%d guesses, %d refused", wrong.Load(), flood.Load())
		}
		_, err := k.UnlockAlbum(t.Context(), guest, a.Slug, albumPassword)
		k.want("even the right one", err, vitrine.CodeFlood)
		if e := retryAfter(err); e < 1 || e > 900 {
			t.Errorf("try again after %d s", e)
		}
		for name, c := range map[string]struct {
			actor vitrine.Actor
			slug  vitrine.Slug
		}{"another album": {guest, b.Slug}, "another address": {from("192.0.2.8"), a.Slug}} {
			if _, err := node.UnlockAlbum(t.Context(), c.actor, c.slug, albumPassword); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		k.now.Store(noon.Add(15*time.Minute + time.Second).UnixMicro())
		if _, err := k.UnlockAlbum(t.Context(), guest, a.Slug, albumPassword); err != nil {
			t.Errorf("after the window: %v", err)
		}
		// Who knows the password may come as often as they like.
		for range 12 {
			if _, err := k.UnlockAlbum(t.Context(), guest, a.Slug, albumPassword); err != nil {
				t.Fatal(err)
			}
		}
		// A home with IPv6 is one address.
		for i := range 11 {
			_, err := k.UnlockAlbum(t.Context(), from(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(i)}).String()), b.Slug, "guess")
			k.want("from one of many addresses", err, map[bool]vitrine.Code{true: vitrine.CodePassword, false: vitrine.CodeFlood}[i < 10])
		}
	})
}

// TestGuessingTogether: many addresses share what an album allows.
func TestGuessingTogether(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), newLocal(t), options{})
	owner := k.user(vitrine.RoleUser)
	a := k.album(owner, vitrine.PrivacyPassword)
	for i := range 101 {
		from := vitrine.Actor{Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}
		_, err := k.UnlockAlbum(t.Context(), from, a.Slug, "guess")
		k.want("guess", err, map[bool]vitrine.Code{true: vitrine.CodePassword, false: vitrine.CodeFlood}[i < 100])
		if i == 100 && retryAfter(err) > 3600 {
			t.Error(err)
		}
	}
}

func retryAfter(err error) int {
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}
