package web

import (
	"net/http"
	"strings"

	"vitrine/internal/vitrine"
)

// codesAnswer tells our scripts the codes of many files.
func (q *visit) codesAnswer() error {
	var ids []vitrine.Slug
	for id := range strings.SplitSeq(q.r.URL.Query().Get("ids"), ",") {
		if slug, ok := vitrine.ParseSlug(id); ok && len(ids) < maxBulk {
			ids = append(ids, slug)
		}
	}
	codes, err := q.manyCodes(ids)
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, codes)
}

// manyCodes are the links and codes of files, each kind line by line. What the
// visitor may not see is left out; CodeNotFound where nothing is left.
func (q *visit) manyCodes(ids []vitrine.Slug) ([]codeGroup, error) {
	var all [][]codeGroup
	for _, id := range ids {
		f, err := q.Catalog.File(q.r.Context(), q.actor(), id)
		if vitrine.Is(err, vitrine.CodeNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, q.codes(f, ""))
	}
	if len(all) == 0 {
		return nil, vitrine.NotFound("file")
	}
	return joinCodes(all...), nil
}
