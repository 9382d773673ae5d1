package feeds

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// feedLength is how many files a feed has.
const feedLength = 50

// atomMIME is the media type of RFC 4287, 7.
const atomMIME = "application/atom+xml; charset=utf-8"

// nobody is on whose behalf everything here is asked for.
var nobody vitrine.Actor

// subject is what a feed is about.
type subject struct {
	page    string // path of the page whose feed it is, with the base path
	title   string
	text    string
	began   time.Time // when the subject came to be, which an empty feed says it was changed
	author  *vitrine.User
	caching string
	query   catalog.FileQuery
}

// siteFeed has everybody's newest files.
func (q *request) siteFeed() error {
	return q.feed(subject{
		page: q.Links.Path("/"), title: q.settings.SiteName, text: q.settings.SiteDescription, caching: keepFeed,
	})
}

// userFeed has the newest files of a user whose profile is public.
func (q *request) userFeed(username string) error {
	u, err := q.Account.User(q.r.Context(), username)
	if err != nil {
		return err
	}
	if u.Private || u.Status != vitrine.UserValid {
		return vitrine.NotFound("user")
	}
	return q.feed(subject{
		page: q.Links.Profile(u.Username), title: q.titled(u.DisplayName()), text: u.Bio,
		began: u.CreatedAt, author: u, caching: keepFeed, query: catalog.FileQuery{Owner: u.ID},
	})
}

// albumFeed has the newest files of an album that is public, or unlisted: who asks
// knows its address.
func (q *request) albumFeed(slug vitrine.Slug) error {
	a, err := q.Catalog.Album(q.r.Context(), nobody, slug)
	if err != nil {
		return err
	}
	s := subject{
		page: q.Links.AlbumPath(a), title: q.titled(a.Name), text: a.Description,
		began: a.CreatedAt, caching: keepFeed, query: catalog.FileQuery{Album: a.ID},
	}
	if a.Privacy != vitrine.PrivacyPublic {
		s.caching = keepNothing
		q.hide()
	}
	return q.feed(s)
}

// tagFeed has the newest files with a tag.
func (q *request) tagFeed(name string) error {
	name, ok := vitrine.ParseTag(name)
	if !ok {
		return vitrine.NotFound("tag")
	}
	tag, err := q.Catalog.Tag(q.r.Context(), nobody, name)
	if err != nil {
		return err
	}
	return q.feed(subject{
		page: q.Links.Tag(tag.Name), title: q.titled(q.texts.T("feeds.tag", "Tag", tag.Name)), caching: keepFeed,
		query: catalog.FileQuery{Tag: tag.ID},
	})
}

// titled is the title of a feed that is a part of the site's.
func (q *request) titled(name string) string { return name + " - " + q.settings.SiteName }

// feed lists the files of a subject.
func (q *request) feed(s subject) error {
	if err := q.open(); err != nil {
		return err
	}
	s.query.Actor, s.query.Sort, s.query.Limit = nobody, vitrine.SortNewest, feedLength
	page, err := q.Catalog.Files(q.r.Context(), s.query)
	if err != nil {
		return err
	}
	changed := s.began
	for i := range page.Files {
		if at := page.Files[i].UploadedAt; at.After(changed) {
			changed = at
		}
	}
	if changed.IsZero() {
		changed = time.Unix(0, 0) // there must be one, and nothing ever was
	}
	f := &atomFeed{
		NS: "http://www.w3.org/2005/Atom", Media: "http://search.yahoo.com/mrss/", Lang: q.settings.Language,
		ID: q.tag(s.page), Title: s.title, Subtitle: s.text, Updated: instant(changed),
		Generator: "Vitrine",
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: q.Links.On(q.Links.Feed(s.page))},
			{Rel: "alternate", Type: "text/html", Href: q.Links.On(s.page)},
		},
		// Entries without an author have that of the feed (RFC 4287, 4.1.1).
		Author: &atomPerson{Name: q.settings.SiteName, URI: q.Links.Home()},
	}
	authors := q.authors(s.author, page.Files)
	for i := range page.Files {
		f.Entries = append(f.Entries, q.entry(&page.Files[i], authors))
	}
	var body bytes.Buffer
	body.WriteString(xml.Header)
	if err := xml.NewEncoder(&body).Encode(f); err != nil {
		return fmt.Errorf("write a feed: %w", err)
	}
	return q.send(atomMIME, s.caching, changed, body.Bytes())
}

// authors are the users of the files who may be named.
func (q *request) authors(known *vitrine.User, files []vitrine.File) map[int64]*atomPerson {
	people := make(map[int64]*atomPerson)
	if known != nil {
		people[known.ID] = q.person(known)
	}
	for i := range files {
		id := files[i].OwnerID
		if _, ok := people[id]; ok || id == 0 {
			continue
		}
		u, err := q.Account.UserByID(q.r.Context(), id)
		if err != nil || u.Private {
			people[id] = nil // the feed is good without
			continue
		}
		people[id] = q.person(u)
	}
	return people
}

func (q *request) person(u *vitrine.User) *atomPerson {
	return &atomPerson{Name: u.DisplayName(), URI: q.Links.On(q.Links.Profile(u.Username))}
}

// tag is an id that never changes, by RFC 4151: the host, a day on which it was
// ours, and a path. Titles in it would change; the first day of the format will
// do for what is older than this site.
func (q *request) tag(path string) string {
	return tagURI(q.Links.Host(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), path)
}

func tagURI(host string, day time.Time, specific string) string {
	if u, err := url.Parse("//" + host); err == nil {
		host = u.Hostname()
	}
	host = strings.Trim(strings.ReplaceAll(strings.ToLower(host), ":", "-"), "-") // an IPv6 address is no name
	return "tag:" + host + "," + day.UTC().Format(time.DateOnly) + ":" + specific
}

// instant is a date construct of RFC 4287, 3.3.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
