package upload_test

import (
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

func TestAccept(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, options{store: st, processor: stub{seen: vitrine.Inspection{Width: 1000, Height: 500, EXIF: `{"Make":"X"}`, Camera: "LabCam Lab One"}}})
		u := k.user(vitrine.RoleUser)
		req := k.request(u, "My Photo (1).PNG", "bytes")
		req.Tags, req.Description, req.NSFW = "sea, sea ,sun", "two\r\nlines", true
		req.Expiration = vitrine.Expiration{Time: time.Hour}
		res := k.accept(req)
		f := res.File

		want := vitrine.File{
			ID: f.ID, Slug: f.Slug, OwnerID: u.UserID(), Privacy: vitrine.PrivacyPublic, Storage: "main",
			Folder: "2026/11/21", Name: "My-Photo-1", Extension: "png", Format: vitrine.PNG, Size: 5, Width: 1000, Height: 500,
			NSFW: true, Approved: true, Thumb: vitrine.Variant{Size: 14, Width: 50, Height: 50}, Medium: vitrine.Variant{Size: 15, Width: 500, Height: 250},
			MD5: digest("bytes"), Title: "My Photo (1)", Description: "two\nlines", OriginalFilename: "My Photo (1).PNG", EXIF: `{"Make":"X"}`,
			StorageMode: vitrine.DateFolder, UploaderIP: address, CreatedAt: noon, UploadedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		var tags []string
		for _, tag := range f.Tags {
			tags = append(tags, tag.Name)
		}
		if !slices.Equal(tags, []string{"sea", "sun", "LabCam Lab One"}) {
			t.Errorf("tags: %q", tags)
		}
		row, err := d.FileBySlug(t.Context(), f.Slug)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]vitrine.File{"answer": *f, "row": *row} {
			got.Tags = nil
			if !equal(got, want) {
				t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
			}
		}
		if !regexp.MustCompile(`^[0-9a-f]{48}$`).MatchString(res.DeleteToken) {
			t.Errorf("delete token %q", res.DeleteToken)
		}
		kept, err := d.DeleteToken(t.Context(), f.ID)
		if sum := sha256.Sum256([]byte(res.DeleteToken)); err != nil || string(kept) != string(sum[:]) {
			t.Errorf("kept of the token: %x, %v", kept, err)
		}
		if got := k.objects(); !slices.Equal(got, []string{"2026/11/21/My-Photo-1.md.png", "2026/11/21/My-Photo-1.png", "2026/11/21/My-Photo-1.th.png"}) {
			t.Errorf("objects: %q", got)
		}
		for key, content := range map[string]string{f.Key(): "bytes", f.VariantKey(vitrine.Thumb): "thumb of bytes", f.VariantKey(vitrine.Medium): "medium of bytes"} {
			if got := k.content(key); got != content {
				t.Errorf("%s holds %q", key, got)
			}
		}
		if s := k.spooled(); len(s) > 0 {
			t.Errorf("left in the spool: %q", s)
		}
		if res.Existing || res.Warnings != nil {
			t.Errorf("existing %t, warnings %q", res.Existing, res.Warnings)
		}
	})
}

// equal compares files; instants may differ in their location.
func equal(a, b vitrine.File) bool {
	for _, f := range []*vitrine.File{&a, &b} {
		f.CreatedAt, f.UploadedAt, f.ExpiresAt = f.CreatedAt.UTC(), f.UploadedAt.UTC(), f.ExpiresAt.UTC()
		f.Tags = nil
	}
	return sprint(a) == sprint(b)
}

