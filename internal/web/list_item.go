package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

// listItem is one file in a list.
type listItem struct {
	ID, Title, Viewer string
	Alt               string       // what its picture shows
	Told              bool         // the picture's text is the title
	Owner             string       // name of who it belongs to; empty: not told
	Ratio             string       // CSS class of its shape
	Sketch            template.URL // of the placeholder; empty: none
	Sizes             string       // of its picture
	Picture           medium       // empty URL: none may be shown
	Sharper           string       // for srcset; empty: Picture is all
	Alpha             bool         // the picture may let the placeholder shine through
	Film              bool
	Duration          string
	Moves, Round      bool   // animated, a sphere
	Format            string // of what moves
	NSFW, Covered     bool
	Mine              bool   // the visitor may change it
	Object            string // for programs: percent-encoded JSON
}

// Up to which size an original takes the place of its medium variant where that
// has too few pixels: on sharp screens, and everywhere for what is very wide.
const (
	lightest     = 400 << 10
	lightestWide = 1 << 20
)

// listItem shows a file; owner is nil where it is not told.
func (q *visit) listItem(f *vitrine.File, owner *vitrine.User, shown bool) listItem {
	i := listItem{
		ID: string(f.Slug), Title: f.DisplayTitle(), Viewer: q.Links.ViewerPath(f),
		Alt: f.AltText(), Film: f.Kind() == vitrine.KindVideo, Moves: f.Animated, Round: f.Is360,
		NSFW: f.NSFW, Covered: f.NSFW && !shown,
		Ratio: ratioClass(f.Width, f.Height), Mine: q.actor().MayChange(f.OwnerID),
		Sketch: sketchURL(f.Placeholder),
		Object: q.listObject(f),
		Alpha:  f.VariantFormat() != vitrine.JPEG,
	}
	if owner != nil {
		i.Owner = owner.DisplayName()
	}
	if f.Duration > 0 && i.Film {
		i.Duration = clock(f.Duration)
	}
	if i.Moves {
		i.Format = strings.ToUpper(string(f.Format))
	}
	if !i.Covered {
		q.listPicture(&i, f)
	}
	i.Told = i.Picture.URL != "" && i.Alt == i.Title
	return i
}

// listPicture chooses the picture: the medium variant, which has the shape of the
// original; of a film its still; the cropped thumb where there is nothing better.
func (q *visit) listPicture(i *listItem, f *vitrine.File) {
	wide := int(ratio(f.Width, f.Height) * rowHeight)
	most := int64(lightest)
	if wide > f.Medium.Width {
		most = lightestWide
	}
	light := f.Kind() == vitrine.KindImage && f.Size <= most && f.Width <= 3000
	switch {
	case f.Medium.Exists():
		i.Picture = q.variant(f, vitrine.Medium)
		if light && f.Width > f.Medium.Width && !f.Animated {
			i.Sharper = i.Picture.URL + " " + strconv.Itoa(f.Medium.Width) + "w, " + q.Links.Original(f) + " " + strconv.Itoa(f.Width) + "w"
		}
	case f.Frame.Exists():
		i.Picture = q.variant(f, vitrine.Frame)
	case light:
		i.Picture = medium{q.Links.Original(f), f.Format.MIME(), f.Width, f.Height}
	case f.Thumb.Exists():
		i.Picture = q.variant(f, vitrine.Thumb)
	}
	i.Sizes = strconv.Itoa(wide) + "px"
}

// rowHeight is about how high rows are, in CSS pixels.
const rowHeight = 250

// Shapes narrower and wider than these are cut in lists.
const (
	narrowest = 0.5
	widest    = 3.0
)

// ratio is width by height, within the bounds.
func ratio(width, height int) float64 {
	if width <= 0 || height <= 0 {
		return 1
	}
	return min(max(float64(width)/float64(height), narrowest), widest)
}

// ratioClass names the shape in hundredths, in steps of five: the style sheet has
// a class for each.
func ratioClass(width, height int) string {
	return fmt.Sprintf("ar-%03d", int(math.Round(ratio(width, height)*20))*5)
}

// listObject is what programs read of a file in a list, under the names that the
// original software gives.
type listObject struct {
	ID     string `json:"id_encoded"`
	Type   string `json:"type"`
	Viewer string `json:"url_viewer"`
	Image  struct {
		URL      string `json:"url"`
		Filename string `json:"filename"`
	} `json:"image"`
}

func (q *visit) listObject(f *vitrine.File) string {
	o := listObject{ID: string(f.Slug), Type: string(f.Kind()), Viewer: q.Links.Viewer(f)}
	o.Image.URL, o.Image.Filename = q.Links.Original(f), f.Filename()
	text, err := json.Marshal(o)
	if err != nil {
		return "" // there is nothing in it that could not be written
	}
	return url.PathEscape(string(text))
}

func sortedKeys(v url.Values) []string { return slices.Sorted(maps.Keys(v)) }
