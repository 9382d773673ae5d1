package catalog_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestWalkAlbum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		in := func(a *vitrine.Album, name string, change func(*vitrine.File)) {
			k.file(fmt.Sprint("w", k.n), func(f *vitrine.File) {
				f.OwnerID, f.AlbumID, f.OriginalFilename = owner.UserID(), a.ID, name
				if change != nil {
					change(f)
				}
			})
		}
		sub := func(parent *vitrine.Album, name string, p vitrine.Privacy) *vitrine.Album {
			n := catalog.NewAlbum{OwnerID: owner.UserID(), Name: name, Privacy: p, Parent: parent.Slug}
			if p == vitrine.PrivacyPassword {
				n.Password = "x"
			}
			a := k.newAlbum(n)
			in(a, "in.jpg", nil)
			return a
		}
		top := k.album(owner, vitrine.PrivacyPublic)
		for _, name := range []string{"b.jpeg", "A.jpg", "a.JPG", "a.png", "a (2).jpg", "CON.txt", "../../x.jpg", "", "Straße.jpg", "STRASSE.jpg"} {
			in(top, name, nil)
		}
		in(top, "waiting.jpg", func(f *vitrine.File) { f.Approved = false })
		in(top, "expired.jpg", func(f *vitrine.File) { f.ExpiresAt = noon })
		public := sub(top, "Sub/folder", vitrine.PrivacyPublic)
		sub(public, "Deeper", vitrine.PrivacyPublic)
		sub(top, "sub_FOLDER", vitrine.PrivacyPublic)
		sub(top, "unlisted", vitrine.PrivacyUnlisted)
		sub(sub(top, "private", vitrine.PrivacyPrivate), "public in private", vitrine.PrivacyPublic)
		locked := sub(top, "locked", vitrine.PrivacyPassword)

		walk := func(a vitrine.Actor, album *vitrine.Album) (paths []string) {
			t.Helper()
			err := k.WalkAlbum(t.Context(), a, album, func(path string, c *catalog.Content) error {
				paths = append(paths, path)
				s, err := k.Open(t.Context(), c)
				if err != nil {
					return err
				}
				defer s.Body.Close()
				if b, err := io.ReadAll(s.Body); err != nil || !strings.HasPrefix(string(b), "original ") || int64(len(b)) != c.Size {
					t.Errorf("%s: %q, %v", path, b, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			return paths
		}
		base := []string{"b.jpg", "A.jpg", "a (2).jpg", "a (3).jpg", "a (2) (2).jpg", "_CON.jpg", "x.jpg", "", "Straße.jpg", "STRASSE.jpg"}
		got := walk(guest, top)
		if len(got) < 10 {
			t.Fatalf("%q", got)
		}
		base[6], base[7] = got[6], got[7] // checked below
		if !slices.Equal(got[:10], base) || strings.ContainsAny(got[6]+got[7], `/\`) || strings.HasPrefix(got[6], ".") || !strings.HasPrefix(got[7], "w") {
			t.Errorf("files %q\nwant  %q", got[:10], base)
		}
		folders := func(paths []string) string {
			var list []string
			for _, p := range paths {
				if strings.Contains(p, "/") {
					list = append(list, p)
				}
			}
			slices.Sort(list)
			return strings.Join(list, " ")
		}
		visible := "Sub_folder (2)/Deeper/in.jpg Sub_folder (2)/in.jpg sub_FOLDER/in.jpg"
		if strings.Contains(folders(got), "Sub_folder/") {
			visible = "Sub_folder/Deeper/in.jpg Sub_folder/in.jpg sub_FOLDER (2)/in.jpg"
		}
		for name, c := range map[string]struct {
			actor vitrine.Actor
			want  string
		}{
			"guest":   {guest, visible},
			"other":   {other, visible},
			"knowing": {with(guest, locked.Pass), visible + " locked/in.jpg"},
			"owner":   {owner, visible + " locked/in.jpg private/in.jpg private/public in private/in.jpg unlisted/in.jpg"},
		} {
			if got := folders(walk(c.actor, top)); sorted(got) != sorted(c.want) {
				t.Errorf("%s: %s\nwant %s", name, got, c.want)
			}
		}
		if got := walk(owner, top); !slices.Contains(got, "waiting.jpg") || slices.Contains(got, "expired.jpg") {
			t.Errorf("owner: %q", got)
		}
		k.want("locked", k.WalkAlbum(t.Context(), guest, locked, func(string, *catalog.Content) error { return nil }), vitrine.CodeNotFound)
		enough := errors.New("enough")
		calls := 0
		err := k.WalkAlbum(t.Context(), owner, top, func(string, *catalog.Content) error { calls++; return enough })
		if !errors.Is(err, enough) || calls != 1 {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
}

// sorted compares lists of paths whose order among folders does not matter.
func sorted(s string) string {
	list := strings.Split(s, ".jpg")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	slices.Sort(list)
	return strings.Join(list, "|")
}

func TestWalkLargeAlbum(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), newLocal(t), options{})
	owner := k.user(vitrine.RoleUser)
	a := k.album(owner, vitrine.PrivacyPublic)
	k.rows("many", 1010, func(f *vitrine.File) { f.Approved, f.AlbumID, f.OriginalFilename = true, a.ID, "image.png" })
	seen := map[string]bool{}
	if err := k.WalkAlbum(t.Context(), guest, a, func(path string, _ *catalog.Content) error { seen[path] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1010 || !seen["image.png"] || !seen["image (2).png"] || !seen["image (1010).png"] {
		t.Errorf("%d names", len(seen))
	}
}

func TestArchiveNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"photo.jpeg": "photo.jpg", "no extension": "no extension.jpg", "a.b.c": "a.b.jpg", "": "stored.jpg", "...": "stored.jpg", ".htaccess": "htaccess.jpg",
		"nul.png": "_nul.jpg", "COM1.a.png": "_COM1.a.jpg", "com¹": "_com¹.jpg", "Lpt9 .png": "_Lpt9.jpg", "conin$": "_conin$.jpg", "console": "console.jpg", "COM10": "COM10.jpg",
		"a<b>c:d\"e/f\\g|h?i*j": "a_b_c_d_e_f_g_h_i_j.jpg", "tab\there\x00\x1b": "tabhere.jpg", "trailing. . .png": "trailing.jpg", " -rf": "rf.jpg",
		"gpj\u202eexe.png": "gpjexe.jpg", "e\u0301": "é.jpg", "日本語 の 写真.heic": "日本語 の 写真.jpg", "👨\u200d👩\u200d👧": "👨\u200d👩\u200d👧.jpg", "\xff\xfe": "_.jpg",
	} {
		if got := catalog.SafeName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := catalog.FolderNames("A", "a", "A", "a (2)", "AUX", "..", "Å", "å"); !slices.Equal(got, []string{"A", "a (2)", "A (3)", "a (2) (2)", "_AUX", "slug", "Å", "å (2)"}) {
		t.Errorf("%q", got)
	}
}

func FuzzArchiveNames(f *testing.F) {
	for _, s := range []string{"a.jpg", "..", "con", "a/b", "\u202e", strings.Repeat("長", 300), "com¹.x", "\xff", " . "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := catalog.SafeName(s)
		stem, ok := strings.CutSuffix(got, ".jpg")
		switch {
		case !ok, stem == "", len(got) > 240, !utf8.ValidString(got), strings.ContainsAny(got, "<>:\"/\\|?*\x00\n\r\u202e"),
			strings.HasPrefix(stem, "."), strings.HasSuffix(stem, "."), strings.HasSuffix(stem, " "), strings.HasPrefix(stem, " "):
			t.Fatalf("%q gives %q", s, got)
		}
		if catalog.SafeName(got) != got {
			t.Fatalf("%q gives %q and then %q", s, got, catalog.SafeName(got))
		}
	})
}
