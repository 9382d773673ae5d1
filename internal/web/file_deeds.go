package web

import (
	"net/url"

	"vitrine/internal/vitrine"
)

// fileDeeds are what the visitor may do with a file.
type fileDeeds struct {
	Like         likeDeed
	Share        shareDeed
	Edit, Delete string // paths; empty: not for them
	Beside       string // path at which scripts ask for the files beside it; empty: it stands alone
}

// likeDeed is the button that likes a file, or does not any more.
type likeDeed struct {
	Action string // where the form leads to; empty: to SignIn instead
	SignIn string
	Liked  bool
	Likes  int64
	Noun   string // of Likes
}

// shareDeed passes a file's page on.
type shareDeed struct{ URL, Title, Mail string }

func (q *visit) fileDeeds(f *vitrine.File) (d fileDeeds, err error) {
	short := q.Links.ShortPath(f)
	viewer := q.Links.Viewer(f)
	d.Share = shareDeed{viewer, f.DisplayTitle(), mailTo(f.DisplayTitle(), viewer)}
	if f.AlbumID != 0 {
		d.Beside = q.Links.Path("/-/beside?file=" + string(f.Slug))
	}
	if q.actor().MayChange(f.OwnerID) {
		d.Edit, d.Delete = short+"/edit", short+"/delete"
	}
	d.Like = likeDeed{Likes: f.Likes, Noun: q.texts.N("likes.label", int(f.Likes))}
	if q.actor().Guest() {
		d.Like.SignIn = q.Links.SignIn(q.Links.ViewerPath(f))
		return d, nil
	}
	d.Like.Action = short + "/like"
	d.Like.Liked, err = q.Catalog.Liked(q.r.Context(), q.actor(), f.ID)
	return d, err
}

// mailTo is a letter without an address: RFC 6068.
func mailTo(subject, body string) string {
	return "mailto:?subject=" + url.PathEscape(oneLine(subject)) + "&body=" + url.QueryEscape(body)
}
