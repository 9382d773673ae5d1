package feeds

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"
)

// searchDescription lets browsers search the site (OpenSearch 1.1, draft 6).
type searchDescription struct {
	XMLName     xml.Name  `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string    `xml:"ShortName"` // at most 16 characters
	Description string    `xml:"Description"`
	Encoding    string    `xml:"InputEncoding"`
	URL         searchURL `xml:"Url"`
}

type searchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

func (q *request) opensearch() error {
	t := q.language()
	var body bytes.Buffer
	body.WriteString(xml.Header)
	err := xml.NewEncoder(&body).Encode(searchDescription{
		ShortName: cut(q.settings.SiteName, 16), Description: t.T("feeds.search", "Site", q.settings.SiteName), Encoding: "UTF-8",
		URL: searchURL{"text/html", q.Links.Absolute("/search") + "?q={searchTerms}"},
	})
	if err != nil {
		return fmt.Errorf("write the description of the search: %w", err)
	}
	q.w.Header().Set("Vary", "Accept-Language")
	return q.send("application/opensearchdescription+xml; charset=utf-8", keepFeed, time.Time{}, body.Bytes())
}
