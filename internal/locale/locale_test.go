package locale_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/locale"
)

func bundle(t testing.TB) *locale.Bundle {
	t.Helper()
	b, err := locale.New()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCatalogues: the same keys in all languages, each text filled and with the
// same placeholders as the English one.
func TestCatalogues(t *testing.T) {
	t.Parallel()
	b := bundle(t)
	if got := strings.Join(b.Languages(), " "); got != "en ja nb ru zh-CN" {
		t.Errorf("languages %s", got)
	}
	english := b.For("en")
	placeholder := regexp.MustCompile(`\{\{\.?([A-Za-z]+)\}\}`)
	marks := func(lang, id string) string {
		text := b.For(lang).Raw(id)
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s: %s is empty", lang, id)
		}
		var names []string
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	for _, lang := range b.Languages() {
		if got, want := strings.Join(b.For(lang).IDs(), "\n"), strings.Join(english.IDs(), "\n"); got != want {
			t.Errorf("%s has other keys than en:\n%s", lang, got)
			continue
		}
		for _, id := range english.IDs() {
			if got, want := marks(lang, id), marks("en", id); got != want {
				t.Errorf("%s: %s has the placeholders %q, want %q", lang, id, got, want)
			}
		}
	}
}

// TestTextsAreUsed: every text is asked for somewhere, and none that is asked
// for is missing.
func TestTextsAreUsed(t *testing.T) {
	t.Parallel()
	var sources strings.Builder
	for _, pattern := range []string{"../web/*.go", "../web/templates/*/*.html", "../feeds/*.go", "../../frontend/src/*.ts", "../../frontend/src/*/*.ts", "../apiv1/*.go", "*.go", "../mail/*.go", "../mail/templates/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(text)
		}
	}
	ids := bundle(t).For("en").IDs()
	for _, id := range ids {
		if strings.Contains(sources.String(), `"`+id+`"`) {
			continue
		}
		if id, ok := strings.CutPrefix(id, "reason."); ok && isReason(t, id) {
			continue
		}
		// Uppy asks for its own texts, which it is given all together.
		if strings.HasPrefix(id, "uppy.") && strings.Contains(sources.String(), `"uppy."`) {
			continue
		}
		// Titles and texts of errors are asked for by their common beginning.
		stem := id[:strings.LastIndexByte(id, '.')+1]
		if stem == "" || !strings.Contains(sources.String(), `"`+strings.TrimSuffix(stem, ".")+`"`) {
			t.Errorf("%s is not used", id)
		}
	}
	asked := regexp.MustCompile(`(?:\.[TN]|\{\{t|\btext)[ (]"([^"]+)"`)
	for _, m := range asked.FindAllStringSubmatch(sources.String(), -1) {
		if !slices.Contains(ids, m[1]) {
			t.Errorf("%s is missing", m[1])
		}
	}
}

