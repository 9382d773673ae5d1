package web

import (
	"fmt"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// brief is what stands beside the date of a file.
func (q *visit) brief(f *vitrine.File) []string {
	list := []string{fmt.Sprintf("%d × %d", f.Width, f.Height)}
	if f.Duration > 0 && f.Kind() == vitrine.KindVideo {
		list = append(list, clock(f.Duration))
	}
	return append(list, vitrine.Size(f.Size).String(), q.texts.N("file.views", int(f.Views)))
}

// facts are the rows of the table about the file. Admins see more of them.
func (q *visit) facts(f *vitrine.File, owner *vitrine.User) []code {
	t := q.texts
	format := strings.ToUpper(string(f.Format))
	if f.Animated {
		format += ", " + t.T("file.animated")
	}
	rows := []code{
		{t.T("file.name"), f.OriginalFilename},
		{t.T("file.format"), format},
		{t.T("file.dimensions"), t.T("file.pixels", "Width", f.Width, "Height", f.Height)},
		{t.T("file.size"), vitrine.Size(f.Size).String()},
	}
	if f.Duration > 0 {
		rows = append(rows, code{t.T("file.duration"), clock(f.Duration)})
	}
	rows = append(rows, code{t.T("file.date"), q.when(f.CreatedAt)})
	if !f.ExpiresAt.IsZero() {
		rows = append(rows, code{t.T("file.expires"), q.when(f.ExpiresAt)})
	}
	if q.actor().Admin() {
		rows = append(rows, q.adminFacts(f, owner)...)
	}
	return rows
}

// adminFacts are those that only admins see.
func (q *visit) adminFacts(f *vitrine.File, owner *vitrine.User) []code {
	t := q.texts
	rows := []code{
		{t.T("file.owner"), t.T("file.guest")},
		{t.T("file.storage"), f.Storage + ": " + f.Key()},
		{"MD5", f.MD5},
	}
	if owner != nil {
		rows[0].Text = owner.Username
	}
	if f.UploaderIP.IsValid() {
		rows = append(rows, code{t.T("file.ip"), f.UploaderIP.String()})
	}
	return rows
}

// when writes an instant in the site's zone.
func (q *visit) when(t time.Time) string {
	return t.In(q.settings.Location).Format("2006-01-02 15:04:05 MST")
}

// clock writes a duration as M:SS, or H:MM:SS from an hour on.
func clock(d time.Duration) string {
	s := max(int(d.Round(time.Second)/time.Second), 1)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// cut shortens a text to at most n characters.
func cut(s string, n int) string {
	count := 0
	for i := range s {
		if count++; count > n {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
