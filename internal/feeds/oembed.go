package feeds

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"

	"vitrine/internal/vitrine"
)

// embed is an answer of oEmbed 1.0 (oembed.com), in the order of the recordings.
type embed struct {
	XMLName         xml.Name `json:"-" xml:"oembed"`
	Version         string   `json:"version" xml:"version"`
	ProviderName    string   `json:"provider_name" xml:"provider_name"`
	ProviderURL     string   `json:"provider_url" xml:"provider_url"`
	Title           string   `json:"title" xml:"title"`
	WebPage         string   `json:"web_page" xml:"web_page"`
	Width           int      `json:"width,omitempty" xml:"width,omitempty"`
	Height          int      `json:"height,omitempty" xml:"height,omitempty"`
	URL             string   `json:"url,omitempty" xml:"url,omitempty"`
	HTML            string   `json:"html,omitempty" xml:"html,omitempty"`
	Type            string   `json:"type" xml:"type"`
	AuthorName      string   `json:"author_name,omitempty" xml:"author_name,omitempty"`
	AuthorURL       string   `json:"author_url,omitempty" xml:"author_url,omitempty"`
	ThumbnailURL    string   `json:"thumbnail_url,omitempty" xml:"thumbnail_url,omitempty"`
	ThumbnailWidth  int      `json:"thumbnail_width,omitempty" xml:"thumbnail_width,omitempty"`
	ThumbnailHeight int      `json:"thumbnail_height,omitempty" xml:"thumbnail_height,omitempty"`
	CacheAge        int      `json:"cache_age" xml:"cache_age"`
}

// cacheAge is for how many seconds others may keep an answer.
const cacheAge = 3600

// oembed says how to embed the page at "url". Whatever is not for everybody gets
// the 404 of what does not exist.
func (q *request) oembed() error {
	q.w.Header().Set("Access-Control-Allow-Origin", "*")
	q.hide()
	if err := q.open(); err != nil {
		return err
	}
	query := q.r.URL.Query()
	format := query.Get("format")
	if format != "" && format != "json" && format != "xml" {
		q.refuse(http.StatusNotImplemented)
		return nil
	}
	if query.Get("url") == "" {
		return vitrine.Invalid("url", "")
	}
	e, err := q.embedOf(query.Get("url"), boundsOf(query))
	if err != nil {
		return err
	}
	if format == "xml" {
		body, err := xml.MarshalIndent(e, "", "\t")
		if err != nil {
			return fmt.Errorf("write oembed: %w", err)
		}
		return q.send("text/xml; charset=utf-8", keepFeed, time.Time{}, append(append([]byte(xml.Header), body...), '\n'))
	}
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write oembed: %w", err)
	}
	return q.send("application/json; charset=utf-8", keepFeed, time.Time{}, body)
}
