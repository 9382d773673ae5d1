package db_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// aFilm is a file that sets every field to a value of its own.
func aFilm(owner, album, category int64) *vitrine.File {
	f := aFile()
	f.OwnerID, f.AlbumID, f.CategoryID, f.Privacy = owner, album, category, vitrine.PrivacyPrivate
	f.Extension, f.Format, f.Size, f.Width, f.Height = "mp4", vitrine.MP4, 5_000_000_000, 3840, 2160
	f.Duration, f.Animated, f.Is360, f.Resized, f.NSFW, f.Approved = 61234567*time.Microsecond, true, true, true, true, false
	f.Thumb = vitrine.Variant{Size: 11, Width: 12, Height: 13}
	f.Medium = vitrine.Variant{Size: 21, Width: 22, Height: 23}
	f.Frame = vitrine.Variant{Size: 31, Width: 32, Height: 33}
	f.SourceMD5, f.Title, f.Description = "000102030405060708090a0b0c0d0e0f", "Ærlig 'film'; --", "long\nlonger"
	f.OriginalFilename, f.EXIF = "my film.MP4", `{"Make":"LabCam"}`
	f.Tags = []vitrine.Tag{{Name: "sea"}, {Name: "Boat"}, {Name: "boat"}}
	f.Views, f.Likes, f.StorageMode = 3, 4, vitrine.Direct
	f.UploaderIP = netip.MustParseAddr("2001:db8::7")
	f.CreatedAt, f.ExpiresAt = time.Unix(0, 0).UTC().Add(time.Microsecond), at(1e9)
	return f
}

var equate = cmp.Options{cmpopts.EquateComparable(netip.Addr{})}

func TestFileIsFoundAsItWas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		album := anAlbum(t, d, anna.ID, vitrine.PrivacyPrivate)
		category := &vitrine.Category{Name: "Films", URLKey: "films"}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, category) }))
		for name, f := range map[string]*vitrine.File{"film": aFilm(anna.ID, album.ID, category.ID), "picture": aFile()} {
			token := sha256.Sum256([]byte(name))
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, token[:]) }))
			if f.ID == 0 || slices.ContainsFunc(f.Tags, func(t vitrine.Tag) bool { return t.ID == 0 }) {
				t.Errorf("%s: ids were not set: %d, %v", name, f.ID, f.Tags)
			}
			for by, get := range map[string]func() (*vitrine.File, error){
				"FileByID":       func() (*vitrine.File, error) { return d.FileByID(ctx, f.ID) },
				"FileBySlug":     func() (*vitrine.File, error) { return d.FileBySlug(ctx, f.Slug) },
				"FileByOriginal": func() (*vitrine.File, error) { return d.FileByOriginal(ctx, f.Folder, f.Name, f.Extension) },
				"FileByVariant":  func() (*vitrine.File, error) { return d.FileByVariant(ctx, f.Folder, f.Name, f.VariantExtension()) },
				"FileByDigest":   func() (*vitrine.File, error) { return d.FileByDigest(ctx, f.MD5, f.UploaderIP, f.UploadedAt) },
			} {
				got, err := get()
				must(t, err)
				if diff := cmp.Diff(f, got, equate); diff != "" {
					t.Errorf("%s %s: %s", name, by, diff)
				}
			}
			if hash, err := d.DeleteToken(ctx, f.ID); err != nil || !bytes.Equal(hash, token[:]) {
				t.Errorf("%s: token %x, %v", name, hash, err)
			}
			f.Tags, f.Description, f.EXIF = nil, "", ""
			got, err := d.FilesNamed(ctx, "local", []db.FileName{{f.Folder, f.Name}})
			must(t, err)
			if diff := cmp.Diff([]vitrine.File{*f}, got, equate); diff != "" {
				t.Errorf("%s FilesNamed: %s", name, diff)
			}
		}
	})
}

func TestFilesMissing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		f := createFile(t, d, aFile())
		for name, err := range map[string]error{
			"FileByID":        second(d.FileByID(ctx, 99)),
			"other case slug": second(d.FileBySlug(ctx, "S"+f.Slug[1:])),
			"FileByOriginal":  second(d.FileByOriginal(ctx, f.Folder, f.Name, "png")),
			"FileByVariant":   second(d.FileByVariant(ctx, f.Folder, f.Name, "jpeg")),
			"no token":        second(d.DeleteToken(ctx, f.ID)),
			"token of none":   second(d.DeleteToken(ctx, 99)),
			"DeleteFile":      inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, 99)) }),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestFileBelongsToWhatExists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, change := range map[string]func(*vitrine.File){
			"user":     func(f *vitrine.File) { f.OwnerID = 99 },
			"album":    func(f *vitrine.File) { f.AlbumID = 99 },
			"category": func(f *vitrine.File) { f.CategoryID = 99 },
		} {
			f := aFile()
			change(f)
			err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) })
			if !vitrine.Is(err, vitrine.CodeNotFound) || f.ID != 0 {
				t.Errorf("no such %s: %v", name, err)
			}
			if err := second(d.FileBySlug(t.Context(), f.Slug)); !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("no such %s: the file was kept: %v", name, err)
			}
		}
		bad := aFile()
		bad.MD5 = "no hex"
		if err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, bad, nil) }); err == nil {
			t.Error("a digest that is none was taken")
		}
	})
}

func TestFileNamesAreTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		create := func(slug, name, ext string, format vitrine.Format) (*vitrine.File, error) {
			f := aFile()
			f.Name, f.Extension, f.Format = name, ext, format
			if slug != "" {
				f.Slug = vitrine.Slug(slug)
			}
			return f, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) })
		}
		for i, c := range []struct {
			slug, name, ext string
			format          vitrine.Format
			field           string
		}{
			{"aaaaaaa", "a", "jpg", vitrine.JPEG, ""},
			{"aaaaaaa", "b", "jpg", vitrine.JPEG, "slug"},
			{"Aaaaaaa", "b", "jpg", vitrine.JPEG, ""}, // slugs differ in case
			{"", "a", "jpg", vitrine.JPEG, "name"},
			{"", "A", "jpg", vitrine.JPEG, ""},
			{"", "a", "png", vitrine.PNG, ""},
			{"", "a", "mp4", vitrine.MP4, ""},     // a.th.jpeg is free
			{"", "a", "mov", vitrine.MOV, "name"}, // a.th.jpeg is that of the film before
			{"", "a", "mp4", vitrine.MP4, "name"},
			{"", "a", "jpeg", vitrine.JPEG, "name"}, // as is that of this picture
			{"", "c", "jpeg", vitrine.JPEG, ""},
			{"", "c", "webm", vitrine.WebM, "name"},
		} {
			f := &vitrine.File{Format: c.format, Extension: c.ext}
			taken, err := d.NameTaken(t.Context(), "2026/11/21", c.name, c.ext, f.VariantExtension())
			must(t, err)
			if taken != (c.field == "name") {
				t.Errorf("%d %v: NameTaken says %v", i, c, taken)
			}
			f, err = create(c.slug, c.name, c.ext, c.format)
			wantConflict(t, fmt.Sprint(i, c), err, c.field)
			if (f.ID == 0) != (c.field != "") {
				t.Errorf("%d %v: id is %d", i, c, f.ID)
			}
		}
		if taken, err := d.NameTaken(t.Context(), "", "a", "jpg", "jpg"); taken || err != nil {
			t.Errorf("taken in another folder: %v, %v", taken, err)
		}
	})
}

func TestFilesByDigest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		f := aFile()
		f.OwnerID, f.SourceMD5 = anna.ID, "ffffffffffffffffffffffffffffffff"
		createFile(t, d, f)
		other := netip.MustParseAddr("192.0.2.8")
		mapped := netip.AddrFrom16(f.UploaderIP.As16())
		for _, c := range []struct {
			name  string
			md5   string
			from  netip.Addr
			since time.Time
			found bool
		}{
			{"original", f.MD5, f.UploaderIP, f.UploadedAt, true},
			{"source", f.SourceMD5, f.UploaderIP, f.UploadedAt.Add(-time.Hour), true},
			{"IPv4 in IPv6", f.MD5, mapped, f.UploadedAt, true},
			{"later", f.MD5, f.UploaderIP, f.UploadedAt.Add(time.Microsecond), false},
			{"other address", f.MD5, other, f.UploadedAt, false},
			{"other digest", "00", f.UploaderIP, f.UploadedAt, false},
			{"no digest", "", f.UploaderIP, f.UploadedAt, false},
			{"no hex", "xyz", f.UploaderIP, f.UploadedAt, false},
		} {
			got, err := d.FileByDigest(ctx, c.md5, c.from, c.since)
			must(t, err)
			if (got != nil) != c.found || got != nil && got.ID != f.ID {
				t.Errorf("%s: found %v", c.name, got)
			}
		}
		newer := aFile()
		newer.OwnerID, newer.MD5 = anna.ID, f.MD5
		createFile(t, d, newer)
		for md5, want := range map[string]int64{f.MD5: newer.ID, f.SourceMD5: f.ID, "00": 0, "": 0} {
			got, err := d.FileOfOwnerByDigest(ctx, md5, anna.ID)
			must(t, err)
			if got == nil && want != 0 || got != nil && got.ID != want {
				t.Errorf("digest %q of the owner: found %v, want %d", md5, got, want)
			}
		}
		for _, owner := range []int64{0, anna.ID + 1} {
			if got, err := d.FileOfOwnerByDigest(ctx, f.MD5, owner); got != nil || err != nil {
				t.Errorf("owner %d: %v, %v", owner, got, err)
			}
		}
	})
}

func TestLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		var files []*vitrine.File
		for i := range 10 {
			f := aFile()
			f.UploadedAt = start.Add(time.Duration(i) * time.Minute)
			if i%2 == 0 {
				f.OwnerID = anna.ID
			}
			if i >= 7 {
				f.ExpiresAt = start.Add(time.Duration(100-i) * time.Minute) // 93, 92, 91
			}
			files = append(files, createFile(t, d, f))
		}
		ids := func(index ...int) (list []int64) {
			for _, i := range index {
				list = append(list, files[i].ID)
			}
			return list
		}
		for name, c := range map[string]struct {
			got  func() ([]int64, error)
			want []int64
		}{
			"nothing expired":       {func() ([]int64, error) { return d.ExpiredFiles(ctx, start, 9) }, nil},
			"expired at the moment": {func() ([]int64, error) { return d.ExpiredFiles(ctx, start.Add(92*time.Minute), 9) }, ids(9, 8)},
			"expired, limited":      {func() ([]int64, error) { return d.ExpiredFiles(ctx, start.Add(time.Hour*9), 1) }, ids(9)},
			"owner":                 {func() ([]int64, error) { return d.FilesOfOwner(ctx, anna.ID, 0, 9) }, ids(0, 2, 4, 6, 8)},
			"owner, page":           {func() ([]int64, error) { return d.FilesOfOwner(ctx, anna.ID, files[2].ID, 2) }, ids(4, 6)},
			"nobody":                {func() ([]int64, error) { return d.FilesOfOwner(ctx, 0, 0, 9) }, nil},
		} {
			got, err := c.got()
			must(t, err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		from := files[0].UploaderIP
		for i, c := range []struct {
			since      time.Time
			most, want int
		}{{start, 99, 10}, {start.Add(8 * time.Minute), 99, 2}, {start, 4, 4}, {start.Add(time.Hour), 99, 0}} {
			if n, err := d.UploadCount(ctx, from, c.since, c.most); err != nil || n != c.want {
				t.Errorf("count %d: %d, %v; want %d", i, n, err, c.want)
			}
		}
		if n, err := d.UploadCount(ctx, netip.Addr{}, start, 9); n != 0 || err != nil {
			t.Errorf("unknown address: %d, %v", n, err)
		}
	})
}

func TestFilesNamedInBatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		names := []db.FileName{{"", "none"}}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			names = names[:1]
			for i := range 600 {
				f := aFile()
				if i%3 == 0 {
					f.Storage = "other"
				}
				if err := tx.CreateFile(ctx, f, nil); err != nil {
					return err
				}
				names = append(names, db.FileName{Folder: f.Folder, Name: f.Name}, db.FileName{Folder: f.Folder, Name: f.Name})
			}
			return nil
		}))
		got, err := d.FilesNamed(t.Context(), "local", names)
		must(t, err)
		seen := map[int64]bool{}
		for _, f := range got {
			seen[f.ID] = true
		}
		if len(got) != 400 || len(seen) != 400 {
			t.Errorf("found %d files, %d different, want 400", len(got), len(seen))
		}
		if got, err := d.FilesNamed(t.Context(), "local", nil); len(got) != 0 || err != nil {
			t.Errorf("no names: %v, %v", got, err)
		}
	})
}

func TestDeleteFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		album := anAlbum(t, d, anna.ID, vitrine.PrivacyPublic)
		f := aFilm(anna.ID, album.ID, 0)
		keep := aFile()
		keep.Tags = []vitrine.Tag{{Name: "sea"}}
		createFile(t, d, keep)
		createFile(t, d, f)
		if u, err := d.User(ctx, anna.ID); err != nil || u.FileCount != 1 || u.ByteCount != f.Bytes() {
			t.Errorf("counted %+v, %v", u, err)
		}
		var got *vitrine.File
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = tx.DeleteFile(ctx, f.ID)
			return err
		}))
		if got.Slug != f.Slug || !slices.Equal(got.Keys(), f.Keys()) {
			t.Errorf("deleted %+v", got)
		}
		if err := second(d.FileByID(ctx, f.ID)); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("still there: %v", err)
		}
		if u, err := d.User(ctx, anna.ID); err != nil || u.FileCount != 0 || u.ByteCount != 0 {
			t.Errorf("counted %+v, %v", u, err)
		}
		if a, err := d.Album(ctx, album.ID); err != nil || a.FileCount != 0 {
			t.Errorf("counted %+v, %v", a, err)
		}
		if kept, err := d.FileByID(ctx, keep.ID); err != nil || len(kept.Tags) != 1 {
			t.Errorf("the other file: %+v, %v", kept, err)
		}
		removals, err := d.TakeRemovals(ctx, at(0), time.Minute, 9)
		must(t, err)
		if diff := cmp.Diff([]db.Removal{{ID: removals[0].ID, Storage: "local", Keys: f.Keys()}}, removals); diff != "" {
			t.Error(diff)
		}
		wantConflict(t, "objects are not removed yet", inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			return tx.CreateFile(ctx, f, nil)
		}), "name")
		must(t, d.DeleteRemoval(ctx, removals[0].ID))
		must(t, d.DeleteRemoval(ctx, removals[0].ID))
		if removals, err := d.TakeRemovals(ctx, at(3600), time.Minute, 9); err != nil || len(removals) != 0 {
			t.Errorf("%v, %v", removals, err)
		}
		createFile(t, d, f) // name and slug are free again
	})
}
