package web

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

// frame is what stands above and below a page. That of guests changes with the
// settings, the language and the colours only, and is rendered once for each: it
// was a third of the work of a page.
type frame struct {
	Top    template.HTML // up to the path for signing in, if it is on the page
	Rest   template.HTML // of the top after that
	Bottom template.HTML
}

// frames are those of guests under one snapshot of the settings.
type frames struct {
	settings *vitrine.Settings
	data     frameData
	made     sync.Map // frameKey → *frame
}

type frameKey struct {
	lang, theme string
	form        bool // the answer to a form: no address that could be asked for again
}

// frameData is what the templates "top" and "bottom" are given.
type frameData struct {
	Site, Icon                 string
	Home, API, Explore, Search string // paths
	Feed                       string // path
	SignIn                     string // a mark; empty for who is signed in
	User                       *frameUser
	Languages                  []languageLink
	Language                   string // name of the language in force
	Themes                     []themeChoice
}

// frameUser is who is signed in, with the paths of their own pages.
type frameUser struct {
	Name, Username, Initial            string
	Profile, Albums, Settings, SignOut string
}

// languageLink is a language that the visitor may choose.
type languageLink struct {
	Tag, Name string
	Current   bool
}

// themeChoice is a theme that the visitor may choose.
type themeChoice struct {
	Name, Text string
	System     bool
	Current    bool
}

// signInMark stands for the path in the rendered top. A path cannot hold it, and
// templates leave it as it is within an address.
const signInMark = "[sign-in]"

// frames are those for the settings in force. Two visits may both make them
// after a change, which does no harm.
func (q *visit) frames() *frames {
	if f := q.door.framed.Load(); f != nil && f.settings == q.settings {
		return f
	}
	f := &frames{settings: q.settings, data: frameData{
		Site: q.settings.SiteName, Icon: q.Links.Path(q.assets.iconPath("favicon.svg")),
		Home: q.Links.Path("/"), API: q.Links.Path("/api-v1"),
		Explore: q.Links.Explore("recent"), Search: q.Links.Search(""), Feed: q.Links.Feed(q.Links.Path("/")),
		SignIn: signInMark,
	}}
	q.door.framed.Store(f)
	return f
}

// frame is what stands around the page of this visit.
func (q *visit) frame(f *frames, chosen theme) *frame {
	key := frameKey{q.texts.Lang(), chosen.Name, q.r.Method == http.MethodPost}
	made, ok := f.made.Load(key)
	if !ok {
		made, _ = f.made.LoadOrStore(key, q.guestFrame(f.data, key))
	}
	guests := made.(*frame)
	u := q.actor().User
	if u == nil {
		return guests
	}
	data := f.data
	profile := q.Links.Profile(u.Username)
	data.SignIn, data.User = "", &frameUser{
		Name: u.DisplayName(), Username: u.Username, Initial: firstLetter(u.DisplayName()),
		Profile: profile, Albums: profile + "/albums", Settings: q.Links.Path("/settings"), SignOut: q.Links.Path("/logout"),
	}
	return &frame{Top: q.renderFrame(key.lang, "top", data), Bottom: guests.Bottom}
}

// guestFrame renders the frame of guests.
func (q *visit) guestFrame(data frameData, key frameKey) *frame {
	if !key.form {
		data.Languages, data.Language = q.languageLinks(key.lang)
		for _, t := range themes {
			data.Themes = append(data.Themes, themeChoice{t.Name, q.texts.T(t.Text), t == systemTheme, t.Name == key.theme})
		}
	}
	top, rest, _ := strings.Cut(string(q.renderFrame(key.lang, "top", data)), template.HTMLEscapeString(signInMark))
	return &frame{template.HTML(top), template.HTML(rest), q.renderFrame(key.lang, "bottom", data)} // pieces of our own template's output
}

// languageLinks are the languages to choose from, if there is a choice, and the
// name of the one in force.
func (q *visit) languageLinks(lang string) (links []languageLink, name string) {
	if len(q.settings.Languages) < 2 {
		return nil, ""
	}
	for _, tag := range q.settings.Languages {
		links = append(links, languageLink{tag, q.Locale.For(tag).T("language.name"), tag == lang})
	}
	return links, q.texts.T("language.name")
}

// renderFrame makes one part of a frame. The templates are tested with every
// page; should one fail all the same, the page goes without.
func (q *visit) renderFrame(lang, name string, data frameData) template.HTML {
	var buf bytes.Buffer
	if err := q.pages.execute(&buf, lang, "error", name, data); err != nil {
		q.Logger.ErrorContext(q.r.Context(), "page failed", "err", err)
		return ""
	}
	return template.HTML(buf.String()) // our own template's output, escaped there
}

// firstLetter is the first character of a name.
func firstLetter(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size]
}
