package locale

import "strings"

// Raw is every form of a text as it stands in the catalogue.
func (l *Localizer) Raw(id string) string {
	var all strings.Builder
	for _, form := range l.Forms(id) {
		all.WriteString(form)
	}
	return all.String()
}
