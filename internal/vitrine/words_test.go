package vitrine_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

func TestParseTags(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		want []string
	}{
		"empty":            {"", nil},
		"order kept":       {"b,a", []string{"b", "a"}},
		"trimmed":          {"  two   words ,x", []string{"two words", "x"}},
		"repetition":       {"a,a, a ", []string{"a"}},
		"case kept":        {"A,a", []string{"A", "a"}},
		"accents":          {"naïve,名前", []string{"naïve", "名前"}},
		"punctuation only": {"!!!,?,...,ok", []string{"ok"}},
		"forbidden marks":  {"a/b,#c,d", []string{"d"}},
		"32 characters":    {strings.Repeat("é", 32), []string{strings.Repeat("é", 32)}},
		"33 characters":    {strings.Repeat("é", 33), nil},
		"control bytes":    {"a\x00b,c\x1bd,e", []string{"e"}},
		"not UTF-8":        {"\xff\xfe,ok", []string{"ok"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := vitrine.ParseTags(tt.in); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzParseTags(f *testing.F) {
	f.Add("a, b,,c/d,\xff, !!! ")
	f.Fuzz(func(t *testing.T, in string) {
		tags := vitrine.ParseTags(in)
		for _, tag := range tags {
			if n := utf8.RuneCountInString(tag); n < 1 || n > 32 || !utf8.ValidString(tag) || strings.ContainsAny(tag, ",/#\n\x00") {
				t.Fatalf("invalid tag %q from %q", tag, in)
			}
		}
		if again := vitrine.ParseTags(strings.Join(tags, ",")); !slices.Equal(again, tags) {
			t.Fatalf("%q became %q", tags, again)
		}
	})
}

func FuzzParseExpiration(f *testing.F) {
	for _, s := range []string{"PT5M", "P1Y", "P1Y2M3W4DT5H6M7S", "3600", "P", "PT", "P-1D", "999999999"} {
		f.Add(s, int64(1_700_000_000))
	}
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		now := time.Unix(unix%4e9, 0).UTC()
		e, err := vitrine.ParseExpiration(s, now)
		if err != nil || e.IsZero() {
			return
		}
		at := e.After(now)
		if at.Before(now.Add(5*time.Minute)) || at.After(now.AddDate(1, 0, 1)) {
			t.Fatalf("%q from %v gives %v", s, now, at)
		}
	})
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"625": "625 B", "1000": "1 KB", "53.2kb": "53.2 KB", "3MB": "3 MB", "20 MB": "20 MB", "999": "999 B", "1.5GB": "1.5 GB",
	} {
		s, err := vitrine.ParseSize(in)
		if err != nil || s.String() != want {
			t.Errorf("%q: got %q, %v; want %q", in, s, err, want)
		}
	}
	if got := vitrine.Size(3011299).String(); got != "3 MB" {
		t.Errorf("the sample's size reads %q", got)
	}
	for _, in := range []string{"", "MB", "-1", "1e99", "NaN", "20 apples", "0x10"} {
		if s, err := vitrine.ParseSize(in); err == nil {
			t.Errorf("%q accepted as %d", in, s)
		}
	}
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	seen := map[vitrine.Slug]bool{}
	for range 1000 {
		s := vitrine.NewSlug(func(b []byte) { _, _ = rand.Read(b) })
		if p, ok := vitrine.ParseSlug(string(s)); !ok || p != s || len(s) != vitrine.SlugLength || seen[s] {
			t.Fatalf("bad or repeated slug %q", s)
		}
		seen[s] = true
	}
	for _, in := range []string{"", "a.b", "a/b", "ä", strings.Repeat("a", 33), "a b", "..", "%00"} {
		if _, ok := vitrine.ParseSlug(in); ok {
			t.Errorf("%q accepted", in)
		}
	}
}

func TestSlugsAreEvenlySpread(t *testing.T) {
	t.Parallel()
	next := byte(0)
	counts := map[rune]int{}
	for range 62 * 100 {
		for _, c := range vitrine.NewSlug(func(b []byte) {
			for i := range b {
				b[i], next = next, next+1
			}
		}) {
			counts[c]++
		}
	}
	if len(counts) != 62 {
		t.Errorf("%d of 62 characters occur", len(counts))
	}
}

func TestBans(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, tt := range map[string]struct {
		pattern, address string
		want             bool
	}{
		"address":           {"192.0.2.7", "192.0.2.7", true},
		"another":           {"192.0.2.7", "192.0.2.8", false},
		"mapped":            {"192.0.2.7", "::ffff:192.0.2.7", true},
		"prefix":            {"192.0.2.0/24", "192.0.2.99", true},
		"stars":             {"192.0.*.*", "192.0.200.1", true},
		"stars outside":     {"192.0.2.*", "192.0.3.1", false},
		"six":               {"2001:db8::/32", "2001:db8:1::2", true},
		"six, other family": {"2001:db8::/32", "192.0.2.1", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := vitrine.ParseBan(tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			b := vitrine.Ban{Prefix: p}
			if got := b.Matches(netip.MustParseAddr(tt.address), now); got != tt.want {
				t.Errorf("got %v", got)
			}
			b.ExpiresAt = now
			if b.Matches(netip.MustParseAddr(tt.address), now) {
				t.Error("matches at the instant it expires")
			}
		})
	}
	for _, in := range []string{"", "*", "*.*.*.*", "0.0.0.0/0", "::/0", "1.2.3", "1.*.3.4", "host.example", "fe80::1%eth0"} {
		if p, err := vitrine.ParseBan(in); err == nil {
			t.Errorf("%q accepted as %v", in, p)
		}
	}
}

