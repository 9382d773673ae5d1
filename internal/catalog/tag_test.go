package catalog_test

import (
	"strings"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestLikes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		hidden := k.album(owner, vitrine.PrivacyPrivate)
		f := k.row(func(f *vitrine.File) { f.OwnerID = owner.UserID() })
		secret := k.row(func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), hidden.ID })
		for i, c := range []struct {
			actor vitrine.Actor
			on    bool
			likes int64
		}{{other, true, 1}, {other, true, 1}, {owner, true, 2}, {other, false, 1}, {other, false, 1}, {owner, false, 0}} {
			n, err := k.Like(t.Context(), c.actor, f.Slug, c.on)
			liked, err2 := k.Liked(t.Context(), c.actor, f.ID)
			if err != nil || err2 != nil || n != c.likes || liked != c.on || k.fileBySlug(f.Slug).Likes != c.likes {
				t.Errorf("%d: %d likes, %v, %v, %v", i, n, liked, err, err2)
			}
		}
		_, err := k.Like(t.Context(), guest, f.Slug, true)
		k.want("guest", err, vitrine.CodeUnauthorized)
		_, err = k.Like(t.Context(), other, secret.Slug, true)
		k.want("hidden", err, vitrine.CodeNotFound)
		_, err = k.Like(t.Context(), other, "nosuch", true)
		k.want("unknown", err, vitrine.CodeNotFound)
		if liked, err := k.Liked(t.Context(), guest, f.ID); err != nil || liked {
			t.Errorf("guest likes: %v, %v", liked, err)
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		hidden := k.album(owner, vitrine.PrivacyUnlisted)
		tagged := func(album int64, names ...string) {
			k.row(func(f *vitrine.File) {
				f.OwnerID, f.AlbumID = owner.UserID(), album
				for _, n := range names {
					f.Tags = append(f.Tags, vitrine.Tag{Name: n})
				}
			})
		}
		tagged(0, "cat", "猫", "New York")
		tagged(0, "cat", "Catalog")
		tagged(hidden.ID, "cat", "catnip", "secret")
		if tag, err := k.Tag(t.Context(), guest, " cat "); err != nil || tag.Name != "cat" || tag.ListedCount != 2 {
			t.Errorf("%+v, %v", tag, err)
		}
		for name, c := range map[string]struct {
			actor vitrine.Actor
			tag   string
			code  vitrine.Code
		}{
			"other case":         {guest, "Cat", vitrine.CodeNotFound},
			"hidden, guest":      {guest, "secret", vitrine.CodeNotFound},
			"hidden, other":      {other, "secret", vitrine.CodeNotFound},
			"hidden, owner":      {owner, "secret", ""},
			"of two words":       {guest, "New  York", ""},
			"never used":         {owner, "nosuch", vitrine.CodeNotFound},
			"none that could be": {owner, "a,b/c", vitrine.CodeNotFound},
			"empty":              {owner, "", vitrine.CodeNotFound},
		} {
			_, err := k.Tag(t.Context(), c.actor, c.tag)
			k.want(name, err, c.code)
		}
		names := func(list []vitrine.Tag, err error) string {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
			var s []string
			for _, tag := range list {
				s = append(s, tag.Name)
			}
			return strings.Join(s, ",")
		}
		for prefix, want := range map[string]string{"CA": "cat,Catalog", "cat": "cat,Catalog", "猫": "猫", "new y": "New York", "sec": "", "": "", "%": "", "a_": "", "\x00": ""} {
			if got := names(k.CompleteTags(t.Context(), prefix, 10)); got != want {
				t.Errorf("%q: %q, want %q", prefix, got, want)
			}
		}
		if got := names(k.CompleteTags(t.Context(), "c", 1)); got != "cat" {
			t.Errorf("one: %q", got)
		}
		if got := names(k.PopularTags(t.Context(), 1)); got != "cat" {
			t.Errorf("the most popular: %q", got)
		}
		if got := names(k.PopularTags(t.Context(), 0)); !strings.HasPrefix(got, "cat,") || strings.Contains(got, "secret") || strings.Contains(got, "catnip") {
			t.Errorf("popular: %q", got)
		}
		if _, err := k.CreateCategory(t.Context(), "Big cats", ""); err != nil {
			t.Fatal(err)
		}
		if c, err := k.Category(t.Context(), "big-cats"); err != nil || c.Name != "Big cats" {
			t.Errorf("%+v, %v", c, err)
		}
		for _, key := range []string{"", "nosuch", "Big cats", "\x00", "big-cats "} {
			_, err := k.Category(t.Context(), key)
			k.want(key, err, vitrine.CodeNotFound)
		}
	})
}
