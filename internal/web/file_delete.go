package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// fileDelete deletes a file for its owner, a manager or an admin: GET asks, POST
// does it.
func (q *visit) fileDelete(segment string) error {
	return q.changeFile(segment, func(f *vitrine.File) error {
		if q.r.Method != http.MethodPost {
			return q.askToDelete(f)
		}
		if err := q.sameOrigin(); err != nil {
			return err
		}
		next, err := q.afterFile(f)
		if err != nil {
			return err
		}
		if err := q.Catalog.Delete(q.r.Context(), q.actor(), f.Slug); err != nil {
			return err
		}
		return q.done(next, "note.file_deleted")
	})
}

// changeFile finds a file that the visitor may change. Guests sign in first.
func (q *visit) changeFile(segment string, use func(*vitrine.File) error) error {
	return q.withFile(segment, func(f *vitrine.File) error {
		switch {
		case q.actor().Guest() && q.wantsJSON():
			return vitrine.Errorf(vitrine.CodeUnauthorized, "")
		case q.actor().Guest():
			return q.done(q.Links.SignIn(q.Links.Path(q.r.URL.Path)), "")
		case !q.actor().MayChange(f.OwnerID):
			return vitrine.Errorf(vitrine.CodeForbidden, "")
		}
		return use(f)
	})
}

// afterFile is where one goes when a file is gone: to the next one of its album,
// to the one before, to the album, to the owner's page.
func (q *visit) afterFile(f *vitrine.File) (string, error) {
	a, err := q.around(f)
	switch {
	case err != nil:
		return "", err
	case a.Next != nil:
		return a.Next.Path, nil
	case a.Prev != nil:
		return a.Prev.Path, nil
	case a.Album != nil:
		return a.Album.Path, nil
	case a.Owner != nil:
		return a.Owner.Path, nil
	}
	return q.Links.Path("/"), nil
}
