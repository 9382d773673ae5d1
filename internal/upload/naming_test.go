package upload_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

func TestStoredName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, client, want string }{
		{"plain", "wide.jpg", "wide"},
		{"recorded 018: accents, dash and CJK", "naïve ünïcode — 名前.jpg", "naive-unicode--"},
		{"recorded 114: blanks and brackets", "My Photo (1).JPG", "My-Photo-1"},
		{"decomposed accents, as macOS sends them", "nai\u0308ve.png", "naive"},
		{"Cyrillic", "Привет мир.png", "Privet-mir"},
		{"Greek", "Ωμέγα.png", "Omega"},
		{"Georgian", "თბილისი.png", "tbilisi"},
		{"German", "Straße Übung.png", "Strasse-Ubung"},
		{"Nordic", "Ærlig Øl på Å.png", "AErlig-Ol-pa-A"},
		{"Turkish", "İıŞşĞğ.png", "IiSsGg"},
		{"CJK only: nothing remains", "名前.png", ""},
		{"emoji dropped", "cat😀dog.png", "catdog"},
		{"HTML accent", "caf&eacute;.png", "cafe"},
		{"other HTML entity", "a&lt;b.png", "altb"},
		{"white space runs", "a \t\n  b.png", "a-b"},
		{"no-break and ideographic space", "a\u00a0b\u3000c.png", "a-b-c"},
		{"outer blanks", "  a  .png", "a"},
		{"outer hyphens", "--a--.png", "a"},
		{"leading dots", "...hidden.png", "hidden"},
		{"dots inside", "v1.2.3.png", "v1.2.3"},
		{"leading dot laid bare", "(.).x.png", "x"},
		{"only an extension", ".png", ""},
		{"only dots", "....", ""},
		{"no extension", "README", "README"},
		{"dot at the end", "name.", "name"},
		{"thumb infix", "cat.th.jpg", "cat"},
		{"medium infix", "cat.md.jpg", "cat"},
		{"large infix", "cat.lg.jpg", "cat"},
		{"original infix", "cat.original.jpg", "cat"},
		{"frame infix", "cat.fr.jpeg", "cat"},
		{"several infixes", "cat.th.md.th.jpg", "cat"},
		{"infix laid bare", "cat.t名h.jpg", "cat"},
		{"infix alone", "th.jpg", "th"},
		{"infix with a dot", ".th.jpg", "th"},
		{"Unix path", "/home/me/cat.jpg", "cat"},
		{"Windows path", `C:\Users\me\My cat.jpg`, "My-cat"},
		{"climbing path", "../../etc/passwd", "passwd"},
		{"climbing only", "..", ""},
		{"NUL and control bytes", "a\x00b\x1bc.png", "abc"},
		{"broken UTF-8", "a\xff\xfeb.png", "ab"},
		{"quotes and markup", `<img src="x">'.png`, "img-srcx"},
		{"percent sequences stay text", "%2e%2e%2fx.png", "2e2e2fx"},
		{"200 characters", strings.Repeat("a", 250) + ".png", strings.Repeat("a", 200)},
		{"cut before an infix", strings.Repeat("a", 197) + ".thumb.png", strings.Repeat("a", 197)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := upload.StoredName(c.client); got != c.want {
				t.Errorf("%q: got %q, want %q", c.client, got, c.want)
			}
		})
	}
}