func TestNames(t *testing.T) {
	t.Parallel()
	digits := func(n string) string { return `^[0-9a-f]{` + n + `}$` }
	for _, c := range []struct {
		name    string
		pins    map[string]string
		client  string
		stored  string // pattern
		folder  string
		title   string // pattern
		display string // pattern of the original file name
	}{
		{"original", nil, "a b.png", `^a-b$`, "2026/11/21", `^a b$`, `^a b\.png$`},
		{"random", pin("upload_naming", "random"), "a b.png", digits("32"), "2026/11/21", `^a b$`, `^a b\.png$`},
		{"mixed", pin("upload_naming", "mixed"), "a b.png", `^a-b[0-9a-f]{16}$`, "2026/11/21", `^a b$`, `^a b\.png$`},
		{"id", pin("upload_naming", "id"), "a b.png", `^[A-Za-z0-9]{7}$`, "2026/11/21", `^a b$`, `^a b\.png$`},
		{"direct", pin("storage_mode", "direct"), "a.png", `^a$`, "", `^a$`, `^a\.png$`},
		{"folder by the site's zone", pin("timezone", "Pacific/Auckland"), "a.png", `^a$`, "2026/11/22", `^a$`, `^a\.png$`},
		{"nothing safe in the name", nil, "名前.png", digits("32"), "2026/11/21", `^名前$`, `^名前\.png$`},
		{"no name: base64", nil, "", digits("12"), "2026/11/21", digits("12"), `^[0-9a-f]{12}\.png$`},
		{"path", nil, `C:\me\a.png`, `^a$`, "2026/11/21", `^a$`, `^a\.png$`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t, dbtest.SQLite(t), options{pins: c.pins})
			f := k.accept(k.request(guest, c.client, "x")).File
			for what, pair := range map[string][2]string{
				"name": {c.stored, f.Name}, "title": {c.title, f.Title}, "original_filename": {c.display, f.OriginalFilename}, "folder": {"^" + c.folder + "$", f.Folder},
			} {
				if !regexp.MustCompile(pair[0]).MatchString(pair[1]) {
					t.Errorf("%s: got %q, want %s", what, pair[1], pair[0])
				}
			}
			if c.pins["upload_naming"] == "id" && f.Name != string(f.Slug) {
				t.Errorf("name %s, slug %s", f.Name, f.Slug)
			}
			if _, err := k.store.Stat(t.Context(), f.Key()); err != nil {
				t.Error(err)
			}
		})
	}
}

func pin(pairs ...string) map[string]string {
	m := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func TestConflicts(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, options{store: st})
		first := k.accept(k.request(guest, "wide.png", "1")).File
		second := k.accept(k.request(guest, "wide.png", "2")).File
		if first.Name != "wide" || !regexp.MustCompile(`^wide[0-9a-f]{16}$`).MatchString(second.Name) {
			t.Errorf("names %q and %q", first.Name, second.Name)
		}
		// An object without a row is in the way as well.
		if err := st.Put(t.Context(), "2026/11/21/lone.th.png", strings.NewReader("x"), 1, "image/png"); err != nil {
			t.Fatal(err)
		}
		third := k.accept(k.request(guest, "lone.png", "3")).File
		if third.Name == "lone" || k.content(third.Key()) != "3" || k.content("2026/11/21/lone.th.png") != "x" {
			t.Errorf("name %q", third.Name)
		}
		if n := len(k.objects()); n != 7 {
			t.Errorf("%d objects, want 7: %q", n, k.objects())
		}
		// A film and a picture of one name would share their stills.
		film := newKit(t, d, options{store: st, processor: stub{seen: vitrine.Inspection{Format: vitrine.MP4, Duration: time.Second}}})
		if f := film.accept(film.request(guest, "same.mp4", "4")).File; f.Name != "same" || !f.Frame.Exists() || f.Extension != "mp4" {
			t.Errorf("film %+v", f)
		}
		still := newKit(t, d, options{store: st, processor: stub{seen: vitrine.Inspection{Format: vitrine.JPEG}}})
		if f := still.accept(still.request(guest, "same.jpeg", "5")).File; f.Name == "same" {
			t.Errorf("picture took the film's name")
		}
	})
}