func TestWhoMayUpload(t *testing.T) {
	t.Parallel()
	admin := vitrine.Actor{User: &vitrine.User{ID: 1, Role: vitrine.RoleAdmin, Status: vitrine.UserValid}}
	user := vitrine.Actor{User: &vitrine.User{ID: 2, Role: vitrine.RoleUser, Status: vitrine.UserValid}}
	suspended := vitrine.Actor{User: &vitrine.User{ID: 3, Role: vitrine.RoleUser, Status: vitrine.UserSuspended}}
	guest := vitrine.Actor{}
	for name, tt := range map[string]struct {
		actor vitrine.Actor
		set   map[string]string
		want  vitrine.Code
	}{
		"user":                         {user, nil, ""},
		"guest":                        {guest, nil, ""},
		"suspended":                    {suspended, nil, vitrine.CodeUnauthorized},
		"guest, guests off":            {guest, map[string]string{"guest_uploads": "off"}, vitrine.CodeForbidden},
		"user, guests off":             {user, map[string]string{"guest_uploads": "off"}, ""},
		"user, uploads off":            {user, map[string]string{"uploads": "off"}, vitrine.CodeForbidden},
		"admin, uploads off":           {admin, map[string]string{"uploads": "off"}, ""},
		"user, maintenance":            {user, map[string]string{"maintenance": "on"}, vitrine.CodeMaintenance},
		"admin, maintenance":           {admin, map[string]string{"maintenance": "on"}, ""},
		"suspended while uploads stop": {suspended, map[string]string{"uploads": "off"}, vitrine.CodeUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := vitrine.DefaultSettings()
			for k, v := range tt.set {
				if err := s.Set(k, v); err != nil {
					t.Fatal(err)
				}
			}
			if got := vitrine.CodeOf(tt.actor.MayUpload(s)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhoMaySee(t *testing.T) {
	t.Parallel()
	owner := vitrine.Actor{User: &vitrine.User{ID: 7}}
	other := vitrine.Actor{User: &vitrine.User{ID: 8}}
	admin := vitrine.Actor{User: &vitrine.User{ID: 9, Role: vitrine.RoleAdmin}}
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
		open := p == vitrine.PrivacyPublic || p == vitrine.PrivacyUnlisted
		for name, tt := range map[string]struct {
			actor vitrine.Actor
			want  bool
		}{"owner": {owner, true}, "admin": {admin, true}, "other": {other, open}, "guest": {vitrine.Actor{}, open}} {
			if got := tt.actor.MaySee(p, 7, ""); got != tt.want {
				t.Errorf("%s, %s: got %v", p, name, got)
			}
		}
	}
	if (vitrine.Actor{}).MaySee(vitrine.PrivacyPrivate, 0, "") {
		t.Error("a guest owns what nobody owns")
	}
}

func TestPixelLimits(t *testing.T) {
	t.Parallel()
	limits := vitrine.DefaultSettings().MaxPixels
	for name, tt := range map[string]struct {
		in vitrine.Inspection
		ok bool
	}{
		"phone photo":        {vitrine.Inspection{Format: vitrine.JPEG, Width: 4000, Height: 3000, Frames: 1}, true},
		"100 MP":             {vitrine.Inspection{Format: vitrine.JPEG, Width: 10000, Height: 10000, Frames: 1}, true},
		"108 MP":             {vitrine.Inspection{Format: vitrine.PNG, Width: 12000, Height: 9000, Frames: 1}, false},
		"progressive 100 MP": {vitrine.Inspection{Format: vitrine.JPEG, Progressive: true, Width: 10000, Height: 10000, Frames: 1}, false},
		"AVIF 41 MP":         {vitrine.Inspection{Format: vitrine.AVIF, Width: 41000, Height: 1000, Frames: 1}, false},
		"GIF 200 frames":     {vitrine.Inspection{Format: vitrine.GIF, Width: 600, Height: 400, Frames: 200}, true},
		"GIF frame bomb":     {vitrine.Inspection{Format: vitrine.GIF, Width: 5000, Height: 5000, Frames: 1000}, false},
		"WebP huge frames":   {vitrine.Inspection{Format: vitrine.WebP, Width: 9000, Height: 9000, Frames: 2}, false},
		"film":               {vitrine.Inspection{Format: vitrine.MP4, Width: 100000, Height: 100000, Frames: 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := limits.Check(&tt.in); (err == nil) != tt.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestStopWords(t *testing.T) {
	t.Parallel()
	w, err := vitrine.ParseStopWords("call ?center\n\n^spam")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Check("nice", "The CALL CENTER"); !vitrine.Is(err, vitrine.CodeStopWord) {
		t.Errorf("got %v", err)
	}
	if err := w.Check("", "no spam here"); err != nil {
		t.Errorf("got %v", err)
	}
	if _, err := vitrine.ParseStopWords("("); err == nil {
		t.Error("a broken expression was accepted")
	}
}

func TestSettingsRefusals(t *testing.T) {
	t.Parallel()
	for key, value := range map[string]string{
		"nonsense": "1", "thumb_size": "0x0", "medium_size": "many", "upload_max_size": "0", "upload_formats": "jpg,exe",
		"language": "tlh", "timezone": "Mars/Olympus", "route_image": "api", "route_video": "image", "max_pixels": "jpeg=0",
		"guest_auto_delete": "P2Y", "delete_url_mode": "maybe", "guest_api": "perhaps", "stop_words": "[",
	} {
		s := vitrine.DefaultSettings()
		before, _ := s.Value(key)
		err := s.Set(key, value)
		if !vitrine.Is(err, vitrine.CodeInvalid) {
			t.Errorf("%s=%q: got %v", key, value, err)
		}
		if after, _ := s.Value(key); after != before {
			t.Errorf("%s changed to %q by a refused value", key, after)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk on fire")
	err := fmt.Errorf("placing: %w", &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "No space left on storage", Err: cause})
	if vitrine.CodeOf(err) != vitrine.CodeNoSpace || !errors.Is(err, cause) || vitrine.CodeOf(cause) != vitrine.CodeInternal || vitrine.CodeOf(nil) != "" {
		t.Errorf("codes are lost in %v", err)
	}
}

func TestFileNamesAndChain(t *testing.T) {
	t.Parallel()
	some := vitrine.Variant{Size: 1}
	film := vitrine.File{Folder: "2026/11/21", Name: "clip", Extension: "mp4", Format: vitrine.MP4, Thumb: some, Frame: some}
	if got := film.Keys(); !slices.Equal(got, []string{"2026/11/21/clip.mp4", "2026/11/21/clip.th.jpeg", "2026/11/21/clip.fr.jpeg"}) || film.Chain() != 21 {
		t.Errorf("got %q, chain %d", got, film.Chain())
	}
	picture := vitrine.File{Name: "a", Extension: "jpg", Format: vitrine.JPEG, Thumb: some, Medium: some}
	if got := picture.Keys(); !slices.Equal(got, []string{"a.jpg", "a.th.jpg", "a.md.jpg"}) || picture.Chain() != 7 {
		t.Errorf("got %q, chain %d", got, picture.Chain())
	}
	now := time.Now()
	picture.ExpiresAt = now
	if !picture.Expired(now) || picture.Expired(now.Add(-time.Nanosecond)) {
		t.Error("expiry is not exact")
	}
}

func TestCategories(t *testing.T) {
	t.Parallel()
	if c, err := vitrine.ParseCategory("Street Food", ""); err != nil || c.URLKey != "street-food" {
		t.Errorf("got %+v, %v", c, err)
	}
	if _, err := vitrine.ParseCategory("猫", ""); err == nil {
		t.Error("a name without Latin letters needs a key of its own")
	}
	if _, err := vitrine.ParseCategory("猫", "cats"); err != nil {
		t.Error(err)
	}
	if _, err := vitrine.ParseCategory("x", "A B"); err == nil {
		t.Error("a key with blanks was accepted")
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"abc", "User_01", "sixteen_letters_"} {
		if _, err := vitrine.ParseUsername(ok); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "ab", "has blank", "seventeen_letters", "ümlaut", "a/b"} {
		if _, err := vitrine.ParseUsername(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
	for _, bad := range []string{"", "a", "@b", "a@", "a@b@c", "a b@c", "<a@b>"} {
		if _, err := vitrine.ParseEmail(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
	if vitrine.CheckPassword("short") == nil || vitrine.CheckPassword("long enough") != nil || vitrine.CheckPassword(string(bytes.Repeat([]byte("x"), 129))) == nil {
		t.Error("password lengths are not checked")
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for ext, want := range map[string]vitrine.Format{"jpg": vitrine.JPEG, "jpeg": vitrine.JPEG, "webm": vitrine.WebM, "heic": vitrine.HEIC} {
		if f, ok := vitrine.FormatOfExtension(ext); !ok || f != want {
			t.Errorf("%s: got %q", ext, f)
		}
	}
	if _, ok := vitrine.FormatOfExtension("svg"); ok {
		t.Error("svg is known")
	}
	if vitrine.BMP.Stored() != vitrine.PNG || vitrine.HEIC.Stored() != vitrine.JPEG || vitrine.MOV.Stored() != vitrine.MOV || vitrine.MOV.MIME() != "video/quicktime" {
		t.Error("stored formats are wrong")
	}
}
