package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// maxBulk is the most files that one deed takes: the catalogue's own limit.
const maxBulk = 1000

// bulkForm is what somebody wants to do with many files. It comes as a form, from
// a page without scripts or from ours, or as JSON with the same names.
type bulkForm struct {
	Action     string         `json:"action"` // edit, move, delete, codes
	IDs        []vitrine.Slug `json:"ids"`
	Sure       bool           `json:"sure"` // else the form of the action is shown
	AddTags    string         `json:"add_tags"`
	RemoveTags string         `json:"remove_tags"`
	Category   string         `json:"category"` // URL key; "-": none; empty: as it is
	Album      string         `json:"album"`    // slug; "-": none; empty: as it is
	NSFW       string         `json:"nsfw"`     // "1", "0"; empty: as it is
	Next       string         `json:"next"`     // path to lead back to
}

// bulkForm reads and checks what was sent.
func (q *visit) bulkForm() (bulkForm, error) {
	var b bulkForm
	if strings.HasPrefix(q.r.Header.Get("Content-Type"), "application/json") {
		if err := q.sameOrigin(); err != nil {
			return b, err
		}
		body := http.MaxBytesReader(q.w, q.r.Body, maxForm)
		if err := json.NewDecoder(io.LimitReader(body, maxForm)).Decode(&b); err != nil {
			return b, &vitrine.Error{Code: vitrine.CodeInvalid, Field: "form", Err: err}
		}
	} else {
		form, err := q.form()
		if err != nil {
			return b, err
		}
		b = bulkFields(form)
	}
	known := make(map[vitrine.Slug]bool, len(b.IDs))
	ids := b.IDs[:0]
	for _, id := range b.IDs {
		if slug, ok := vitrine.ParseSlug(string(id)); ok && !known[slug] {
			known[slug] = true
			ids = append(ids, slug)
		}
	}
	b.IDs = ids
	switch {
	case len(ids) == 0:
		return b, vitrine.Invalid("ids", "Choose at least one file")
	case len(ids) > maxBulk:
		return b, vitrine.Invalid("ids_many", "Choose at most 1000 files")
	}
	return b, nil
}

func bulkFields(form url.Values) bulkForm {
	b := bulkForm{
		Action: form.Get("action"), Sure: form.Get("sure") == "1",
		AddTags: form.Get("add_tags"), RemoveTags: form.Get("remove_tags"),
		Category: form.Get("category"), Album: form.Get("album"), NSFW: form.Get("nsfw"), Next: form.Get("next"),
	}
	for _, id := range form["ids"] {
		b.IDs = append(b.IDs, vitrine.Slug(id))
	}
	return b
}

// edit is the change that the form asks for; changed is false where it asks for
// none.
func (b *bulkForm) edit() (e catalog.FilesEdit, changed bool) {
	e.AddTags, e.RemoveTags = b.AddTags, b.RemoveTags
	e.Category, e.Album = bulkChoice(b.Category), bulkChoice(b.Album)
	if b.NSFW != "" {
		nsfw := b.NSFW == "1"
		e.NSFW = &nsfw
	}
	return e, e.AddTags != "" || e.RemoveTags != "" || e.Category != nil || e.Album != nil || e.NSFW != nil
}

// bulkChoice is a choice of a form: nil leaves what is, the empty text is none.
func bulkChoice(s string) *string {
	switch s {
	case "":
		return nil
	case "-":
		s = ""
	}
	return &s
}
