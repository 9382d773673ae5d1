package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// uploadOptions are what this visitor may hand in, and may say about it.
type uploadOptions struct {
	Action     string
	Formats    []string // extensions in capitals
	Accept     string   // for the file field
	FormatList string   // of Formats, for people
	Limit      string   // of one file, for people
	LimitBytes int64
	LimitText  string // of one file, in short
	Together   string // what a form without scripts may hold

	URLs        bool // addresses are taken
	Tags        bool
	TagsMost    int
	Albums      []albumOption // to choose from
	MakeAlbums  bool
	AlbumName   string // suggested for a new one
	AlbumOf     string // path of the form that makes one
	Claim       string // path of the form that claims what a guest uploaded; empty for guests
	CompleteTag string // path of the completion of tags
	Categories  []vitrine.Category
	Expirations []option // none: nobody may choose
	AutoDelete  string   // when files of guests go; empty: they stay
}

// option is one of a list to choose from.
type option struct{ Value, Label string }

// mostAlbums is how many albums there are to choose from, the newest first.
const mostAlbums = 500

// expirations are the spans to choose from.
var expirations = []string{
	"PT5M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D", "P3D", "P1W", "P2W", "P1M", "P3M", "P6M", "P1Y",
}

func (q *visit) uploadOptions() (uploadOptions, error) {
	s, actor := q.settings, q.actor()
	most := actor.MaxUploadSize(s)
	o := uploadOptions{
		Action: q.Links.Path("/upload"), Limit: q.texts.T("upload.max", "Size", most.String()), LimitBytes: int64(most), LimitText: most.String(),
		Together: q.texts.T("upload.total", "Files", strconv.Itoa(formFiles), "Size", q.formLimit().String()),
		URLs:     actor.MayUploadByURL(s), Tags: !actor.Guest() || s.GuestTags, TagsMost: s.TagsPerFile,
		MakeAlbums: actor.MayMakeAlbums(s) == nil, AlbumOf: q.Links.Path("/-/album-of"), AlbumName: q.albumName(),
		CompleteTag: q.Links.Path("/-/tags"),
	}
	dotted := make([]string, 0, len(s.UploadFormats))
	for _, f := range s.UploadFormats {
		o.Formats = append(o.Formats, strings.ToUpper(f))
		dotted = append(dotted, "."+f)
	}
	o.Accept, o.FormatList = strings.Join(dotted, ","), strings.Join(o.Formats, ", ")
	var err error
	if o.Categories, err = q.Catalog.Categories(q.r.Context()); err != nil {
		return o, err
	}
	if !actor.Guest() {
		o.Claim = q.Links.Path("/-/claim")
		if o.Albums, err = q.ownAlbums(); err != nil {
			return o, err
		}
	}
	switch {
	case actor.Guest() && s.GuestAutoDelete != "":
		o.AutoDelete = q.texts.T("upload.auto_delete", "Span", q.span(s.GuestAutoDelete))
	case s.ExpirableUploads:
		for _, e := range expirations {
			o.Expirations = append(o.Expirations, option{e, q.texts.T("upload.expires_in", "Span", strings.TrimSpace(q.span(e)))})
		}
	}
	return o, nil
}

// ownAlbums are the actor's albums, the newest first; none for a guest.
func (q *visit) ownAlbums() ([]albumOption, error) {
	if q.actor().Guest() {
		return nil, nil
	}
	list, err := q.Catalog.Albums(q.r.Context(), q.actor().UserID())
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	options := make([]albumOption, min(len(list), mostAlbums))
	for i := range options {
		options[i] = albumOption{string(list[i].Slug), list[i].Name}
	}
	return options, nil
}

// albumName is what a new album may be called.
func (q *visit) albumName() string {
	return q.texts.T("upload.album_name", "Date", q.Clock().In(q.settings.Location).Format(time.DateOnly))
}

// span is an ISO 8601 duration in words; as it is, if it is none.
func (q *visit) span(duration string) string {
	e, err := vitrine.ParseExpiration(duration, q.Clock())
	if err != nil {
		return duration
	}
	weeks := 0
	if e.Days%7 == 0 {
		weeks, e.Days = e.Days/7, 0
	}
	var parts []string
	for _, part := range []struct {
		n  int
		id string
	}{
		{e.Years, "span.year"}, {e.Months, "span.month"}, {weeks, "span.week"}, {e.Days, "span.day"},
		{int(e.Time / time.Hour), "span.hour"}, {int(e.Time % time.Hour / time.Minute), "span.minute"}, {int(e.Time % time.Minute / time.Second), "span.second"},
	} {
		if part.n != 0 {
			parts = append(parts, q.texts.N(part.id, part.n))
		}
	}
	return strings.Join(parts, " ")
}

// wait is a number of seconds in words, rounded up.
func (q *visit) wait(seconds int) string {
	switch {
	case seconds < 60:
		return q.texts.N("span.second", max(seconds, 1))
	case seconds < 3600:
		return q.texts.N("span.minute", (seconds+59)/60)
	}
	return q.texts.N("span.hour", (seconds+3599)/3600)
}
