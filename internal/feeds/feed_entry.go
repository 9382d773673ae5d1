package feeds

import (
	"fmt"
	"html"
	"math"

	"vitrine/internal/vitrine"
)

// entry is a file in a feed.
func (q *request) entry(f *vitrine.File, authors map[int64]*atomPerson) atomEntry {
	mime, original := f.Format.MIME(), q.Links.Original(f)
	e := atomEntry{
		ID:        tagURI(q.Links.Host(), f.UploadedAt, string(f.Slug)),
		Title:     f.DisplayTitle(),
		Published: instant(f.UploadedAt),
		Updated:   instant(f.UploadedAt),
		Author:    authors[f.OwnerID],
		Links: []atomLink{
			{Rel: "alternate", Type: "text/html", Href: q.Links.Viewer(f)},
			{Rel: "enclosure", Type: mime, Href: original, Length: f.Size},
		},
		Content: atomContent{Type: "html", Text: q.content(f)},
		Media:   mediaContent{URL: original, Type: mime, Medium: "image", FileSize: f.Size, Width: f.Width, Height: f.Height},
		Rating:  "nonadult",
	}
	if f.Kind() == vitrine.KindVideo {
		e.Media.Medium, e.Media.Duration = "video", int(math.Ceil(f.Duration.Seconds()))
	}
	if f.NSFW {
		e.Rating = "adult"
	} else if f.Thumb.Exists() {
		e.Thumbnail = &mediaThumb{q.Links.Variant(f, vitrine.Thumb), f.Thumb.Width, f.Thumb.Height}
	}
	return e
}

// content is what a reader shows: the picture, or the still of a film, which leads
// to the file's page. What is not safe for work is a link only, since readers show
// what they get.
func (q *request) content(f *vitrine.File) string {
	viewer := html.EscapeString(q.Links.Viewer(f))
	if f.NSFW {
		return fmt.Sprintf(`<p><a href="%s">%s</a></p>`, viewer, html.EscapeString(f.DisplayTitle()))
	}
	p := q.light(f)
	return fmt.Sprintf(`<p><a href="%s"><img src="%s" width="%d" height="%d" alt="%s"></a></p>`,
		viewer, html.EscapeString(p.url), p.width, p.height, html.EscapeString(f.AltText()))
}

// picture is a picture with its size.
type picture struct {
	url           string
	width, height int
}

// light is a picture of a file that is quick to load.
func (q *request) light(f *vitrine.File) picture {
	switch {
	case f.Medium.Exists():
		return q.variant(f, vitrine.Medium)
	case f.Frame.Exists():
		return q.variant(f, vitrine.Frame)
	case f.Kind() == vitrine.KindVideo:
		return q.variant(f, vitrine.Thumb)
	}
	return q.original(f) // it is no larger than the medium size
}

func (q *request) variant(f *vitrine.File, k vitrine.VariantKind) picture {
	v := f.Variant(k)
	return picture{q.Links.Variant(f, k), v.Width, v.Height}
}

func (q *request) original(f *vitrine.File) picture {
	return picture{q.Links.Original(f), f.Width, f.Height}
}
