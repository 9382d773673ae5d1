package web

import (
	"vitrine/internal/vitrine"
)

// explain says in the visitor's language why something was refused.
func (q *visit) explain(e *vitrine.Error) string {
	for _, id := range []string{
		"reason." + string(e.Code) + "." + e.Field,
		"reason." + string(e.Code),
	} {
		if text := q.texts.T(id); text != id {
			return text
		}
	}
	return q.texts.T("error.internal.text")
}
