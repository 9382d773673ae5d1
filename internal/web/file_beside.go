package web

import (
	"net/http"
	"slices"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// besideEach is how many pictures on each side of a file the lightbox is told of.
const besideEach = 12

// besideAnswer are the pictures around a file, in the order of its album.
type besideAnswer struct {
	Files []besideFile `json:"files"`
	At    int          `json:"at"` // place of the file itself
}

// besideFile is a picture for the lightbox.
type besideFile struct {
	Viewer string `json:"viewer"` // path of its page
	Alt    string `json:"alt"`
	Src    string `json:"src"`
	Small  string `json:"small"` // to be shown until Src is there; empty: none
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// filesBeside tells the lightbox which pictures to swipe through. Films, and what
// is covered, are passed over: they are looked at on their own pages.
func (q *visit) filesBeside() error {
	slug, ok := vitrine.ParseSlug(links.SlugOf(q.r.URL.Query().Get("file")))
	if !ok {
		return vitrine.NotFound("file")
	}
	f, err := q.Catalog.File(q.r.Context(), q.actor(), slug)
	if err != nil {
		return err
	}
	before, err := q.walkBeside(f, false)
	if err != nil {
		return err
	}
	after, err := q.walkBeside(f, true)
	if err != nil {
		return err
	}
	slices.Reverse(before)
	a := besideAnswer{At: len(before)}
	a.Files = append(append(before, q.besideFile(f)), after...)
	return q.json(http.StatusOK, a)
}

// walkBeside goes through an album from a file on, forwards or back, one question
// for each step: they are few, and answered from an index.
func (q *visit) walkBeside(f *vitrine.File, forward bool) ([]besideFile, error) {
	var list []besideFile
	for range besideEach {
		prev, next, err := q.Catalog.Neighbours(q.r.Context(), q.actor(), f)
		if err != nil {
			return nil, err
		}
		if f = prev; forward {
			f = next
		}
		if f == nil {
			break
		}
		if f.Kind() == vitrine.KindImage && (!f.NSFW || q.showsNSFW()) {
			list = append(list, q.besideFile(f))
		}
	}
	return list, nil
}

func (q *visit) besideFile(f *vitrine.File) besideFile {
	s := q.stage(f)
	b := besideFile{q.Links.ViewerPath(f), f.AltText(), s.Shown.URL, "", s.Shown.Width, s.Shown.Height}
	if f.Medium.Exists() && f.Medium.Width < f.Width {
		b.Small = q.Links.Variant(f, vitrine.Medium)
	}
	return b
}
