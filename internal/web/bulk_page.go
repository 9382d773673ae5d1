package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// bulkPage asks what to do with many files, or shows their codes.
type bulkPage struct {
	Layout     layout
	Heading    string
	Count      string // "12 files"
	Action     string // edit, move, delete, codes
	Post       string // where the form leads to
	Complete   string // where tags are completed
	Form       bulkForm
	Categories []searchChoice // to choose from; nil: there are none
	Albums     []searchChoice
	Codes      []codeGroup
}

// bulkDone tells our scripts what was done.
type bulkDone struct {
	Action  string `json:"action"`
	Count   int    `json:"count"`
	Message string `json:"message"` // in the visitor's language
}

// bulk takes what is to be done with many files. Without what an action needs it
// shows a form that asks for it: a page, or for our scripts the form alone.
func (q *visit) bulk() error {
	b, err := q.bulkForm()
	if err != nil {
		return err
	}
	if b.Action == "codes" {
		return q.bulkCodes(b)
	}
	if b.Action != "edit" && b.Action != "move" && b.Action != "delete" {
		return vitrine.Invalid("action", "Choose what to do: edit, move, delete or codes")
	}
	if q.actor().Guest() {
		if q.wantsJSON() || q.fragment() {
			return vitrine.Errorf(vitrine.CodeUnauthorized, "")
		}
		q.redirect(http.StatusSeeOther, q.Links.SignIn(q.backTo(b.Next)))
		return nil
	}
	if !b.Sure {
		return q.bulkAsk(b)
	}
	return q.bulkDo(b)
}

// bulkDo does it. Files that are not the visitor's to change are passed over.
func (q *visit) bulkDo(b bulkForm) error {
	done := bulkDone{Action: b.Action}
	note, count := "note.files_changed", "bulk.changed"
	var err error
	if b.Action == "delete" {
		note, count = "note.files_deleted", "bulk.deleted"
		done.Count, err = q.Catalog.DeleteFiles(q.r.Context(), q.actor(), b.IDs)
	} else if edit, changed := b.edit(); changed {
		done.Count, err = q.Catalog.EditFiles(q.r.Context(), q.actor(), b.IDs, edit)
	} else {
		note, count = "", "bulk.unchanged"
	}
	if err != nil {
		return err
	}
	if note != "" && done.Count == 0 {
		return vitrine.Errorf(vitrine.CodeForbidden, "None of these files are yours to change")
	}
	if q.wantsJSON() {
		done.Message = q.texts.N(count, done.Count)
		return q.json(http.StatusOK, done)
	}
	return q.done(q.backTo(b.Next), note)
}

// bulkAsk shows the form of an action.
func (q *visit) bulkAsk(b bulkForm) error {
	p := q.bulkPage(b, bulkHeadings[b.Action])
	switch b.Action {
	case "edit":
		all, err := q.Catalog.Categories(q.r.Context())
		if err != nil {
			return err
		}
		for _, c := range all {
			p.Categories = append(p.Categories, searchChoice{Value: c.URLKey, Text: c.Name})
		}
	case "move":
		all, err := q.albumsToChoose(q.r.Context(), q.actor().UserID())
		if err != nil {
			return err
		}
		for _, a := range all {
			p.Albums = append(p.Albums, searchChoice{Value: a.ID, Text: a.Name})
		}
	}
	return q.bulkShow(p)
}

var bulkHeadings = map[string]string{
	"edit": "bulk.edit", "move": "bulk.move", "delete": "bulk.delete", "codes": "bulk.codes",
}

// bulkCodes shows the embed codes of the files that the visitor may see.
func (q *visit) bulkCodes(b bulkForm) error {
	codes, err := q.manyCodes(b.IDs)
	if err != nil {
		return err
	}
	p := q.bulkPage(b, bulkHeadings["codes"])
	p.Codes = codes
	return q.bulkShow(p)
}

func (q *visit) bulkPage(b bulkForm, heading string) *bulkPage {
	b.Next = q.backTo(b.Next)
	p := &bulkPage{
		Heading: q.texts.T(heading), Action: b.Action, Form: b, Post: q.Links.Path("/-/files"), Complete: q.Links.Path("/-/tags"),
		Count: q.texts.N("list.files", len(b.IDs)),
	}
	return p
}

// bulkShow answers with the whole page, or with the form alone.
func (q *visit) bulkShow(p *bulkPage) error {
	if q.fragment() {
		return q.renderPart("bulk", "bulk-form", p)
	}
	p.Layout = q.layout(p.Heading)
	p.Layout.NoIndex = true
	return q.render(http.StatusOK, "bulk", p)
}
