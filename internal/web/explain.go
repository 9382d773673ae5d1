package web

import (
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

// explain says in the visitor's language why something was refused and what
// would be right: by the text for code and field, or by that for the code. A
// text names nothing but what reasonValues gives for its code, and, where it
// is for a field, the facts of the errors with that field.
func (q *visit) explain(e *vitrine.Error) string {
	values := q.reasonValues(e)
	for _, id := range []string{
		"reason." + string(e.Code) + "." + e.Field,
		"reason." + string(e.Code),
	} {
		if text := q.texts.T(id, values...); text != id {
			return text
		}
	}
	return q.texts.T("error.internal.text")
}

// reasonValues are what texts may name, in pairs with their placeholders.
func (q *visit) reasonValues(e *vitrine.Error) []any {
	s := q.settings
	values := []any{
		"Limit", q.actor().MaxUploadSize(s).String(),
		"FormLimit", q.formLimit().String(),
		"FormFiles", strconv.Itoa(formFiles),
		"Formats", strings.ToUpper(strings.Join(s.UploadFormats, ", ")),
		"TagsMost", strconv.Itoa(s.TagsPerFile),
		"Wait", q.wait(q.patience(e)),
	}
	for name, value := range e.Facts {
		values = append(values, name, value)
	}
	return values
}

// linkOf is the address of what stands in the way; empty: nothing, or nothing
// that the visitor may know of.
func (q *visit) linkOf(e *vitrine.Error) string {
	if e.Code != vitrine.CodeDuplicate || e.Facts["Slug"] == "" {
		return ""
	}
	f, err := q.Catalog.File(q.r.Context(), q.actor(), vitrine.Slug(e.Facts["Slug"]))
	if err != nil {
		return ""
	}
	return q.Links.Viewer(f)
}
