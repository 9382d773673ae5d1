package web

import (
	"fmt"
	"html/template"
	"strconv"

	"vitrine/internal/vitrine"
)

// stage is where the picture or film stands.
type stage struct {
	Film     *medium // nil: a picture
	Poster   medium  // of a film
	Shown    medium  // of a picture: what is loaded unasked
	Set      template.Srcset
	Sizes    string       // for Set
	Room     template.URL // a picture of the placeholder that is as large as what stands there
	Alt      string
	Original string // address of the bytes
	FullSize string // words for loading the original where something lighter is shown; else empty
	Covered  bool   // not safe for work, and the visitor has not asked for such things
	Sphere   bool   // to be looked around in

	Width, Height int // of the original
}

// leastFilm is the width up to which a film is enlarged where the window has room.
const leastFilm = 1280

func (q *visit) stage(f *vitrine.File) stage {
	original := medium{q.Links.Original(f), f.Format.MIME(), f.Width, f.Height}
	s := stage{
		Alt: f.AltText(), Original: original.URL, Covered: f.NSFW && !q.showsNSFW(),
		Width: f.Width, Height: f.Height, Shown: original,
	}
	if f.Kind() == vitrine.KindVideo {
		original.MIME = playedAs(f.Format)
		s.Film, s.Poster = &original, q.poster(f)
		s.Room = room(max(f.Width, leastFilm), f.Height*max(f.Width, leastFilm)/max(f.Width, 1), f.Placeholder)
		return s
	}
	s.Room = room(f.Width, f.Height, f.Placeholder)
	s.Sphere = f.Is360 && !f.Animated
	switch lighter := f.Medium.Exists() && f.Medium.Width < f.Width; {
	case lighter && vitrine.Size(f.Size) > q.settings.LoaderSize:
		s.Shown = q.variant(f, vitrine.Medium)
		s.FullSize = q.texts.T("file.load_full", "Size", vitrine.Size(f.Size).String())
	case lighter && f.Width > 0 && f.Height > 0:
		s.Set = template.Srcset(q.Links.Variant(f, vitrine.Medium) + " " + strconv.Itoa(f.Medium.Width) + "w, " +
			original.URL + " " + strconv.Itoa(f.Width) + "w")
		// As wide as the window, but no higher than it, and never enlarged.
		s.Sizes = fmt.Sprintf("min(100vw, %dpx, %dvh)", f.Width, max(100*f.Width/f.Height, 1))
	}
	return s
}

// playedAs is the media type that browsers and chat programs try a film by. They
// refuse that of QuickTime unseen, but play what is in it.
func playedAs(f vitrine.Format) string {
	if f == vitrine.MOV {
		f = vitrine.MP4
	}
	return f.MIME()
}

// room is a picture as a data: address that takes the room of one of this size
// before that arrives, and looks like its placeholder.
func room(width, height int, placeholder []byte) template.URL {
	svg := fmt.Sprintf("data:image/svg+xml,%%3Csvg%%20xmlns='http://www.w3.org/2000/svg'%%20width='%d'%%20height='%d'%%3E", max(width, 1), max(height, 1))
	if sketch := sketchURL(placeholder); sketch != "" {
		svg += "%3Cimage%20width='100%25'%20height='100%25'%20preserveAspectRatio='none'%20href='" + string(sketch) + "'/%3E"
	}
	return template.URL(svg + "%3C/svg%3E") // numbers and base64
}

// poster is the picture of a film.
func (q *visit) poster(f *vitrine.File) medium {
	if f.Frame.Exists() {
		return q.variant(f, vitrine.Frame)
	}
	return q.variant(f, vitrine.Thumb)
}

func (q *visit) variant(f *vitrine.File, k vitrine.VariantKind) medium {
	v := f.Variant(k)
	return medium{q.Links.Variant(f, k), f.VariantFormat().MIME(), v.Width, v.Height}
}
