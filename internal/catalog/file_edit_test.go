package catalog_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestEditFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{pins: map[string]string{"stop_words": "casino", "tags_per_file": "3"}})
		owner, other, admin, manager := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin), k.user(vitrine.RoleManager)
		if _, err := k.CreateCategory(t.Context(), "Cats", ""); err != nil {
			t.Fatal(err)
		}
		mine, theirs, hidden := k.album(owner, vitrine.PrivacyUnlisted), k.album(other, vitrine.PrivacyPublic), k.album(owner, vitrine.PrivacyPrivate)
		f := k.file("a", func(f *vitrine.File) { f.OwnerID = owner.UserID() })
		secret := k.file("s", func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), hidden.ID })

		got, err := k.EditFile(t.Context(), owner, f.Slug, catalog.FileEdit{
			Title: to("  A\ttitle\x00 "), Description: to("One\r\ntwo\x07"), Alt: to("A cat"), Tags: to("cat, dog,cat, ,"),
			Album: to(string(mine.Slug)), Category: to("cats"), NSFW: to(true), Expiration: &vitrine.Expiration{Days: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		var tags []string
		for _, tag := range got.Tags {
			tags = append(tags, tag.Name)
		}
		if got.Title != "A title" || got.Description != "One\ntwo" || got.Alt != "A cat" || !slices.Equal(tags, []string{"cat", "dog"}) ||
			got.AlbumID != mine.ID || got.Privacy != vitrine.PrivacyUnlisted || got.CategoryID == 0 || !got.NSFW || !got.ExpiresAt.Equal(noon.AddDate(0, 0, 1)) {
			t.Errorf("%+v", got)
		}
		// What is nil stays; what is empty goes.
		if got, err = k.EditFile(t.Context(), owner, f.Slug, catalog.FileEdit{Title: to("")}); err != nil || got.Title != "" || got.Alt != "A cat" || len(got.Tags) != 2 || !got.NSFW {
			t.Errorf("%+v, %v", got, err)
		}
		got, err = k.EditFile(t.Context(), owner, f.Slug, catalog.FileEdit{
			Description: to(""), Alt: to(""), Tags: to(""), Album: to(""), Category: to(""), NSFW: to(false), Expiration: &vitrine.Expiration{},
		})
		if err != nil || got.Description != "" || got.Alt != "" || got.Tags != nil || got.AlbumID != 0 || got.CategoryID != 0 || got.NSFW || !got.ExpiresAt.IsZero() || got.Privacy != vitrine.PrivacyPublic {
			t.Errorf("%+v, %v", got, err)
		}

		for name, c := range map[string]struct {
			actor vitrine.Actor
			slug  vitrine.Slug
			e     catalog.FileEdit
			code  vitrine.Code
			field string
		}{
			"title of 100":         {owner, f.Slug, catalog.FileEdit{Title: to(strings.Repeat("長", 100))}, "", ""},
			"title of 101":         {owner, f.Slug, catalog.FileEdit{Title: to(strings.Repeat("長", 101))}, vitrine.CodeInvalid, "title"},
			"description too long": {owner, f.Slug, catalog.FileEdit{Description: to(strings.Repeat("x", 65536))}, vitrine.CodeInvalid, "description"},
			"alt too long":         {owner, f.Slug, catalog.FileEdit{Alt: to(strings.Repeat("x", 501))}, vitrine.CodeInvalid, "alt"},
			"too many tags":        {owner, f.Slug, catalog.FileEdit{Tags: to("a,b,c,d")}, vitrine.CodeInvalid, "tags"},
			"stop word in title":   {owner, f.Slug, catalog.FileEdit{Title: to("Casino!")}, vitrine.CodeStopWord, ""},
			"stop word in text":    {owner, f.Slug, catalog.FileEdit{Description: to("a CASINO")}, vitrine.CodeStopWord, ""},
			"stop word in tag":     {owner, f.Slug, catalog.FileEdit{Tags: to("a,casino")}, vitrine.CodeStopWord, ""},
			"another's album":      {owner, f.Slug, catalog.FileEdit{Album: to(string(theirs.Slug))}, vitrine.CodeInvalid, "album"},
			"unknown album":        {owner, f.Slug, catalog.FileEdit{Album: to("nosuch")}, vitrine.CodeInvalid, "album"},
			"senseless album":      {owner, f.Slug, catalog.FileEdit{Album: to("../x")}, vitrine.CodeInvalid, "album"},
			"unknown category":     {owner, f.Slug, catalog.FileEdit{Category: to("dogs")}, vitrine.CodeInvalid, "category"},
			"senseless category":   {owner, f.Slug, catalog.FileEdit{Category: to("Cats!")}, vitrine.CodeInvalid, "category"},
			"guest":                {guest, f.Slug, catalog.FileEdit{NSFW: to(true)}, vitrine.CodeForbidden, ""},
			"other":                {other, f.Slug, catalog.FileEdit{NSFW: to(true)}, vitrine.CodeForbidden, ""},
			"manager":              {manager, f.Slug, catalog.FileEdit{NSFW: to(true)}, "", ""},
			"admin":                {admin, f.Slug, catalog.FileEdit{NSFW: to(true)}, "", ""},
			"admin, own album":     {admin, f.Slug, catalog.FileEdit{Album: to(string(theirs.Slug))}, vitrine.CodeInvalid, "album"},
			"admin, owner's album": {admin, f.Slug, catalog.FileEdit{Album: to(string(mine.Slug))}, "", ""},
			"manager, hidden one":  {manager, f.Slug, catalog.FileEdit{Album: to(string(hidden.Slug))}, vitrine.CodeInvalid, "album"},
			"hidden, other":        {other, secret.Slug, catalog.FileEdit{NSFW: to(true)}, vitrine.CodeNotFound, ""},
			"hidden, manager":      {manager, secret.Slug, catalog.FileEdit{NSFW: to(true)}, vitrine.CodeNotFound, ""},
			"hidden, owner":        {owner, secret.Slug, catalog.FileEdit{NSFW: to(true)}, "", ""},
			"unknown":              {admin, "nosuch", catalog.FileEdit{NSFW: to(true)}, vitrine.CodeNotFound, ""},
		} {
			_, err := k.EditFile(t.Context(), c.actor, c.slug, c.e)
			k.want(name, err, c.code)
			if e := fieldOf(err); e != c.field {
				t.Errorf("%s: field %q", name, e)
			}
		}
	})
}

