package web

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// tagAnswer is one tag for completing what somebody types.
type tagAnswer struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// tagAnswers tells our scripts the tags that begin as asked, the most used first.
func (q *visit) tagAnswers() error {
	list := []tagAnswer{}
	prefix := strings.TrimSpace(q.r.URL.Query().Get("q"))
	if prefix != "" && utf8.RuneCountInString(prefix) <= 32 {
		tags, err := q.Catalog.CompleteTags(q.r.Context(), prefix, 10)
		if err != nil {
			return err
		}
		for _, t := range tags {
			list = append(list, tagAnswer{t.Name, t.ListedCount})
		}
	}
	return q.json(http.StatusOK, list)
}
