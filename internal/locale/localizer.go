package locale

import (
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Localizer gives texts in one language. It is safe for many goroutines.
type Localizer struct {
	lang  string
	i18n  *i18n.Localizer
	plain map[string]string // texts without plural or placeholders, most of them
	forms map[string]Forms  // of each text, with their placeholders
	ids   []string          // sorted
}

// Forms are the forms of a text by plural category: one, few, many, other. A
// text without plural has the last alone.
type Forms map[string]string

// Lang is the language tag: "en", "zh-CN".
func (l *Localizer) Lang() string { return l.lang }

// Dir is the direction of writing, for the attribute dir: "ltr" or "rtl".
func (l *Localizer) Dir() string { return Direction(l.lang) }

// IDs are the keys of all texts, sorted.
func (l *Localizer) IDs() []string { return slices.Clone(l.ids) }

// Forms is the text with this key as the catalogue has it, for those who fill
// it themselves. It must not be changed.
func (l *Localizer) Forms(id string) Forms { return l.forms[id] }

// T is the text with this key. Arguments are pairs of a placeholder's name and
// its value: T("limits", "Size", "5 MB") fills {{.Size}}. An unknown key comes
// back as it is, so that it is seen.
func (l *Localizer) T(id string, args ...any) string {
	if text, ok := l.plain[id]; ok {
		return text
	}
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			data[name] = args[i+1]
		}
	}
	return l.localize(id, &i18n.LocalizeConfig{MessageID: id, TemplateData: data})
}

// N is the text with this key in the plural form of the count, which fills
// {{.PluralCount}}.
func (l *Localizer) N(id string, count int) string {
	if text, ok := l.plain[id]; ok {
		return text
	}
	return l.localize(id, &i18n.LocalizeConfig{MessageID: id, PluralCount: count})
}

func (l *Localizer) localize(id string, c *i18n.LocalizeConfig) string {
	text, err := l.i18n.Localize(c)
	if err != nil && text == "" {
		return id
	}
	return text
}
