package catalog_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestLocate(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, st, options{})
		a := k.file("a", nil)
		k.file("small", func(f *vitrine.File) { f.Medium = vitrine.Variant{} })
		k.file("film", func(f *vitrine.File) {
			f.Extension, f.Format, f.Frame = "mp4", vitrine.MP4, vitrine.Variant{Size: int64(len("fr of film")), Width: 9, Height: 9}
		})
		k.file("direct", func(f *vitrine.File) { f.Folder = "" })
		k.file("imported.th", nil) // an original that looks like a thumb
		k.file("v1.2", nil)
		for path, want := range map[string]string{
			"2026/11/21/a.jpg":                 "original a",
			"2026/11/21/a.th.jpg":              "th of a",
			"2026/11/21/a.md.jpg":              "md of a",
			"2026/11/21/a.fr.jpg":              "",
			"2026/11/21/a.th.jpeg":             "",
			"2026/11/21/a.jpeg":                "",
			"2026/11/21/a.JPG":                 "",
			"2026/11/22/a.jpg":                 "",
			"a.jpg":                            "",
			"2026/11/21/small.th.jpg":          "th of small",
			"2026/11/21/small.md.jpg":          "",
			"2026/11/21/film.mp4":              "original film",
			"2026/11/21/film.fr.jpeg":          "fr of film",
			"2026/11/21/film.th.jpeg":          "th of film",
			"2026/11/21/film.th.mp4":           "",
			"direct.jpg":                       "original direct",
			"direct.th.jpg":                    "th of direct",
			"/direct.jpg":                      "",
			"2026/11/21/imported.th.jpg":       "original imported.th",
			"2026/11/21/imported.th.th.jpg":    "th of imported.th",
			"2026/11/21/v1.2.jpg":              "original v1.2",
			"2026/11/21/v1.2.md.jpg":           "md of v1.2",
			"":                                 "",
			"/":                                "",
			".jpg":                             "",
			"2026/11/21/":                      "",
			"2026/11/21/a":                     "",
			"2026/11/21/a.":                    "",
			"2026/11/21/../21/a.jpg":           "",
			`2026\11\21\a.jpg`:                 "",
			"2026/11/21/a.jpg\x00":             "",
			"2026/11/21/\xff\xfe.jpg":          "",
			strings.Repeat("x", 2000) + ".jpg": "",
		} {
			for range 2 { // the second from the cache
				got, err := k.read(guest, path)
				if want == "" {
					k.want(path, err, vitrine.CodeNotFound)
				} else if err != nil || got != want {
					t.Errorf("%q: got %q, %v", path, got, err)
				}
			}
		}
		c, err := k.Locate(t.Context(), guest, "2026/11/21/a.th.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if c.ETag != fmt.Sprintf(`"%s-th-%x"`, a.MD5, c.Size) || c.Variant != vitrine.Thumb || c.Filename != "a.th.jpg" || c.Key != "2026/11/21/a.th.jpg" ||
			c.MIME != "image/jpeg" || c.Size != int64(len("th of a")) || !c.ModTime.Equal(noon) || c.File.Slug != a.Slug {
			t.Errorf("%+v", c)
		}
		if c, err = k.Locate(t.Context(), guest, "2026/11/21/film.fr.jpeg"); err != nil || c.MIME != "image/jpeg" {
			t.Errorf("%+v, %v", c, err)
		}
		if c, err = k.Locate(t.Context(), guest, "2026/11/21/film.mp4"); err != nil || c.MIME != "video/mp4" || c.Variant != "" {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

func TestOpen(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, st, options{pins: map[string]string{"delivery": "redirect"}})
		k.file("a", func(f *vitrine.File) { f.ExpiresAt = noon.Add(90 * time.Second) })
		c, err := k.Locate(t.Context(), guest, "2026/11/21/a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		s, err := k.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if _, canLink := st.(storage.Linker); canLink {
			if s.Body != nil || !strings.Contains(s.Link, "X-Amz-Expires=90&") {
				t.Errorf("%+v", s)
			}
			return
		}
		s.Body.Close()
		if s.Link != "" {
			t.Errorf("a link to a file on disk: %q", s.Link)
		}
		large := *c // the kernel sends what is not small
		large.Size = 1 << 20
		if s, err = k.Open(t.Context(), &large); err != nil {
			t.Fatal(err)
		}
		if _, isFile := s.Body.(*os.File); !isFile {
			t.Errorf("%T", s.Body)
		}
		s.Body.Close()
		if err := st.Delete(t.Context(), c.Key); err != nil {
			t.Fatal(err)
		}
		_, err = k.Open(t.Context(), &large)
		k.want("row without bytes", err, vitrine.CodeNotFound)
	})
}

// A small file is read once from its storage. After it is deleted, another file of
// the same name has its own bytes.
func TestSmallFilesStayWarm(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		reads := &counted{Store: st}
		k := newKit(t, d, st, options{wrap: func(storage.Store) storage.Store { return reads }})
		const path = "2026/11/21/a.jpg"
		f := k.file("a", nil)
		for range 3 {
			if got, err := k.read(guest, path); err != nil || got == "" {
				t.Fatalf("got %q, %v", got, err)
			}
		}
		if n := reads.opened.Load(); n != 1 {
			t.Errorf("read %d times from the storage", n)
		}
		if err := k.Delete(t.Context(), vitrine.Actor{User: &vitrine.User{ID: 1, Role: vitrine.RoleAdmin}}, f.Slug); err != nil {
			t.Fatal(err)
		}
		_, err := k.read(guest, path)
		k.want("deleted", err, vitrine.CodeNotFound)
		if _, err := k.RemoveObjects(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.file("a", nil)
		if got, err := k.read(guest, path); err != nil || got == "" || reads.opened.Load() != 2 {
			t.Errorf("got %q, %v after %d reads", got, err, reads.opened.Load())
		}
	})
}