func TestExtension(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, client string
		stored       vitrine.Format
		want         string
	}{
		{"jpg kept", "a.jpg", vitrine.JPEG, "jpg"},
		{"JPG in capitals", "a.JPG", vitrine.JPEG, "jpg"},
		{"jpeg", "a.jpeg", vitrine.JPEG, "jpeg"},
		{"no extension", "a", vitrine.JPEG, "jpeg"},
		{"no name", "", vitrine.JPEG, "jpeg"},
		{"PNG named jpg", "a.jpg", vitrine.PNG, "png"},
		{"JPEG named png", "a.png", vitrine.JPEG, "jpeg"},
		{"with a query", "p33.jpg?x=1&y=2", vitrine.JPEG, "jpeg"},
		{"film", "a.MOV", vitrine.MOV, "mov"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := upload.ExtensionOf(c.client, c.stored); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCandidate(t *testing.T) {
	t.Parallel()
	random := func(b []byte) {
		for i := range b {
			b[i] = 0xa0 + byte(i)
		}
	}
	long := strings.Repeat("n", 200)
	for _, c := range []struct {
		name    string
		mode    vitrine.NamingMode
		base    string
		attempt int
		want    string
	}{
		{"original", vitrine.NamingOriginal, "wide", 0, "wide"},
		{"original taken", vitrine.NamingOriginal, "wide", 1, "widea0a1a2a3a4a5a6a7"},
		{"mixed", vitrine.NamingMixed, "My-Photo-1", 0, "My-Photo-1a0a1a2a3a4a5a6a7"},
		{"mixed, long", vitrine.NamingMixed, long, 0, long[:184] + "a0a1a2a3a4a5a6a7"},
		{"random", vitrine.NamingRandom, "wide", 0, "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"},
		{"id", vitrine.NamingID, "wide", 0, "abc1234"},
		{"id taken: the next slug", vitrine.NamingID, "wide", 1, "abc1234"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := upload.Candidate(c.mode, c.base, c.attempt, "abc1234", random); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestClientName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"cat.jpg":                         "cat.jpg",
		`C:\fakepath\cat.jpg`:             "cat.jpg",
		"a/b/c.png":                       "c.png",
		"folder/":                         "",
		"tab\there.png":                   "tab here.png",
		strings.Repeat("é", 300) + ".png": strings.Repeat("é", 251) + ".png",
		"x." + strings.Repeat("e", 500):   "x." + strings.Repeat("e", 127),
		"bad\xff.png":                     "bad\uFFFD.png",
	} {
		if got := upload.ClientName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

var safe = regexp.MustCompile(`^[A-Za-z0-9_.-]*$`)

// seeds are names that have broken somebody's upload before.
var seeds = []string{
	"", ".", "..", "a", "naïve ünïcode — 名前.jpg", "cat.th.jpg", "..th..md.", "&eacute;.fr.x", "\xff\xfe.png",
	`C:\x\..\y.jpg`, "a/../../b", strings.Repeat("я", 300) + ".th.jpg", strings.Repeat("a", 199) + ".th.png",
	"\u202egnp.exe", "a\u0300.png", "-rf", "CON", "\x00.jpg", "ﬃ.png", "㎏.png", "ǆ.png",
}

func FuzzStoredName(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, client string) {
		original := upload.ClientName(client)
		if !utf8.ValidString(original) || utf8.RuneCountInString(original) > 255 || strings.ContainsAny(original, "/\\\x00") {
			t.Fatalf("original file name %q", original)
		}
		name := upload.StoredName(client)
		for _, n := range []string{
			name,
			upload.Candidate(vitrine.NamingMixed, name, 0, "abc", func(b []byte) { clear(b) }),
		} {
			if !safe.MatchString(n) || strings.HasPrefix(n, ".") || len(n) > 200 {
				t.Fatalf("%q gives %q", client, n)
			}
			for _, infix := range []string{".th", ".md", ".fr"} {
				if strings.HasSuffix(n, infix) {
					t.Fatalf("%q gives %q, which looks like a variant", client, n)
				}
			}
		}
		if again := upload.SafeName(name); again != name && upload.SafeName(again) != again {
			t.Fatalf("%q: not stable: %q, %q", client, name, again)
		}
	})
}

func FuzzTitle(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, given, metadata, client string) {
		stem, _ := upload.SplitName(upload.ClientName(client))
		title := upload.TitleOf(given, metadata, stem)
		if !utf8.ValidString(title) || utf8.RuneCountInString(title) > 100 {
			t.Fatalf("title %q", title)
		}
		if strings.ContainsFunc(title, unicode.IsControl) {
			t.Fatalf("control character in %q", title)
		}
		text := upload.CutBytes(vitrine.CleanText(given), 100)
		if !utf8.ValidString(text) || len(text) > 100 || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Fatalf("text %q", text)
		}
	})
}
