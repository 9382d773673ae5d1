package db_test

import (
	"context"
	"strings"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestProfile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "Anna")
		aUser(t, d, "bo")
		anna.Name, anna.Bio, anna.Website, anna.Private, anna.Language, anna.KeepEXIF = "Anna ☀", "I see", "https://example.org", true, "ja", false
		save := func(u vitrine.User) error {
			return inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateProfile(ctx, &u) })
		}
		must(t, save(*anna))
		for _, email := range []string{"Anna@example.org", "anna@EXAMPLE.org"} {
			got, err := d.UserByEmail(ctx, email)
			must(t, err)
			same(t, email, anna, got)
		}
		other := *anna
		other.Username, other.Role = "else", vitrine.RoleAdmin // no part of the profile
		must(t, save(other))
		got, err := d.User(ctx, anna.ID)
		must(t, err)
		same(t, "by id", anna, got)
		for name, err := range map[string]error{
			"user": save(vitrine.User{ID: 99}), "address": second(d.UserByEmail(ctx, "x@example.org")), "empty address": second(d.UserByEmail(ctx, "")),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("no such %s: %v", name, err)
			}
		}
	})
}

func TestPublicUsers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hidden := anAlbum(t, d, 0, vitrine.PrivacyPrivate)
		for _, c := range []struct {
			username, name string
			change         func(*vitrine.User, *vitrine.File)
		}{
			{"anna_k", "Аня", nil},
			{"ann", "", nil},
			{"private", "Anna", func(u *vitrine.User, _ *vitrine.File) { u.Private = true }},
			{"suspended", "Anna", func(u *vitrine.User, _ *vitrine.File) { u.Status = vitrine.UserSuspended }},
			{"hidden", "Anna", func(_ *vitrine.User, f *vitrine.File) { f.AlbumID = hidden.ID }},
			{"empty", "Anna", func(_ *vitrine.User, f *vitrine.File) { f.OwnerID = 0 }},
			{"taro", "山田 太郎", nil},
			{"susanna", "Sus-Anna", nil},
		} {
			u := aUser(t, d, c.username)
			u.Name = c.name
			f := aFile()
			f.OwnerID = u.ID
			if c.change != nil {
				c.change(u, f)
			}
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				if err := tx.UpdateProfile(ctx, u); err != nil {
					return err
				}
				return tx.SetUserStatus(ctx, u.ID, u.Status)
			}))
			createFile(t, d, f)
		}
		for search, want := range map[string]string{
			"": "susanna taro ann anna_k", "a": "susanna ann anna_k", "ann": "susanna ann anna_k", "ANNA": "susanna anna_k",
			"anna_k": "anna_k", "ан": "anna_k", "太": "taro", "山田": "taro", "-": "", "nobody": "", "empty": "",
		} {
			var got []string
			for before := int64(0); ; {
				list, next, err := d.PublicUsers(t.Context(), search, before, 2)
				must(t, err)
				for _, u := range list {
					got = append(got, u.Username)
				}
				if before = next; next == 0 {
					break
				}
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%q: %q, want %q", search, s, want)
			}
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hidden := anAlbum(t, d, 0, vitrine.PrivacyPrivate)
		for _, tags := range []string{"sea,boat", "sea,Boat", "sea,boa", "Sea,boat,ёлка", "boat"} {
			f := aFile()
			for name := range strings.SplitSeq(tags, ",") {
				f.Tags = append(f.Tags, vitrine.Tag{Name: name})
			}
			createFile(t, d, f)
		}
		f := aFile()
		f.AlbumID, f.Tags = hidden.ID, []vitrine.Tag{{Name: "secret"}, {Name: "sea"}}
		createFile(t, d, f)
		names := func(list []vitrine.Tag, err error) string {
			t.Helper()
			must(t, err)
			var s []string
			for _, tag := range list {
				s = append(s, tag.Name+" "+itoa(int(tag.ListedCount)))
			}
			return strings.Join(s, ", ")
		}
		ctx := t.Context()
		for want, got := range map[string]string{
			"sea 3, boat 3, ёлка 1, Sea 1, boa 1, Boat 1": names(d.PopularTags(ctx, 9)),
			"sea 3":                 names(d.PopularTags(ctx, 1)),
			"sea 3, Sea 1":          names(d.CompleteTags(ctx, "se", 9)),
			"boat 3, Boat 1":        names(d.CompleteTags(ctx, "BOAT", 9)),
			"boat 3, boa 1, Boat 1": names(d.CompleteTags(ctx, "boa", 9)),
			"boat 3, boa 1":         names(d.CompleteTags(ctx, "boa", 2)),
			"ёлка 1":                names(d.CompleteTags(ctx, "Ё", 9)),
			"":                      names(d.CompleteTags(ctx, "secret", 9)) + names(d.CompleteTags(ctx, "x", 9)),
		} {
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		if tag, err := d.Tag(ctx, "secret"); err != nil || tag.ListedCount != 0 {
			t.Errorf("%v, %v", tag, err)
		}
		if err := second(d.Tag(ctx, "SEA")); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Error(err)
		}
	})
}
