package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// profilePage shows a user: who they are, and one of their lists.
type profilePage struct {
	Layout   layout
	Address  string // of the page, with scheme and host
	User     profileHead
	Tabs     []listLink
	Settings string      // path of the own settings; empty: it is another's page
	List     *listing    // nil: it shows albums
	Albums   *albumCards // nil: it shows files
	NewAlbum string      // path of the form of a new album; empty: not here
	user     *vitrine.User
	own      bool
}

// profileHead is what stands above the lists.
type profileHead struct {
	Username, Name string
	Initials       string
	Tone           int // 0 to 7, the colour behind the initials
	Bio            string
	Website, Host  string // address, and what is shown of it; empty: none
	Count          int64
	Files          string // noun for the count
	Since          date
	Private        bool // others cannot see the page
}

// profilePage serves a user's page. Private profiles, and those of accounts that
// do not work, are not there for others.
func (q *visit) profilePage(username, rest string, list func(*visit, *profilePage) error) error {
	u, err := q.Account.User(q.r.Context(), username)
	if err != nil {
		return err
	}
	own := q.actor().Owns(u.ID)
	if !own && !q.actor().Admin() && (u.Private || u.Status != vitrine.UserValid) {
		return vitrine.NotFound("page")
	}
	below := ""
	if rest = strings.TrimSuffix(rest, "/"); rest != "" {
		below = "/" + rest
	}
	right := q.Links.Profile(u.Username) + below
	if q.r.URL.Path != "/"+u.Username+below {
		if q.r.URL.RawQuery != "" {
			right += "?" + q.r.URL.RawQuery
		}
		http.Redirect(q.w, q.r, right, http.StatusMovedPermanently)
		return nil
	}
	p := &profilePage{Layout: q.layout(u.DisplayName()), Address: q.Links.On(q.Links.Profile(u.Username)), User: q.profileHead(u, own), user: u, own: own}
	p.Layout.Canonical = q.Links.On(right)
	p.Layout.Description = firstLine(u.Bio)
	p.Layout.Entry = "list"
	p.Layout.NoIndex = u.Private || u.ListedCount == 0
	if !u.Private {
		p.Layout.Feed = q.Links.Feed(q.Links.Profile(u.Username))
	}
	if own {
		p.Settings = q.Links.Path("/settings")
	}
	p.tab(q, rest, "", "account.profile.files")
	p.tab(q, rest, "albums", "account.profile.albums")
	if own {
		p.tab(q, rest, "liked", "account.profile.liked")
	}
	if err := list(q, p); err != nil {
		return err
	}
	return q.render(http.StatusOK, "profile", p)
}

// tab adds one of the lists.
func (p *profilePage) tab(q *visit, rest, name, text string) {
	path := q.Links.Profile(p.user.Username)
	if name != "" {
		path += "/" + name
	}
	p.Tabs = append(p.Tabs, listLink{Path: path, Text: q.texts.T(text), Current: rest == name})
}

// profileHead tells who a user is. Visitors are told the number of files that
// they could find.
func (q *visit) profileHead(u *vitrine.User, own bool) profileHead {
	h := profileHead{
		Username: u.Username, Name: u.DisplayName(), Initials: initials(u.DisplayName()), Tone: int(u.ID % 8),
		Bio: u.Bio, Website: u.Website, Count: u.ListedCount, Since: q.date(u.CreatedAt), Private: u.Private,
	}
	if own {
		h.Count = u.FileCount
	}
	h.Files = q.texts.N("account.profile.count", int(h.Count))
	if site, err := url.Parse(u.Website); err == nil {
		h.Host = strings.TrimSuffix(strings.TrimPrefix(site.Host, "www.")+site.EscapedPath(), "/")
	}
	return h
}

// profileFiles lists the user's files.
func (q *visit) profileFiles(p *profilePage) error {
	return q.profileList(p, catalog.FileQuery{Owner: p.user.ID}, "", q.texts.T("account.profile.no_files"))
}

// profileLiked lists what the user likes, for themselves.
func (q *visit) profileLiked(p *profilePage) error {
	if !p.own {
		return vitrine.NotFound("page")
	}
	return q.profileList(p, catalog.FileQuery{LikedBy: p.user.ID}, "/liked", q.texts.T("account.profile.no_liked"))
}

func (q *visit) profileList(p *profilePage, ask catalog.FileQuery, below, empty string) error {
	asked := q.r.URL.Query()
	ask.Actor, ask.After = q.actor(), asked.Get("after")
	ask.Sort = vitrine.ParseSort(asked.Get("sort"), vitrine.SortNewest)
	files, err := q.Catalog.Files(q.r.Context(), ask)
	if err != nil {
		return err
	}
	o := listOptions{
		Path: q.Links.Profile(p.user.Username) + below, Sort: ask.Sort, Sorts: usualSorts, Empty: empty, One: ask.Owner != 0,
	}
	if p.own && ask.Owner != 0 {
		o.Way = &listLink{Path: q.Links.Path("/upload"), Text: q.texts.T("account.profile.upload")}
	}
	p.List = q.listing(files, o)
	return nil
}

// profileAlbums lists the user's albums that stand in no other.
func (q *visit) profileAlbums(p *profilePage) error {
	albums, err := q.Catalog.AlbumList(q.r.Context(), catalog.AlbumQuery{
		Actor: q.actor(), Owner: p.user.ID, Top: true, After: q.r.URL.Query().Get("after"),
	})
	if err != nil {
		return err
	}
	p.Albums = q.albumCards(albums, q.albumsOf(p.user)+"?after="+url.QueryEscape(albums.Next))
	if p.own {
		p.NewAlbum = q.Links.Path("/albums/new")
	}
	return nil
}

// date is an instant as pages show it.
func (q *visit) date(t time.Time) date {
	return date{Machine: t.UTC().Format(time.RFC3339), Full: q.when(t), Ago: q.texts.Ago(t, q.Clock())}
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '_' })
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	text := string(unicode.ToUpper(first))
	if len(words) > 1 {
		last, _ := utf8.DecodeRuneInString(words[len(words)-1])
		text += string(unicode.ToUpper(last))
	}
	return text
}

// firstLine is a text for programs that take one sentence or two.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(line)
}
