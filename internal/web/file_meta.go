package web

import (
	"strconv"
	"time"

	"vitrine/internal/vitrine"
)

// fileMeta is what programs read in the head of a file's page, to unfold a link.
type fileMeta struct {
	Preview medium // what stands for the file elsewhere: the picture, the poster of a film
	Film    *medium
	Player  string // address of a page for frames; empty: none
	Alt     string
	Rating  bool // not safe for work

	OEmbed     *oembed // of what anybody may see; nil: none
	Prev, Next string  // paths
	Schema     *schema
}

// schema describes the file to search engines: schema.org/ImageObject and
// VideoObject. It is for what they may list.
type schema struct {
	Context      string `json:"@context"`
	Type         string `json:"@type"`
	Name         string `json:"name"`
	Description  string `json:"description"`
	URL          string `json:"url"`
	ContentURL   string `json:"contentUrl"`
	EmbedURL     string `json:"embedUrl,omitempty"`
	ThumbnailURL string `json:"thumbnailUrl,omitempty"`
	UploadDate   string `json:"uploadDate"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Duration     string `json:"duration,omitempty"` // ISO 8601
}

// fileMeta is that of a page, whose other parts are there already.
func (q *visit) fileMeta(f *vitrine.File, p *filePage) fileMeta {
	m := fileMeta{Preview: p.Stage.Poster, Film: p.Stage.Film, Alt: p.Stage.Alt, Rating: f.NSFW}
	if m.Film == nil {
		m.Preview = medium{p.Stage.Original, f.Format.MIME(), f.Width, f.Height}
	}
	if forAnybody(f) {
		m.OEmbed = &oembed{q.Links.OEmbed(p.Layout.Canonical, "json"), q.Links.OEmbed(p.Layout.Canonical, "xml")}
	}
	if m.OEmbed != nil && m.Film != nil && !f.NSFW {
		m.Player = q.Links.Short(f) + "/embed"
	}
	if n := p.Around.Prev; n != nil {
		m.Prev = n.Path
	}
	if n := p.Around.Next; n != nil {
		m.Next = n.Path
	}
	if !hidden(f) && f.Approved {
		m.Schema = q.schema(f, p)
		m.Schema.EmbedURL = m.Player
	}
	return m
}

func (q *visit) schema(f *vitrine.File, p *filePage) *schema {
	s := &schema{
		Context: "https://schema.org", Type: "ImageObject", Name: p.Heading, Description: p.Layout.Description,
		URL: p.Layout.Canonical, ContentURL: p.Stage.Original, UploadDate: f.UploadedAt.UTC().Format(time.RFC3339),
		Width: f.Width, Height: f.Height,
	}
	if f.Thumb.Exists() {
		s.ThumbnailURL = q.Links.Variant(f, vitrine.Thumb)
	}
	if s.Description == "" {
		s.Description = p.Stage.Alt
	}
	if f.Kind() == vitrine.KindVideo {
		s.Type, s.ThumbnailURL = "VideoObject", p.Stage.Poster.URL
		s.Duration = "PT" + strconv.Itoa(max(int(f.Duration.Round(time.Second)/time.Second), 1)) + "S"
	}
	return s
}