func fieldOf(err error) string {
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		return e.Field
	}
	return ""
}

func TestEditFiles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{pins: map[string]string{"stop_words": "casino", "tags_per_file": "3"}})
		owner, other, admin := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin)
		album := k.album(owner, vitrine.PrivacyPrivate)
		var all []vitrine.Slug
		k.rows("mine", 230, func(f *vitrine.File) {
			f.OwnerID, f.Approved, f.Tags = owner.UserID(), true, []vitrine.Tag{{Name: "old"}, {Name: "cat"}}
			all = append(all, f.Slug)
		})
		theirs := k.row(func(f *vitrine.File) { f.OwnerID = other.UserID() })
		gone := k.row(func(f *vitrine.File) { f.OwnerID, f.ExpiresAt = owner.UserID(), noon })
		all = append(all, theirs.Slug, gone.Slug, "nosuch", all[0])

		n, err := k.EditFiles(t.Context(), owner, all, catalog.FilesEdit{AddTags: "new,cat", RemoveTags: "old,none", NSFW: to(true)})
		if err != nil || n != 230 {
			t.Fatalf("%d, %v", n, err)
		}
		if f := k.fileBySlug(all[229]); !f.NSFW || len(f.Tags) != 2 || f.Tags[0].Name != "cat" || f.Tags[1].Name != "new" {
			t.Errorf("%+v", f)
		}
		if f := k.fileBySlug(theirs.Slug); f.NSFW || f.Tags != nil {
			t.Errorf("%+v", f)
		}
		for name, e := range map[string]struct {
			e    catalog.FilesEdit
			code vitrine.Code
		}{
			"too many tags": {catalog.FilesEdit{AddTags: "x,y"}, vitrine.CodeInvalid},
			"stop word":     {catalog.FilesEdit{AddTags: "casino"}, vitrine.CodeStopWord},
			"album":         {catalog.FilesEdit{Album: to("nosuch")}, vitrine.CodeInvalid},
			"category":      {catalog.FilesEdit{Category: to("nosuch")}, vitrine.CodeInvalid},
		} {
			n, err := k.EditFiles(t.Context(), owner, all, e.e)
			k.want(name, err, e.code)
			if n != 0 {
				t.Errorf("%s: %d changed", name, n)
			}
		}
		// An admin moves what is the album owner's, and nothing else.
		if n, err := k.EditFiles(t.Context(), admin, all, catalog.FilesEdit{Album: to(string(album.Slug))}); err != nil || n != 230 {
			t.Errorf("%d, %v", n, err)
		}
		if f := k.fileBySlug(all[100]); f.AlbumID != album.ID || f.Privacy != vitrine.PrivacyPrivate {
			t.Errorf("%+v", f)
		}
		for who, a := range map[string]vitrine.Actor{"guest": guest, "other": other} {
			if n, err := k.EditFiles(t.Context(), a, all[:230], catalog.FilesEdit{NSFW: to(false)}); err != nil || n != 0 {
				t.Errorf("%s: %d, %v", who, n, err)
			}
			if n, err := k.DeleteFiles(t.Context(), a, all[:230]); err != nil || n != 0 {
				t.Errorf("%s deletes %d, %v", who, n, err)
			}
		}
		_, err = k.EditFiles(t.Context(), owner, make([]vitrine.Slug, 1001), catalog.FilesEdit{})
		k.want("too many", err, vitrine.CodeInvalid)
		if n, err := k.DeleteFiles(t.Context(), owner, all); err != nil || n != 230 {
			t.Errorf("%d deleted, %v", n, err)
		}
		if n, err := k.DeleteFiles(t.Context(), owner, all); err != nil || n != 0 {
			t.Errorf("%d deleted again, %v", n, err)
		}
		if p, err := k.Files(t.Context(), catalog.FileQuery{Actor: admin, Owner: other.UserID()}); err != nil || len(p.Files) != 1 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
