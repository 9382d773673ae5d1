package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// TestRightsAreNew: what was remembered when a file was public is not served after
// that has changed, here at once and on another node within two seconds.
func TestRightsAreNew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		st := newLocal(t)
		k, node := newKit(t, d, st, options{}), newKit(t, d, st, options{})
		owner := k.user(vitrine.RoleUser)
		public, private := k.album(owner, vitrine.PrivacyPublic), k.album(owner, vitrine.PrivacyPrivate)
		locked := k.album(owner, vitrine.PrivacyPassword)
		edit := func(a *vitrine.Album, e catalog.AlbumEdit) *vitrine.Album {
			t.Helper()
			a, err := k.EditAlbum(t.Context(), owner, a.Slug, e)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		type change struct {
			name  string
			actor vitrine.Actor
			paths []string
			at    time.Time
		}
		var gone []change
		for _, c := range []struct {
			name  string
			album int64
			actor vitrine.Actor
			deed  func(f *vitrine.File)
		}{
			{"album made private", public.ID, guest, func(*vitrine.File) {
				edit(public, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPrivate)})
			}},
			{"moved into a private album", 0, guest, func(f *vitrine.File) {
				if _, err := k.EditFile(t.Context(), owner, f.Slug, catalog.FileEdit{Album: to(string(private.Slug))}); err != nil {
					t.Fatal(err)
				}
			}},
			{"many moved into a private album", 0, guest, func(f *vitrine.File) {
				if n, err := k.EditFiles(t.Context(), owner, []vitrine.Slug{f.Slug}, catalog.FilesEdit{Album: to(string(private.Slug))}); err != nil || n != 1 {
					t.Fatal(n, err)
				}
			}},
			{"password changed", locked.ID, with(guest, locked.Pass), func(*vitrine.File) {
				edit(locked, catalog.AlbumEdit{Password: to("another")})
			}},
			{"deleted with its album", private.ID, owner, func(*vitrine.File) {
				if err := k.DeleteAlbum(t.Context(), owner, private.Slug, true); err != nil {
					t.Fatal(err)
				}
			}},
			{"made to expire", 0, guest, func(f *vitrine.File) {
				if _, err := k.EditFile(t.Context(), owner, f.Slug, catalog.FileEdit{Expiration: &vitrine.Expiration{Time: time.Hour}}); err != nil {
					t.Fatal(err)
				}
				k.now.Store(noon.Add(time.Hour).UnixMicro())
				node.now.Store(noon.Add(time.Hour).UnixMicro())
			}},
		} {
			f := k.file(strings.ReplaceAll(c.name, " ", "-"), func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), c.album })
			paths := []string{f.Key(), f.VariantKey(vitrine.Thumb), f.VariantKey(vitrine.Medium)}
			for _, path := range paths {
				for _, n := range []*kit{k, node} {
					if _, err := n.read(c.actor, path); err != nil {
						t.Fatalf("%s: before: %v", c.name, err)
					}
				}
			}
			c.deed(f)
			for _, path := range paths {
				_, err := k.read(c.actor, path)
				k.want(c.name+" here", err, vitrine.CodeNotFound)
			}
			gone = append(gone, change{c.name, c.actor, paths, time.Now()})
		}
		for _, c := range gone {
			for {
				late := time.Since(c.at) > 2500*time.Millisecond
				if !slices.ContainsFunc(c.paths, func(path string) bool { _, err := node.read(c.actor, path); return err == nil }) {
					break
				}
				if late {
					t.Errorf("%s: still seen on another node", c.name)
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
		// And what becomes public is there at once.
		shown := k.file("shown", func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), locked.ID })
		_, err := k.read(guest, shown.Key())
		k.want("locked", err, vitrine.CodeNotFound)
		if _, err := k.read(owner, shown.Key()); err != nil {
			t.Error(err)
		}
		if a := edit(locked, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPublic)}); a.Pass != "" {
			t.Error("a public album has a pass")
		}
		if _, err := k.read(guest, shown.Key()); err != nil {
			t.Error(err)
		}
	})
}
