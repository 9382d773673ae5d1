package locale

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalogs/*.json
var catalogs embed.FS

// Default is the language that stands in where another is missing.
const Default = "en"

// Bundle is the catalogues of all languages. It is safe for many goroutines.
type Bundle struct {
	localizers map[string]*Localizer
	matchers   sync.Map // languages offered, joined by commas → *matcher
}

// New reads the embedded catalogues.
func New() (*Bundle, error) {
	files, err := catalogs.ReadDir("catalogs")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	b := &Bundle{localizers: make(map[string]*Localizer)}
	for _, f := range files {
		text, err := catalogs.ReadFile(path.Join("catalogs", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", f.Name(), err)
		}
		l, err := newLocalizer(strings.TrimSuffix(f.Name(), ".json"), text)
		if err != nil {
			return nil, fmt.Errorf("parse catalogue %s: %w", f.Name(), err)
		}
		b.localizers[l.lang] = l
	}
	if b.localizers[Default] == nil {
		return nil, fmt.Errorf("catalogue of %q is missing", Default)
	}
	return b, nil
}

// Languages are the language tags of all catalogues, sorted.
func (b *Bundle) Languages() []string { return slices.Sorted(maps.Keys(b.localizers)) }

// For returns the texts of a language, English for one without a catalogue.
func (b *Bundle) For(lang string) *Localizer {
	if l := b.localizers[lang]; l != nil {
		return l
	}
	return b.localizers[Default]
}

// Match chooses one of the languages offered: the first of those wanted by name
// (?lang=, the account, a cookie) that is offered, else the best by the header
// Accept-Language, else the fallback.
func (b *Bundle) Match(wanted []string, acceptLanguage string, offered []string, fallback string) string {
	for _, w := range wanted {
		if w != "" && slices.Contains(offered, w) {
			return w
		}
	}
	// Browsers send far less; parsing costs by the length.
	if acceptLanguage == "" || len(acceptLanguage) > 256 || len(offered) == 0 {
		return fallback
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return fallback
	}
	_, i, sure := b.matcher(offered).Match(tags...)
	if sure == language.No {
		return fallback
	}
	return offered[i]
}

// matcher returns the matcher for a list of languages, made once: lists come
// from the settings, so there are few.
func (b *Bundle) matcher(offered []string) language.Matcher {
	key := strings.Join(offered, ",")
	if m, ok := b.matchers.Load(key); ok {
		return m.(language.Matcher)
	}
	tags := make([]language.Tag, len(offered))
	for i, o := range offered {
		tags[i] = language.Make(o)
	}
	m := language.NewMatcher(tags)
	b.matchers.Store(key, m)
	return m
}

// newLocalizer builds the texts of one language.
func newLocalizer(lang string, text []byte) (*Localizer, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(tag)
	file, err := bundle.ParseMessageFileBytes(text, lang+".json")
	if err != nil {
		return nil, err
	}
	l := &Localizer{
		lang: lang, i18n: i18n.NewLocalizer(bundle, lang),
		plain: make(map[string]string, len(file.Messages)), raw: make(map[string]string, len(file.Messages)),
	}
	for _, m := range file.Messages {
		l.raw[m.ID] = m.One + m.Few + m.Many + m.Other
		l.ids = append(l.ids, m.ID)
		if m.One == "" && m.Few == "" && m.Many == "" && !strings.Contains(m.Other, "{{") {
			l.plain[m.ID] = m.Other
		}
	}
	slices.Sort(l.ids)
	return l, nil
}
