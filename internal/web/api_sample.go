package web

import (
	_ "embed"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// sampleJSON is the answer to an upload, with marks for the site's addresses. It
// is the same on every site otherwise, so that it can be compared with others.
//
//go:embed templates/sample.json
var sampleJSON string

// sampleFile is the file of the sample.
var sampleFile = vitrine.File{
	Slug: "hQ4xB7d", Folder: "2026/03/14", Name: "harbour-at-dawn", Extension: "mp4", Format: vitrine.MP4,
	Title: "Harbour at dawn, seen from the old lighthouse", CreatedAt: time.Date(2026, 3, 14, 5, 40, 0, 0, time.UTC),
}

func newSampleAnswers(q *visit) sampleAnswers {
	f, l := &sampleFile, q.Links
	text := strings.NewReplacer(
		"{url}", l.Original(f),
		"{frame}", l.Variant(f, vitrine.Frame),
		"{thumb}", l.Variant(f, vitrine.Thumb),
		"{viewer}", l.Viewer(f),
		"{path}", l.ViewerPath(f),
		"{short}", l.Short(f),
		"{date}", f.CreatedAt.In(q.settings.Location).Format(time.DateTime),
		"{delete}", l.Delete(f, "1f0c5d8e7a42b96036d1e8f4c7a95b20d3468e1f7b0a2c59"),
	).Replace(sampleJSON)
	return sampleAnswers{
		json:     strings.TrimSpace(text),
		text:     l.Original(f),
		redirect: "Location: " + l.ViewerPath(f),
		failure:  "{\n  \"status_code\": 400,\n  \"error\": {\n    \"message\": \"Invalid API key.\",\n    \"code\": 100\n  },\n  \"status_txt\": \"Bad Request\"\n}",
	}
}
