package feeds

import (
	"encoding/json"
	"fmt"
	"time"

	"vitrine/internal/locale"
)

// appManifest is what browsers need to install the site as an app (W3C Web
// Application Manifest), and to hand files over to it (Web Share Target).
type appManifest struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	ShortName   string        `json:"short_name"`
	Description string        `json:"description"`
	Lang        string        `json:"lang"`
	Dir         string        `json:"dir"`
	StartURL    string        `json:"start_url"`
	Scope       string        `json:"scope"`
	Display     string        `json:"display"`
	Background  string        `json:"background_color"`
	Theme       string        `json:"theme_color"`
	Categories  []string      `json:"categories"`
	Icons       []appIcon     `json:"icons"`
	Shortcuts   []appShortcut `json:"shortcuts"`
	ShareTarget shareTarget   `json:"share_target"`
}

type appIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
}

type appShortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type shareTarget struct {
	Action  string      `json:"action"`
	Method  string      `json:"method"`
	Enctype string      `json:"enctype"`
	Params  shareParams `json:"params"`
}

type shareParams struct {
	Title string      `json:"title"`
	Text  string      `json:"text"`
	URL   string      `json:"url"`
	Files []shareFile `json:"files"`
}

type shareFile struct {
	Name   string   `json:"name"`
	Accept []string `json:"accept"`
}

// ground is the colour behind everything in the light theme.
const ground = "#fcfcfd"

// shortName is how many characters fit below the icon of an app.
const shortName = 15

// manifest describes the site as an app, in the language that the page asks for.
func (q *request) manifest() error {
	t := q.language()
	m := appManifest{
		ID: q.Links.Path("/"), Name: q.settings.SiteName, ShortName: cut(q.settings.SiteName, shortName),
		Description: q.settings.SiteDescription, Lang: t.Lang(), Dir: t.Dir(),
		StartURL: q.Links.Path("/"), Scope: q.Links.Path("/"), Display: "standalone",
		Background: ground, Theme: ground, Categories: []string{"photo", "social"},
		Icons: []appIcon{},
		Shortcuts: []appShortcut{
			{t.T("feeds.upload"), q.Links.Path("/")},
			{t.T("feeds.explore"), q.Links.Explore("recent")},
		},
		ShareTarget: shareTarget{
			Action: q.Links.Path("/upload"), Method: "POST", Enctype: "multipart/form-data",
			Params: shareParams{"title", "description", "url", []shareFile{{"source", []string{"image/*", "video/*"}}}},
		},
	}
	if m.Description == "" {
		m.Description = t.T("feeds.description")
	}
	for _, i := range q.Icons {
		icon := appIcon{i.Path, i.Sizes, i.MIME, ""}
		if i.Maskable {
			icon.Purpose = "maskable"
		}
		m.Icons = append(m.Icons, icon)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	q.w.Header().Set("Vary", "Accept-Language")
	q.w.Header().Set("Content-Language", t.Lang())
	return q.send("application/manifest+json; charset=utf-8", keepFeed, time.Time{}, body)
}

// language is the one that the query names, else the browser's.
func (q *request) language() *locale.Localizer {
	return q.Locale.For(q.Locale.Match([]string{q.r.URL.Query().Get("lang")}, q.r.Header.Get("Accept-Language"), q.settings.Languages, q.settings.Language))
}

// cut shortens a text to at most n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