func TestSlugConflict(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, mode := range []string{"original", "id"} {
			// The same chance for two uploads: the same slug, and in mode id the same name.
			sequence := func(start byte) func([]byte) {
				n := start
				return func(b []byte) {
					for i := range b {
						b[i] = n
					}
					n++
				}
			}
			st := newLocal(t)
			a := newKit(t, d, options{store: st, random: sequence(100), pins: pin("upload_naming", mode)})
			b := newKit(t, d, options{store: st, random: sequence(100), pins: pin("upload_naming", mode)})
			one, two := a.accept(a.request(guest, mode+"1.png", "1"+mode)).File, b.accept(b.request(guest, mode+"2.png", "2"+mode)).File
			if one.Slug == two.Slug || b.content(two.Key()) != "2"+mode || b.content(one.Key()) != "1"+mode {
				t.Errorf("%s: slugs %s, %s; names %s, %s", mode, one.Slug, two.Slug, one.Name, two.Name)
			}
			if n := len(b.objects()); n != 4 {
				t.Errorf("%s: objects %q", mode, b.objects())
			}
			if err := d.Tx(t.Context(), deleteFiles(one.ID, two.ID)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		pins    map[string]string
		seen    vitrine.Inspection
		by      vitrine.Role // empty: guest
		file    string
		change  func(*upload.Request)
		code    vitrine.Code
		message string
	}{
		{"guests may not", pin("guest_uploads", "off"), vitrine.Inspection{}, "", "a.png", nil, vitrine.CodeForbidden, "Request denied"},
		{"uploads are off", pin("uploads", "off"), vitrine.Inspection{}, vitrine.RoleUser, "a.png", nil, vitrine.CodeForbidden, "Request denied"},
		{"maintenance", pin("maintenance", "on"), vitrine.Inspection{}, vitrine.RoleUser, "a.png", nil, vitrine.CodeMaintenance, ""},
		{"guest's limit", pin("upload_max_size_guest", "10B"), vitrine.Inspection{}, "", "a.png", nil, vitrine.CodeTooBig, "File too big - max 10 B"},
		{"user's limit", pin("upload_max_size", "12B"), vitrine.Inspection{}, vitrine.RoleUser, "a.png", nil, vitrine.CodeTooBig, "File too big - max 12 B"},
		{"format is off", pin("upload_formats", "jpg,png"), vitrine.Inspection{Format: vitrine.GIF}, "", "a.gif", nil, vitrine.CodeDisabledFormat, "Disabled image format (gif)"},
		{"too many pixels", nil, vitrine.Inspection{Width: 30000, Height: 30000}, "", "a.png", nil, vitrine.CodeTooManyPixels, "Too many pixels: 30000×30000, at most 100 megapixels are accepted"},
		{"wider than the original", nil, vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Width = 101 }, vitrine.CodeWidthTooLarge, "Target width is greater than the original image width"},
		{"negative width", nil, vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Width = -1 }, vitrine.CodeInvalid, "Invalid width: use 1 to 100"},
		{"stop word in the name", pin("stop_words", "casino"), vitrine.Inspection{}, "", "My-CASINO.png", nil, vitrine.CodeStopWord, "Stop words found"},
		{"stop word in the title", pin("stop_words", "casino"), vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Title = "Casino!" }, vitrine.CodeStopWord, ""},
		{"stop word in the description", pin("stop_words", "casino"), vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Description = "a\ncasino" }, vitrine.CodeStopWord, ""},
		{"stop word in the metadata", pin("stop_words", "casino"), vitrine.Inspection{Description: "casino"}, "", "a.png", nil, vitrine.CodeStopWord, ""},
		{"stop word in a tag", pin("stop_words", "casino"), vitrine.Inspection{}, vitrine.RoleUser, "a.png", func(r *upload.Request) { r.Tags = "x,casino" }, vitrine.CodeStopWord, ""},
		{"description too long", nil, vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Description = strings.Repeat("x", 65536) }, vitrine.CodeInvalid, "Invalid description: it has 65536 bytes, use at most 65535"},
		{"too many tags", pin("tags_per_file", "2"), vitrine.Inspection{}, vitrine.RoleUser, "a.png", func(r *upload.Request) { r.Tags = "a,b,c" }, vitrine.CodeInvalid, "Invalid tags: 3 were given, use at most 2"},
		{"no source", nil, vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Source = upload.Source{} }, vitrine.CodeSourceMissing, "Empty upload source"},
		{"URL by a guest", nil, vitrine.Inspection{}, "", "a.png", func(r *upload.Request) { r.Source = upload.Source{URL: "http://example.org/a.png"} }, vitrine.CodeURLDisabled, "URL uploading is disabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t, dbtest.SQLite(t), options{pins: c.pins, processor: stub{seen: c.seen}})
			a := guest
			if c.by != "" {
				a = k.user(c.by)
			}
			req := k.request(a, c.file, "thirteen byte")
			sp := req.Source.Spooled
			if c.change != nil {
				c.change(&req)
			}
			if m := k.refuse(req, c.code); c.message != "" && m != c.message {
				t.Errorf("message %q, want %q", m, c.message)
			}
			if req.Source.Spooled == nil {
				sp.Close()
			}
			k.empty()
		})
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	taken := time.Date(2019, 5, 4, 3, 2, 1, 0, time.UTC)
	for _, c := range []struct {
		name   string
		pins   map[string]string
		seen   vitrine.Inspection
		by     vitrine.Role
		change func(k *kit, r *upload.Request)
		want   []string
		check  func(f *vitrine.File) bool
	}{
		{"guest's tags", nil, vitrine.Inspection{}, "", func(_ *kit, r *upload.Request) { r.Tags = "a" }, []string{"tags"}, func(f *vitrine.File) bool { return len(f.Tags) == 0 }},
		{"guest's tags allowed", pin("guest_tags", "on"), vitrine.Inspection{Camera: "Cam"}, "", func(_ *kit, r *upload.Request) { r.Tags = "a" }, nil, func(f *vitrine.File) bool { return len(f.Tags) == 1 }},
		{"camera tags off", pin("camera_tags", "off"), vitrine.Inspection{Camera: "Cam"}, vitrine.RoleUser, nil, nil, func(f *vitrine.File) bool { return len(f.Tags) == 0 }},
		{"camera tag does not exceed", pin("tags_per_file", "1"), vitrine.Inspection{Camera: "Cam"}, vitrine.RoleUser, func(_ *kit, r *upload.Request) { r.Tags = "a" }, nil, func(f *vitrine.File) bool { return len(f.Tags) == 1 }},
		{"own album", nil, vitrine.Inspection{}, vitrine.RoleUser, func(k *kit, r *upload.Request) { k.album(r.Actor, "mine"); r.Album = "mine" }, nil, func(f *vitrine.File) bool { return f.AlbumID != 0 && f.Privacy == vitrine.PrivacyPrivate }},
		{"another's album", nil, vitrine.Inspection{}, vitrine.RoleAdmin, func(k *kit, r *upload.Request) { k.album(k.user(vitrine.RoleUser), "theirs"); r.Album = "theirs" }, []string{"album_id"}, func(f *vitrine.File) bool { return f.AlbumID == 0 }},
		{"unknown album", nil, vitrine.Inspection{}, vitrine.RoleUser, func(_ *kit, r *upload.Request) { r.Album = "nope" }, []string{"album_id"}, nil},
		{"senseless album", nil, vitrine.Inspection{}, vitrine.RoleUser, func(_ *kit, r *upload.Request) { r.Album = "../x'" }, []string{"album_id"}, nil},
		{"guest's album", nil, vitrine.Inspection{}, "", func(k *kit, r *upload.Request) { k.album(k.user(vitrine.RoleUser), "theirs"); r.Album = "theirs" }, []string{"album_id"}, func(f *vitrine.File) bool { return f.AlbumID == 0 }},
		{"category", nil, vitrine.Inspection{}, "", func(k *kit, r *upload.Request) { k.category("cats"); r.Category = "1" }, nil, func(f *vitrine.File) bool { return f.CategoryID == 1 }},
		{"unknown category", nil, vitrine.Inspection{}, "", func(_ *kit, r *upload.Request) { r.Category = "999" }, []string{"category_id"}, func(f *vitrine.File) bool { return f.CategoryID == 0 }},
		{"category as text", nil, vitrine.Inspection{}, "", func(_ *kit, r *upload.Request) { r.Category = "cats" }, []string{"category_id"}, nil},
		{"expiration off", pin("expirable_uploads", "off"), vitrine.Inspection{}, "", func(_ *kit, r *upload.Request) { r.Expiration.Days = 3 }, []string{"expiration"}, func(f *vitrine.File) bool { return f.ExpiresAt.IsZero() }},
		{"guest's expiration is the site's", pin("guest_auto_delete", "P30D"), vitrine.Inspection{}, "", func(_ *kit, r *upload.Request) { r.Expiration.Days = 3 }, []string{"expiration"}, func(f *vitrine.File) bool { return f.ExpiresAt.Equal(noon.AddDate(0, 0, 30)) }},
		{"user's expiration is the user's", pin("guest_auto_delete", "P30D"), vitrine.Inspection{}, vitrine.RoleUser, func(_ *kit, r *upload.Request) { r.Expiration.Days = 3 }, nil, func(f *vitrine.File) bool { return f.ExpiresAt.Equal(noon.AddDate(0, 0, 3)) }},
		{"file date", nil, vitrine.Inspection{TakenAt: taken}, vitrine.RoleAdmin, func(_ *kit, r *upload.Request) { r.UseFileDate = true }, nil, func(f *vitrine.File) bool {
			return f.CreatedAt.Equal(taken) && f.Folder == "2019/05/04" && f.UploadedAt.Equal(noon)
		}},
		{"file date in the site's zone", pin("timezone", "Asia/Tokyo"), vitrine.Inspection{TakenAt: taken}, vitrine.RoleAdmin, func(_ *kit, r *upload.Request) { r.UseFileDate = true }, nil, func(f *vitrine.File) bool {
			return f.CreatedAt.Equal(taken.Add(-9*time.Hour)) && f.Folder == "2019/05/04"
		}},
		{"file date by a user", nil, vitrine.Inspection{TakenAt: taken}, vitrine.RoleUser, func(_ *kit, r *upload.Request) { r.UseFileDate = true }, []string{"use_file_date"}, func(f *vitrine.File) bool { return f.CreatedAt.Equal(noon) }},
		{"file date off", pin("use_file_date", "off"), vitrine.Inspection{TakenAt: taken}, vitrine.RoleAdmin, func(_ *kit, r *upload.Request) { r.UseFileDate = true }, []string{"use_file_date"}, nil},
		{"no file date", nil, vitrine.Inspection{}, vitrine.RoleAdmin, func(_ *kit, r *upload.Request) { r.UseFileDate = true }, []string{"use_file_date"}, nil},
		{"width of a film", nil, vitrine.Inspection{Format: vitrine.WebM}, "", func(_ *kit, r *upload.Request) { r.Width = 50 }, []string{"width"}, func(f *vitrine.File) bool { return f.Width == 100 && !f.Resized }},
		{"the original's own width", nil, vitrine.Inspection{}, "", func(_ *kit, r *upload.Request) { r.Width = 100 }, nil, func(f *vitrine.File) bool { return f.SourceMD5 == "" && !f.Resized }},
		{"title and description of the metadata", nil, vitrine.Inspection{Title: "T", Description: "D"}, "", nil, nil, func(f *vitrine.File) bool { return f.Title == "T" && f.Description == "D" }},
		{"given before metadata", nil, vitrine.Inspection{Title: "T", Description: "D"}, "", func(_ *kit, r *upload.Request) { r.Title, r.Description = "<b>t</b>", "d" }, nil, func(f *vitrine.File) bool { return f.Title == "<b>t</b>" && f.Description == "d" }},
		{"long metadata is cut", nil, vitrine.Inspection{Description: strings.Repeat("é", 40000)}, "", nil, nil, func(f *vitrine.File) bool { return len(f.Description) == 65534 }},
		{"site without metadata", pin("keep_exif", "off"), vitrine.Inspection{EXIF: "{}"}, vitrine.RoleUser, nil, nil, func(f *vitrine.File) bool { return f.EXIF == "" }},
		{"user without metadata", nil, vitrine.Inspection{EXIF: "{}"}, vitrine.RoleUser, func(_ *kit, r *upload.Request) { r.Actor.User.KeepEXIF = false }, nil, func(f *vitrine.File) bool { return f.EXIF == "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t, dbtest.SQLite(t), options{pins: c.pins, processor: stub{seen: c.seen}})
			a := guest
			if c.by != "" {
				a = k.user(c.by)
			}
			req := k.request(a, "a.png", "x")
			if c.change != nil {
				c.change(k, &req)
			}
			res := k.accept(req)
			if !slices.Equal(res.Warnings, c.want) {
				t.Errorf("warnings %q, want %q", res.Warnings, c.want)
			}
			row, err := k.db.FileByID(t.Context(), res.File.ID)
			if err != nil {
				t.Fatal(err)
			}
			for name, f := range map[string]*vitrine.File{"answer": res.File, "row": row} {
				if c.check != nil && !c.check(f) {
					t.Errorf("%s: %+v", name, f)
				}
			}
		})
	}
}

func TestResized(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{processor: stub{resize: "smaller"}})
		u := k.user(vitrine.RoleUser)
		req := k.request(u, "a.png", "larger")
		req.Width = 40
		f := k.accept(req).File
		if f.MD5 != digest("smaller") || f.SourceMD5 != digest("larger") || !f.Resized || f.Width != 40 || f.Height != 20 || f.Size != 7 {
			t.Errorf("%+v", f)
		}
		if got := k.content(f.Key()); got != "smaller" {
			t.Errorf("stored %q", got)
		}
		// Both what came and what was made of it have been seen.
		for _, content := range []string{"larger", "smaller"} {
			k.refuse(k.request(u, "b.png", content), vitrine.CodeDuplicate)
		}
	})
}

func TestConverted(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{processor: stub{seen: vitrine.Inspection{Format: vitrine.BMP}, resize: "png"}})
	f := k.accept(k.request(guest, "a.bmp", "bmp")).File
	if f.Format != vitrine.PNG || f.Extension != "png" || f.MD5 != digest("png") || f.SourceMD5 != digest("bmp") || f.Resized || f.OriginalFilename != "a.bmp" {
		t.Errorf("%+v", f)
	}
}
