package catalog_test

import (
	"strconv"
	"testing"
	"time"

	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestLockedBy(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), newLocal(t), options{})
	owner, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
	locked, private, open := k.album(owner, vitrine.PrivacyPassword), k.album(owner, vitrine.PrivacyPrivate), k.album(owner, vitrine.PrivacyPublic)
	n := 0
	in := func(a *vitrine.Album, change func(*vitrine.File)) vitrine.Slug {
		n++
		return k.file("f"+strconv.Itoa(n), func(f *vitrine.File) {
			f.OwnerID, f.AlbumID = owner.UserID(), a.ID
			if change != nil {
				change(f)
			}
		}).Slug
	}
	file := in(locked, nil)
	for name, c := range map[string]struct {
		actor vitrine.Actor
		slug  vitrine.Slug
		found bool
	}{
		"guest":                {guest, file, true},
		"another user":         {other, file, true},
		"the owner sees it":    {owner, file, false},
		"private":              {guest, in(private, nil), false},
		"public":               {guest, in(open, nil), false},
		"expired":              {guest, in(locked, func(f *vitrine.File) { f.ExpiresAt = noon.Add(-time.Minute) }), false},
		"waits for moderation": {guest, in(locked, func(f *vitrine.File) { f.Approved = false }), false},
		"unknown":              {guest, "nosuch1", false},
	} {
		a, err := k.LockedBy(t.Context(), c.actor, c.slug)
		if c.found {
			if err != nil || a.ID != locked.ID {
				t.Errorf("%s: %v, %v", name, a, err)
			}
			continue
		}
		k.want(name, err, vitrine.CodeNotFound)
	}
}
