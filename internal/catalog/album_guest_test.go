package catalog_test

import (
	"context"
	"crypto/sha256"
	"strings"
	"testing"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// upload records a file of a guest with a token of its own.
func (k *kit) upload(token string, change func(*vitrine.File)) catalog.Proof {
	k.Helper()
	k.n++
	hash := sha256.Sum256([]byte(token))
	f := &vitrine.File{
		Slug: vitrine.Slug("up" + token), Storage: "main", Folder: "2026/11/21", Name: "up" + token, Extension: "png", Format: vitrine.PNG,
		Size: 1, MD5: "00000000000000000000000000000000", CreatedAt: noon, UploadedAt: noon, Approved: true,
	}
	change(f)
	k.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, hash[:]) })
	return catalog.Proof{Slug: f.Slug, Token: token}
}

func nothing(*vitrine.File) {}

func TestGuestAlbums(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{pins: map[string]string{"stop_words": "casino"}})
		user, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		admin := k.user(vitrine.RoleAdmin)
		one, two, three := k.upload("1", nothing), k.upload("2", nothing), k.upload("3", nothing)
		owned := k.upload("4", func(f *vitrine.File) { f.OwnerID = other.UserID() })
		expired := k.upload("5", func(f *vitrine.File) { f.ExpiresAt = noon })

		for name, c := range map[string]struct {
			actor vitrine.Actor
			n     catalog.NewAlbum
			files []catalog.Proof
			code  vitrine.Code
		}{
			"wrong token":    {guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{one, {Slug: two.Slug, Token: "1"}}, vitrine.CodeForbidden},
			"no token":       {guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{{Slug: one.Slug}}, vitrine.CodeForbidden},
			"unknown file":   {guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{{Slug: "nosuch", Token: "1"}}, vitrine.CodeForbidden},
			"senseless file": {guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{{Slug: "../x", Token: "1"}}, vitrine.CodeForbidden},
			"another's file": {guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{owned}, vitrine.CodeForbidden},
			"expired":        {guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{expired}, vitrine.CodeForbidden},
			"no files":       {guest, catalog.NewAlbum{Name: "x"}, nil, vitrine.CodeInvalid},
			"too many":       {guest, catalog.NewAlbum{Name: "x"}, make([]catalog.Proof, 1001), vitrine.CodeInvalid},
			"user":           {user, catalog.NewAlbum{Name: "x"}, []catalog.Proof{one}, vitrine.CodeForbidden},
			"no name":        {guest, catalog.NewAlbum{}, []catalog.Proof{one}, vitrine.CodeInvalid},
			"stop word":      {guest, catalog.NewAlbum{Name: "casino"}, []catalog.Proof{one}, vitrine.CodeStopWord},
			"private":        {guest, catalog.NewAlbum{Name: "x", Privacy: vitrine.PrivacyPrivate}, []catalog.Proof{one}, vitrine.CodeInvalid},
			"password":       {guest, catalog.NewAlbum{Name: "x", Privacy: vitrine.PrivacyPassword, Password: "x"}, []catalog.Proof{one}, vitrine.CodeInvalid},
		} {
			a, token, err := k.CreateGuestAlbum(t.Context(), c.actor, c.n, c.files)
			k.want(name, err, c.code)
			if a != nil || token != "" {
				t.Errorf("%s: %+v, %q", name, a, token)
			}
		}
		a, token, err := k.CreateGuestAlbum(t.Context(), guest, catalog.NewAlbum{OwnerID: other.UserID(), Name: "Trip", Privacy: vitrine.PrivacyUnlisted}, []catalog.Proof{one, two, one})
		if err != nil || a.OwnerID != 0 || a.Privacy != vitrine.PrivacyUnlisted || a.FileCount != 2 || len(token) != 48 || strings.Trim(token, "0123456789abcdef") != "" {
			t.Fatalf("%+v, %q, %v", a, token, err)
		}
		if got, err := k.Album(t.Context(), guest, a.Slug); err != nil || got.FileCount != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		if f := k.fileBySlug(one.Slug); f.AlbumID != a.ID || f.Privacy != vitrine.PrivacyUnlisted {
			t.Errorf("%+v", f)
		}
		_, _, err = k.CreateGuestAlbum(t.Context(), guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{one})
		k.want("a file that is in an album", err, vitrine.CodeForbidden)
		// Nobody but those who run the site changes what is nobody's.
		for who, actor := range map[string]vitrine.Actor{"guest": guest, "user": user} {
			_, err = k.EditAlbum(t.Context(), actor, a.Slug, catalog.AlbumEdit{Name: to("x")})
			k.want(who, err, vitrine.CodeForbidden)
		}
		_, err = k.EditAlbum(t.Context(), admin, a.Slug, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPrivate)})
		k.want("hidden from everybody", err, vitrine.CodeInvalid)
		if _, err = k.EditAlbum(t.Context(), admin, a.Slug, catalog.AlbumEdit{Name: to("Tour")}); err != nil {
			t.Error(err)
		}

		// Claims.
		_, err = k.Claim(t.Context(), guest, []catalog.Proof{three}, nil)
		k.want("claim by a guest", err, vitrine.CodeUnauthorized)
		for name, c := range map[string]struct{ files, albums []catalog.Proof }{
			"wrong file token":  {[]catalog.Proof{{Slug: three.Slug, Token: "1"}}, nil},
			"wrong album token": {nil, []catalog.Proof{{Slug: a.Slug, Token: strings.Repeat("0", 48)}, {Slug: a.Slug}}},
			"file's token":      {nil, []catalog.Proof{{Slug: a.Slug, Token: "1"}}},
			"unknown":           {[]catalog.Proof{{Slug: "nosuch", Token: "1"}}, []catalog.Proof{{Slug: "nosuch", Token: token}}},
			"another's":         {[]catalog.Proof{owned}, []catalog.Proof{{Slug: k.album(other, vitrine.PrivacyPublic).Slug, Token: token}}},
			"nothing":           {},
		} {
			if n, err := k.Claim(t.Context(), user, c.files, c.albums); n != 0 || err != nil {
				t.Errorf("%s: %d, %v", name, n, err)
			}
		}
		if f := k.fileBySlug(owned.Slug); f.OwnerID != other.UserID() {
			t.Errorf("%+v", f)
		}
		claim := func() (int, error) {
			return k.Claim(t.Context(), user, []catalog.Proof{three, one}, []catalog.Proof{{Slug: a.Slug, Token: token}})
		}
		if n, err := claim(); n != 4 || err != nil { // three, one; two with its album; the album
			t.Errorf("%d, %v", n, err)
		}
		if n, err := claim(); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		for _, p := range []catalog.Proof{one, two, three} {
			if f := k.fileBySlug(p.Slug); f.OwnerID != user.UserID() {
				t.Errorf("%+v", f)
			}
		}
		got, err := k.EditAlbum(t.Context(), user, a.Slug, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPrivate)})
		if err != nil || got.OwnerID != user.UserID() || got.FileCount != 2 || got.Name != "Tour" {
			t.Errorf("%+v, %v", got, err)
		}
		if n, err := k.Claim(t.Context(), other, nil, []catalog.Proof{{Slug: a.Slug, Token: token}}); n != 0 || err != nil {
			t.Errorf("claimed from its owner: %d, %v", n, err)
		}
	})
}

func TestGuestAlbumsOff(t *testing.T) {
	t.Parallel()
	for name, pins := range map[string]map[string]string{
		"guest albums off": {"guest_albums": "off"}, "guest uploads off": {"guest_uploads": "off"},
	} {
		k := newKit(t, dbtest.SQLite(t), newLocal(t), options{pins: pins})
		_, _, err := k.CreateGuestAlbum(t.Context(), guest, catalog.NewAlbum{Name: "x"}, []catalog.Proof{k.upload("1", nothing)})
		k.want(name, err, vitrine.CodeForbidden)
	}
}
