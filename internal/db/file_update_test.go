package db_test

import (
	"context"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func update(t testing.TB, d *db.DB, id int64, c db.FileChange) error {
	t.Helper()
	return inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateFile(ctx, id, c) })
}

func TestUpdateFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		private := anAlbum(t, d, anna.ID, vitrine.PrivacyPrivate)
		private.Pass = "secret"
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateAlbum(ctx, private) }))
		plain := createFile(t, d, aFile())
		f := aFile()
		f.EXIF, f.Placeholder = `{"Make":"LabCam"}`, []byte{1, 2, 3}
		f.Tags = []vitrine.Tag{{Name: "sea"}, {Name: "boat"}}
		createFile(t, d, f)

		changes := []struct {
			name   string
			change db.FileChange
			want   func(*vitrine.File)
		}{
			{"nothing", db.FileChange{}, func(*vitrine.File) {}},
			{"title", db.FileChange{Title: new("Two boats")}, func(f *vitrine.File) { f.Title = "Two boats" }},
			{"description", db.FileChange{Description: new("long")}, func(f *vitrine.File) { f.Description = "long" }},
			{"alt", db.FileChange{Alt: new("boats")}, func(f *vitrine.File) { f.Alt = "boats" }},
			{"no description", db.FileChange{Description: new("")}, func(f *vitrine.File) { f.Description = "" }},
			{"nsfw", db.FileChange{NSFW: new(true)}, func(f *vitrine.File) { f.NSFW = true }},
			{"expiry", db.FileChange{ExpiresAt: new(at(99))}, func(f *vitrine.File) { f.ExpiresAt = at(99) }},
			{"no expiry", db.FileChange{ExpiresAt: &time.Time{}}, func(f *vitrine.File) { f.ExpiresAt = time.Time{} }},
			{"owner", db.FileChange{OwnerID: &anna.ID}, func(f *vitrine.File) { f.OwnerID = anna.ID }},
			{"album", db.FileChange{AlbumID: &private.ID}, func(f *vitrine.File) {
				f.AlbumID, f.Privacy, f.Pass = private.ID, vitrine.PrivacyPrivate, "secret"
			}},
			{"no album", db.FileChange{AlbumID: new(int64)}, func(f *vitrine.File) {
				f.AlbumID, f.Privacy, f.Pass = 0, vitrine.PrivacyPublic, ""
			}},
		}
		for _, c := range changes {
			want, err := d.FileByID(ctx, f.ID)
			must(t, err)
			c.want(want)
			must(t, update(t, d, f.ID, c.change))
			got, err := d.FileByID(ctx, f.ID)
			must(t, err)
			same(t, c.name, want, got)
		}
		for _, c := range []struct{ give, want []string }{
			{[]string{"boat", "net", "sea", "net"}, []string{"boat", "net", "sea"}},
			{[]string{"sea", "boat"}, []string{"sea", "boat"}},
			{[]string{}, nil},
			{[]string{"Sea"}, []string{"Sea"}},
		} {
			must(t, update(t, d, f.ID, db.FileChange{Tags: &c.give}))
			got, err := d.FileByID(ctx, f.ID)
			must(t, err)
			var names []string
			for _, tag := range got.Tags {
				names = append(names, tag.Name)
			}
			same(t, "tags", c.want, names)
		}
		got, err := d.FileByID(ctx, plain.ID)
		must(t, err)
		same(t, "another file", plain, got)
		recount(t, d)

		missing := int64(99)
		for name, err := range map[string]error{
			"file":     update(t, d, missing, db.FileChange{}),
			"album":    update(t, d, f.ID, db.FileChange{AlbumID: &missing}),
			"category": update(t, d, f.ID, db.FileChange{CategoryID: &missing}),
			"owner":    update(t, d, f.ID, db.FileChange{OwnerID: &missing}),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("no such %s: %v", name, err)
			}
		}
		if got, err := d.FileByID(ctx, f.ID); err != nil || got.AlbumID != 0 || got.OwnerID != anna.ID {
			t.Errorf("a refused change changed %v, %v", got, err)
		}
	})
}

// An album that is changed while a file comes into it decides about the file.
func TestPrivacyChangesMeanwhile(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	for _, from := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyPrivate} {
		to := vitrine.PrivacyPrivate
		if from == to {
			to = vitrine.PrivacyPublic
		}
		a := anAlbum(t, d, 0, from)
		other := createFile(t, d, aFile())
		began, done := make(chan struct{}), make(chan error, 2)
		first := true
		go func() {
			done <- d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				b := *a
				b.Privacy = to
				if err := tx.UpdateAlbum(ctx, &b); err != nil {
					return err
				}
				if first {
					first = false
					close(began)
					time.Sleep(100 * time.Millisecond) // the others wait for the album
				}
				return nil
			})
		}()
		<-began
		go func() { done <- update(t, d, other.ID, db.FileChange{AlbumID: &a.ID}) }()
		f := aFile()
		f.AlbumID = a.ID
		createFile(t, d, f)
		must(t, <-done)
		must(t, <-done)
		recount(t, d)
	}
}

func TestAlbumPrivacyListsFiles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := anAlbum(t, d, aUser(t, d, "anna").ID, vitrine.PrivacyPublic)
		for i := range 5 {
			f := aFile()
			f.AlbumID, f.OwnerID, f.Tags = a.ID, a.OwnerID, []vitrine.Tag{{Name: "sea"}}
			f.Approved = i > 0
			createFile(t, d, f)
		}
		for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPassword, vitrine.PrivacyPublic} {
			a.Privacy = p
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateAlbum(ctx, a) }))
			want := 0
			if p == vitrine.PrivacyPublic {
				want = 4
			}
			files, _, err := d.Files(t.Context(), db.FileList{Limit: 9, Now: now})
			must(t, err)
			tag, err := d.Tag(t.Context(), "sea")
			must(t, err)
			u, err := d.User(t.Context(), a.OwnerID)
			must(t, err)
			if len(files) != want || tag.ListedCount != int64(want) || u.ListedCount != int64(want) || u.FileCount != 5 {
				t.Errorf("%s: %d listed, %d with the tag, %d of the user", p, len(files), tag.ListedCount, u.ListedCount)
			}
		}
		recount(t, d)
	})
}