// isReason reports whether there are errors of the code, or of code and field.
func isReason(t *testing.T, id string) bool {
	t.Helper()
	code, field, _ := strings.Cut(id, ".")
	codes, err := os.ReadFile("../vitrine/error.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(codes), `= "`+code+`"`) {
		return false
	}
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	return field == "" || slices.ContainsFunc(files, func(name string) bool {
		text, err := os.ReadFile(name)
		return err == nil && !strings.HasSuffix(name, "_test.go") && strings.Contains(string(text), `"`+field+`"`)
	})
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	b := bundle(t)
	for _, c := range []struct {
		lang  string
		count int
		want  string
	}{
		{"en", 0, "views"}, {"en", 1, "view"}, {"en", 2, "views"},
		{"nb", 1, "visning"}, {"nb", 5, "visninger"},
		{"ru", 1, "просмотр"}, {"ru", 2, "просмотра"}, {"ru", 5, "просмотров"}, {"ru", 11, "просмотров"}, {"ru", 21, "просмотр"}, {"ru", 0, "просмотров"}, {"ru", 104, "просмотра"},
		{"ja", 1, "回閲覧"}, {"zh-CN", 7, "次浏览"},
	} {
		if got := b.For(c.lang).N("views.label", c.count); got != c.want {
			t.Errorf("%s %d: got %s, want %s", c.lang, c.count, got, c.want)
		}
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	b, now := bundle(t), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, c := range []struct {
		lang string
		ago  time.Duration
		want string
	}{
		{"en", 0, "moments ago"}, {"en", -time.Hour, "moments ago"}, {"en", 999 * time.Millisecond, "moments ago"},
		{"en", time.Second, "1 second ago"}, {"en", 59 * time.Second, "59 seconds ago"}, {"en", time.Minute, "1 minute ago"},
		{"en", 3*time.Hour + 59*time.Minute, "3 hours ago"}, {"en", day, "1 day ago"}, {"en", 7 * day, "1 week ago"},
		{"en", 29 * day, "4 weeks ago"}, {"en", 30 * day, "1 month ago"}, {"en", 364 * day, "12 months ago"}, {"en", 800 * day, "2 years ago"},
		{"nb", 2 * time.Minute, "for 2 minutter siden"}, {"ru", time.Minute, "1 минуту назад"}, {"ru", 3 * day, "3 дня назад"}, {"ru", 25 * time.Minute, "25 минут назад"},
		{"ja", 5 * time.Minute, "5分前"}, {"zh-CN", 2 * time.Hour, "2 小时前"},
	} {
		if got := b.For(c.lang).Ago(now.Add(-c.ago), now); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.lang, c.ago, got, c.want)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	en := bundle(t).For("en")
	for _, c := range []struct{ got, want string }{
		{en.T("nav.api"), "API"},
		{en.T("accepted.users", "Size", "20 MB"), "With an account: up to 20 MB per file"},
		{en.T("no.such.text"), "no.such.text"},
		{en.N("no.such.text", 2), "no.such.text"},
		{en.Lang() + en.Dir(), "enltr"},
		{bundle(t).For("xx").Lang(), "en"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	b := bundle(t)
	all := []string{"en", "nb", "ru", "ja", "zh-CN"}
	for _, c := range []struct {
		name    string
		wanted  []string
		accept  string
		offered []string
		want    string
	}{
		{"nothing asked", nil, "", all, "ru"},
		{"query first", []string{"ja", "nb"}, "ru", all, "ja"},
		{"cookie where the query is unknown", []string{"xx", "nb"}, "ru", all, "nb"},
		{"not offered", []string{"ja"}, "", []string{"en", "nb"}, "ru"},
		{"header", nil, "de-DE,de;q=0.9,nb;q=0.5,en;q=0.3", all, "nb"},
		{"Norwegian", nil, "no", all, "nb"},
		{"a region", nil, "ru-UA", all, "ru"},
		{"Chinese in China", nil, "zh", all, "zh-CN"},
		{"Chinese by script", nil, "zh-Hans-SG", all, "zh-CN"},
		{"nothing that fits", nil, "hu", all, "ru"},
		{"read by most who speak another", nil, "sw", all, "en"},
		{"rubbish", nil, ";;;===", all, "ru"},
		{"any", nil, "*", all, "ru"},
		{"far too long", nil, strings.Repeat("ja,", 200), all, "ru"},
	} {
		if got := b.Match(c.wanted, c.accept, c.offered, "ru"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDirection(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"en": "ltr", "ja": "ltr", "ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "az": "ltr", "": "ltr"} {
		if got := locale.Direction(lang); got != want {
			t.Errorf("%s: got %s, want %s", lang, got, want)
		}
	}
}

func BenchmarkT(b *testing.B) {
	l := bundle(b).For("ja")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			_ = l.T("nav.label")
		}
	})
	b.Run("filled", func(b *testing.B) {
		for b.Loop() {
			_ = l.T("accepted.users", "Size", "20 MB")
		}
	})
	b.Run("plural", func(b *testing.B) {
		for b.Loop() {
			_ = l.N("views.label", 3)
		}
	})
	b.Run("match", func(b *testing.B) {
		bb := bundle(b)
		all := []string{"en", "nb", "ru", "ja", "zh-CN"}
		for b.Loop() {
			_ = bb.Match([]string{""}, "de-DE,de;q=0.9,nb;q=0.5,en;q=0.3", all, "en")
		}
	})
}
