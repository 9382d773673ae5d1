package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// embedPage is a film alone, for frames of other sites: link previews play it there.
type embedPage struct {
	Layout  layout
	Heading string
	Stage   stage
}

// fileEmbed serves it for films that anybody may see. Where nobody frames it, it
// is a page like others.
func (q *visit) fileEmbed(segment string) error {
	return q.withFile(segment, func(f *vitrine.File) error {
		if f.Kind() != vitrine.KindVideo || !forAnybody(f) {
			return vitrine.NotFound("page")
		}
		p := &embedPage{Layout: q.layout(f.DisplayTitle()), Heading: f.DisplayTitle(), Stage: q.stage(f)}
		p.Layout.NoIndex, p.Layout.Canonical = true, q.Links.Viewer(f)
		q.w.Header().Set("X-Robots-Tag", "noindex")
		q.anywhere = true
		return q.render(http.StatusOK, "file_embed", p)
	})
}

// forAnybody reports whether everybody who has the link may see the file.
func forAnybody(f *vitrine.File) bool {
	return f.Approved && (vitrine.Actor{}).MaySee(f.Privacy, f.OwnerID, f.Pass)
}
