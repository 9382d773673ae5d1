package web

import (
	"time"

	"vitrine/internal/vitrine"
)

// albumHead is what stands above everything that is shown of an album.
type albumHead struct {
	ID, Name, Text string
	Path, Address  string // of its page; Address with scheme and host
	Link           code   // the address, to be copied
	Crumbs         []crumb
	Owner          *crumb // nil: nobody's, or somebody who does not want to be shown
	Count, Views   int64
	Files, Viewed  string // nouns for the two numbers
	Date           date
	Privacy        albumPrivacy
	Cover          *medium // for link previews; nil: none
	Warning        string  // what one should know before sharing the address; empty: nothing
	May            albumDeeds
}

// oembed are the addresses at which programs learn how to embed a page.
type oembed struct{ JSON, XML string }

// crumb is a link on the way to a page.
type crumb struct{ Name, Path string }

// albumPrivacy is a level of privacy in words.
type albumPrivacy struct {
	Value, Label, Text string
	Icon               string
}

// albumDeeds are the paths of what the visitor may do; empty: not for them.
type albumDeeds struct{ Upload, Add, Edit, Cover, Delete, ZIP string }

// albumHead tells all about an album that the visitor may see.
func (q *visit) albumHead(a *vitrine.Album) (*albumHead, error) {
	h := &albumHead{
		ID: string(a.Slug), Name: a.Name, Text: a.Description,
		Path: q.Links.AlbumPath(a), Address: q.Links.Album(a),
		Link:  code{q.texts.T("album.address"), q.Links.Album(a)},
		Count: a.FileCount, Files: q.texts.N("album.files", int(a.FileCount)),
		Views: a.Views, Viewed: q.texts.N("views.label", int(a.Views)),
		Date: date{
			Machine: a.CreatedAt.UTC().Format(time.RFC3339), Full: q.when(a.CreatedAt), Ago: q.texts.Ago(a.CreatedAt, q.Clock()),
		},
		Privacy: q.albumPrivacy(a.Privacy),
		May:     q.albumDeeds(a),
	}
	switch a.Privacy {
	case vitrine.PrivacyPrivate:
		h.Warning = q.texts.T("album.share_private")
	case vitrine.PrivacyPassword:
		h.Warning = q.texts.T("album.share_password")
	}
	if err := q.albumOwner(a, h); err != nil {
		return nil, err
	}
	parents, err := q.Catalog.AlbumPath(q.r.Context(), q.actor(), a)
	if err != nil {
		return nil, err
	}
	for i := range parents {
		h.Crumbs = append(h.Crumbs, crumb{parents[i].Name, q.Links.AlbumPath(&parents[i])})
	}
	cover, err := q.Catalog.AlbumCover(q.r.Context(), q.actor(), a)
	if err != nil {
		return nil, err
	}
	if cover != nil {
		m := q.albumPreview(cover)
		h.Cover = &m
	}
	return h, nil
}

// albumOwner says whose an album is. A private profile is shown to its owner and
// to admins only.
func (q *visit) albumOwner(a *vitrine.Album, h *albumHead) error {
	if a.OwnerID == 0 {
		return nil
	}
	u, err := q.Account.UserByID(q.r.Context(), a.OwnerID)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if u.Private && !q.actor().Owns(u.ID) && !q.actor().Admin() {
		return nil
	}
	h.Owner = &crumb{u.DisplayName(), q.Links.Profile(u.Username)}
	h.Crumbs = append(h.Crumbs, crumb{u.DisplayName(), q.albumsOf(u)})
	return nil
}

// albumsOf is the path of a user's albums.
func (q *visit) albumsOf(u *vitrine.User) string { return q.Links.Profile(u.Username) + "/albums" }

// albumDeeds says what the visitor may do with an album. Only its owner can add
// to it: everything in an album belongs to one user.
func (q *visit) albumDeeds(a *vitrine.Album) (d albumDeeds) {
	short := q.albumShort(a.Slug)
	if q.actor().Owns(a.OwnerID) {
		d.Upload = q.Links.Path("/upload?album=" + string(a.Slug))
		d.Add = q.Links.Path("/albums/new?parent=" + string(a.Slug))
	}
	if q.actor().MayChange(a.OwnerID) {
		d.Edit, d.Cover, d.Delete = short+"/edit", short+"/cover", short+"/delete"
	}
	if a.FileCount > 0 {
		d.ZIP = q.Links.AlbumZIP(a)
	}
	return d
}

// albumPreview is the picture by which a link to an album is shown elsewhere.
func (q *visit) albumPreview(f *vitrine.File) medium {
	switch {
	case f.Kind() == vitrine.KindVideo:
		return q.poster(f)
	case f.Medium.Exists():
		return q.variant(f, vitrine.Medium)
	}
	return medium{q.Links.Original(f), f.Format.MIME(), f.Width, f.Height}
}

// albumPrivacy puts a level of privacy into words.
func (q *visit) albumPrivacy(p vitrine.Privacy) albumPrivacy {
	w := albumPrivacy{Value: string(p)}
	switch p {
	case vitrine.PrivacyUnlisted:
		w.Icon, w.Label, w.Text = "link", q.texts.T("album.privacy.unlisted"), q.texts.T("album.privacy.unlisted_text")
	case vitrine.PrivacyPrivate:
		w.Icon, w.Label, w.Text = "lock", q.texts.T("album.privacy.private"), q.texts.T("album.privacy.private_text")
	case vitrine.PrivacyPassword:
		w.Icon, w.Label, w.Text = "key", q.texts.T("album.privacy.password"), q.texts.T("album.privacy.password_text")
	default:
		w.Icon, w.Label, w.Text = "globe", q.texts.T("album.privacy.public"), q.texts.T("album.privacy.public_text")
	}
	return w
}
