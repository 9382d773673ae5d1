package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalogs/*/*.json
var catalogs embed.FS

// Default is the language that stands in where another is missing.
const Default = "en"

// Bundle is the catalogues of all languages. It is safe for many goroutines.
type Bundle struct {
	localizers map[string]*Localizer
	matchers   sync.Map // languages offered, joined by commas → *matcher
}

// New reads the embedded catalogues: a folder for each language, with a file
// for each part of the site.
func New() (*Bundle, error) {
	languages, err := catalogs.ReadDir("catalogs")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	b := &Bundle{localizers: make(map[string]*Localizer)}
	for _, folder := range languages {
		l, err := newLocalizer(folder.Name())
		if err != nil {
			return nil, fmt.Errorf("read catalogue of %s: %w", folder.Name(), err)
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

// newLocalizer reads the texts of one language. A key stands in one file only.
func newLocalizer(lang string) (*Localizer, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(catalogs, path.Join("catalogs", lang, "*.json"))
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(tag)
	l := &Localizer{
		lang: lang, i18n: i18n.NewLocalizer(bundle, lang),
		plain: make(map[string]string), forms: make(map[string]Forms),
	}
	for _, name := range files {
		text, err := catalogs.ReadFile(name)
		if err != nil {
			return nil, err
		}
		// The library tells the language by the name.
		file, err := bundle.ParseMessageFileBytes(text, lang+".json")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		for _, m := range file.Messages {
			if _, twice := l.forms[m.ID]; twice {
				return nil, fmt.Errorf("%s: %s stands in another file too", path.Base(name), m.ID)
			}
			l.add(m)
		}
	}
	slices.Sort(l.ids)
	return l, nil
}

func (l *Localizer) add(m *i18n.Message) {
	forms := make(Forms)
	for category, text := range map[string]string{"one": m.One, "few": m.Few, "many": m.Many, "other": m.Other} {
		if text != "" {
			forms[category] = text
		}
	}
	l.forms[m.ID] = forms
	l.ids = append(l.ids, m.ID)
	if m.One == "" && m.Few == "" && m.Many == "" && !strings.Contains(m.Other, "{{") {
		l.plain[m.ID] = m.Other
	}
}
