package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// likeAnswer is what a script is told after a like.
type likeAnswer struct {
	Liked bool   `json:"liked"`
	Likes int64  `json:"likes"`
	Noun  string `json:"noun"` // of Likes
}

// likeFile takes the form of the heart on a file's page: field "on" is 1 to like
// it, 0 not any more.
func (q *visit) likeFile(segment string) error {
	form, err := q.form()
	if err != nil {
		return err
	}
	return q.withFile(segment, func(f *vitrine.File) error {
		back := q.Links.ShortPath(f)
		if q.actor().Guest() && !q.wantsJSON() {
			return q.done(q.Links.SignIn(back), "")
		}
		on := form.Get("on") == "1"
		likes, err := q.Catalog.Like(q.r.Context(), q.actor(), f.Slug, on)
		if err != nil {
			return err
		}
		if q.wantsJSON() {
			return q.json(http.StatusOK, likeAnswer{on, likes, q.texts.N("likes.label", int(likes))})
		}
		return q.done(back, "")
	})
}

// likeByScript is likeFile for scripts, which name the file in field "file".
func (q *visit) likeByScript() error {
	form, err := q.form()
	if err != nil {
		return err
	}
	return q.likeFile(form.Get("file"))
}
