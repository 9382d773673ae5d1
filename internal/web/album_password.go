package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

const (
	// PassesCookie holds the passes of albums whose password the visitor gave,
	// joined by dots.
	PassesCookie = "passes"
	maxPasses    = 20
	passSeconds  = 30 * 24 * 3600
)

// albumPasswordPage asks for the password of an album, of which it tells nothing.
type albumPasswordPage struct {
	Layout layout
	Action string // the album's own address
	Wrong  string // what was wrong with the last one; empty: this is the first
}

// albumPrompt asks for the password of an album.
func (q *visit) albumPrompt(status int, slug vitrine.Slug, wrong string) error {
	p := &albumPasswordPage{Layout: q.layout(q.texts.T("album.password.title")), Action: q.albumShort(slug), Wrong: wrong}
	p.Layout.NoIndex = true
	p.Layout.Entry = "settings"
	q.w.Header().Set("X-Robots-Tag", "noindex")
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "album_password", p)
}

// albumUnlock takes the password of an album, and leads on to it.
func (q *visit) albumUnlock(slug vitrine.Slug) error {
	form, err := q.form()
	if err != nil {
		return err
	}
	ctx := q.r.Context()
	a, err := q.Catalog.Album(ctx, q.actor(), slug)
	if err == nil {
		return q.done(q.Links.AlbumPath(a), "")
	}
	if !vitrine.Is(err, vitrine.CodePassword) {
		return err
	}
	pass, err := q.Catalog.UnlockAlbum(ctx, q.actor(), slug, form.Get("content-password"))
	switch vitrine.CodeOf(err) {
	case vitrine.CodePassword:
		return q.albumPrompt(http.StatusForbidden, slug, q.texts.T("album.password.wrong"))
	case vitrine.CodeFlood:
		return q.albumPatience(slug, err)
	case "":
	default:
		return err
	}
	q.keepPass(pass)
	actor := q.actor()
	actor.Passes = append(slices.Clone(actor.Passes), pass)
	if a, err = q.Catalog.Album(ctx, actor, slug); err != nil {
		return err
	}
	return q.done(q.Links.AlbumPath(a), "")
}

// albumPatience says when the next password may be tried.
func (q *visit) albumPatience(slug vitrine.Slug, err error) error {
	seconds := 60
	if e, ok := errorOf(err); ok && e.RetryAfter > 0 {
		seconds = e.RetryAfter
	}
	q.w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return q.albumPrompt(http.StatusTooManyRequests, slug, q.texts.N("album.password.wait", (seconds+59)/60))
}

// keepPass puts a pass into the browser's cookie, the newest first.
func (q *visit) keepPass(pass string) {
	passes := []string{pass}
	if c, err := q.r.Cookie(PassesCookie); err == nil {
		for old := range strings.SplitSeq(c.Value, ".") {
			if old != "" && !slices.Contains(passes, old) && len(passes) < maxPasses {
				passes = append(passes, old)
			}
		}
	}
	http.SetCookie(q.w, q.cookie(PassesCookie, strings.Join(passes, "."), passSeconds))
}