// counted is a Store that counts what is opened.
type counted struct {
	storage.Store
	opened atomic.Int64
}

func (c *counted) Open(ctx context.Context, key string) (*storage.Object, error) {
	c.opened.Add(1)
	return c.Store.Open(ctx, key)
}

func TestPrivacy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other, admin, manager := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin), k.user(vitrine.RoleManager)
		actors := map[string]vitrine.Actor{"guest": guest, "owner": owner, "other": other, "admin": admin, "manager": manager}
		for _, c := range []struct {
			privacy vitrine.Privacy
			see     string
		}{
			{vitrine.PrivacyPublic, "guest owner other admin manager"},
			{vitrine.PrivacyUnlisted, "guest owner other admin manager"},
			{vitrine.PrivacyPrivate, "owner admin"},
			{vitrine.PrivacyPassword, "owner admin"},
		} {
			name := string(c.privacy)
			album := k.album(owner, c.privacy)
			f := k.file(name, func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), album.ID })
			for who, a := range actors {
				want := vitrine.CodeNotFound
				if strings.Contains(c.see, who) {
					want = ""
				}
				_, err := k.File(t.Context(), a, f.Slug)
				k.want(name+" page to "+who, err, want)
				for _, path := range []string{name + ".jpg", name + ".th.jpg"} {
					for range 2 {
						_, err = k.read(a, "2026/11/21/"+path)
						k.want(path+" to "+who, err, want)
					}
				}
				if err := k.Delete(t.Context(), a, f.Slug); want != "" {
					k.want("deletion by "+who, err, vitrine.CodeNotFound)
				} else if who == "guest" || who == "other" {
					k.want("deletion by "+who, err, vitrine.CodeForbidden)
				} else if err != nil {
					t.Errorf("deletion by %s: %v", who, err)
				} else {
					f = k.file(name+who, func(f *vitrine.File) { f.OwnerID, f.AlbumID, f.Name = owner.UserID(), album.ID, name+who })
					name = f.Name
				}
			}
		}
		waiting := k.file("waiting", func(f *vitrine.File) { f.OwnerID, f.Approved = owner.UserID(), false })
		for who, a := range actors {
			want := vitrine.Code("")
			if who == "guest" || who == "other" {
				want = vitrine.CodeNotFound
			}
			_, err := k.File(t.Context(), a, waiting.Slug)
			k.want("waiting for a moderator, to "+who, err, want)
		}
		_, err := k.File(t.Context(), admin, "nosuch")
		k.want("unknown", err, vitrine.CodeNotFound)
	})
}

// TestExpiry looks a microsecond before and at the instant, with a warm cache.
func TestExpiry(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleAdmin)
		f := k.file("a", func(f *vitrine.File) { f.OwnerID, f.ExpiresAt = owner.UserID(), noon.Add(time.Hour) })
		for _, c := range []struct {
			at   time.Duration
			code vitrine.Code
		}{{0, ""}, {time.Hour - time.Microsecond, ""}, {time.Hour, vitrine.CodeNotFound}} {
			k.now.Store(noon.Add(c.at).UnixMicro())
			for who, a := range map[string]vitrine.Actor{"guest": guest, "owner": owner} {
				_, err := k.read(a, "2026/11/21/a.th.jpg")
				k.want(fmt.Sprint("bytes to ", who, " after ", c.at), err, c.code)
				_, err = k.File(t.Context(), a, f.Slug)
				k.want(fmt.Sprint("page to ", who, " after ", c.at), err, c.code)
			}
			_, err := k.CheckToken(t.Context(), string(f.Slug), token)
			k.want(fmt.Sprint("token after ", c.at), err, c.code)
		}
	})
}

func FuzzLocate(f *testing.F) {
	for _, s := range []string{"2026/11/21/a.jpg", "2026/11/21/a.th.jpg", "../a.jpg", "a\x00.jpg", "\xff.jpg", "a.th.md.fr.jpg", "//a.jpg", ""} {
		f.Add(s)
	}
	k := newKit(f, dbtest.SQLite(f), newLocal(f), options{})
	k.file("a", nil)
	f.Fuzz(func(t *testing.T, path string) {
		c, err := k.Locate(t.Context(), guest, path)
		if err != nil {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Fatalf("%q: %v", path, err)
			}
			return
		}
		if c.Key != path {
			t.Fatalf("%q gives %q", path, c.Key)
		}
	})
}

func BenchmarkLocate(b *testing.B) {
	k := newKit(b, dbtest.SQLite(b), newLocal(b), options{})
	k.file("a", nil)
	for b.Loop() {
		if _, err := k.Locate(b.Context(), guest, "2026/11/21/a.th.jpg"); err != nil {
			b.Fatal(err)
		}
	}
}
