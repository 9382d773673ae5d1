package feeds

import "encoding/xml"

// The elements of RFC 4287, and those of Media RSS 1.5.1 that say more about
// pictures and films.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"feed"`
		NS        string      `xml:"xmlns,attr"`
		Media     string      `xml:"xmlns:media,attr"`
		Lang      string      `xml:"xml:lang,attr"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Subtitle  string      `xml:"subtitle,omitempty"`
		Updated   string      `xml:"updated"`
		Generator string      `xml:"generator"`
		Author    *atomPerson `xml:"author"`
		Links     []atomLink  `xml:"link"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID        string       `xml:"id"`
		Title     string       `xml:"title"`
		Published string       `xml:"published"`
		Updated   string       `xml:"updated"`
		Author    *atomPerson  `xml:"author"`
		Links     []atomLink   `xml:"link"`
		Content   atomContent  `xml:"content"`
		Media     mediaContent `xml:"media:content"`
		Thumbnail *mediaThumb  `xml:"media:thumbnail"`
		Rating    string       `xml:"media:rating"`
	}
	atomPerson struct {
		Name string `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	atomLink struct {
		Rel    string `xml:"rel,attr"`
		Type   string `xml:"type,attr"`
		Href   string `xml:"href,attr"`
		Length int64  `xml:"length,attr,omitempty"`
	}
	atomContent struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	mediaContent struct {
		URL      string `xml:"url,attr"`
		Type     string `xml:"type,attr"`
		Medium   string `xml:"medium,attr"`
		FileSize int64  `xml:"fileSize,attr"`
		Width    int    `xml:"width,attr"`
		Height   int    `xml:"height,attr"`
		Duration int    `xml:"duration,attr,omitempty"` // seconds
	}
	mediaThumb struct {
		URL    string `xml:"url,attr"`
		Width  int    `xml:"width,attr"`
		Height int    `xml:"height,attr"`
	}
)
