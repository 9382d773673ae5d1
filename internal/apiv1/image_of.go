package apiv1

import (
	"fmt"
	"math"
	"strings"
	"time"

	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// localStorage is the name of the storage on the server's own disk.
const localStorage = "local"

// displayBytes is the size above which a picture without a medium is displayed
// by its thumb (specification, 3.5).
const displayBytes = 200_000

// view is what showing a file needs to know besides the file.
type view struct {
	links    *links.Builder
	texts    *locale.Localizer
	settings *vitrine.Settings
	now      time.Time
}

// imageOf shows the result in the language that the client asked for, English
// if it did not.
func (q *request) imageOf(result *upload.Result) *image {
	accept := q.r.Header.Get("Accept-Language")
	lang := q.Locale.Match(nil, accept, q.settings.Languages, locale.Default)
	v := &view{links: q.Links, texts: q.Locale.For(lang), settings: q.settings, now: q.Clock()}
	return v.image(result.File, result.DeleteToken)
}

// image shows a file; without a token it has no delete link.
func (v *view) image(f *vitrine.File, token string) *image {
	gmt := f.CreatedAt.UTC().Format(time.DateTime)
	short := truncate(f.DisplayTitle())
	img := &image{
		Name: f.Name, Extension: f.Extension, Size: f.Size, Width: f.Width, Height: f.Height,
		Date: f.CreatedAt.In(v.settings.Location).Format(time.DateTime), DateGMT: gmt, DateFixedPeer: gmt,
		Title: text(f.Title), Tags: v.tags(f.Tags), Description: text(f.Description),
		NSFW: number(f.NSFW), StorageMode: string(f.StorageMode),
		MD5: f.MD5, Checksum: f.MD5,
		OriginalFilename: f.OriginalFilename, OriginalEXIF: text(f.EXIF),
		Views: f.Views, Likes: f.Likes, Chain: f.Chain(),
		ThumbSize: f.Thumb.Size, MediumSize: f.Medium.Size, FrameSize: f.Frame.Size,
		IsAnimated: number(f.Animated), IsApproved: number(f.Approved), Is360: number(f.Is360),
		Duration: seconds(f.Duration), DurationTime: clock(seconds(f.Duration)), Type: string(f.Kind()),
		TagsString: names(f.Tags), IDEncoded: string(f.Slug),
		Filename: f.Filename(), MIME: f.Format.MIME(), URL: v.links.Original(f),
		Ratio: ratio(f.Width, f.Height), SizeFormatted: vitrine.Size(f.Size).String(),
		Thumb: v.part(f, vitrine.Thumb), Medium: v.part(f, vitrine.Medium),
		URLViewer: v.links.Viewer(f), PathViewer: v.links.ViewerPath(f), URLShort: v.links.Short(f),
		ViewsLabel: v.texts.N("views.label", int(f.Views)), LikesLabel: v.texts.N("likes.label", int(f.Likes)),
		HowLongAgo:     v.texts.Ago(f.CreatedAt, v.now),
		TitleTruncated: short, TitleTruncatedHTML: escape(short),
		IsUseLoader: vitrine.Size(f.Size) > v.settings.LoaderSize, DisplayTitle: f.DisplayTitle(),
	}
	img.Image = part{&img.Filename, &img.Name, &img.MIME, &img.Extension, &img.URL, f.Size}
	img.File.Resource.Type = "url"
	if f.Storage == "" || f.Storage == localStorage {
		img.File.Resource.Type = "path"
	}
	if f.Resized {
		img.SourceMD5, img.SourceChecksum = text(f.SourceMD5), text(f.SourceMD5)
	}
	if f.CategoryID != 0 {
		img.CategoryID = &f.CategoryID
	}
	if !f.ExpiresAt.IsZero() {
		img.ExpirationDateGMT = text(f.ExpiresAt.UTC().Format(time.DateTime))
	}
	if f.Frame.Exists() {
		frame := v.part(f, vitrine.Frame)
		img.Frame, img.URLFrame = &frame, *frame.URL
	}
	if token != "" {
		img.DeleteURL = text(v.links.Delete(f, token))
	}
	v.display(img, f)
	return img
}

// display chooses what stands for the file in lists: the medium; without one,
// the thumb of what is heavy, else the frame or the file itself; and the frame
// wherever it is lighter than that (specification, 3.5). Sizes are always true.
func (v *view) display(img *image, f *vitrine.File) {
	chosen := vitrine.VariantKind("")
	switch {
	case f.Medium.Exists():
		chosen = vitrine.Medium
	case f.Size > displayBytes && f.Thumb.Exists():
		chosen = vitrine.Thumb
	}
	if f.Frame.Exists() && (chosen == "" || f.Frame.Size < f.Variant(chosen).Size) {
		chosen = vitrine.Frame
	}
	if chosen == "" {
		img.DisplayURL, img.DisplayWidth, img.DisplayHeight = img.URL, f.Width, f.Height
		return
	}
	x := f.Variant(chosen)
	img.DisplayURL, img.DisplayWidth, img.DisplayHeight = v.links.Variant(f, chosen), x.Width, x.Height
}

func (v *view) part(f *vitrine.File, k vitrine.VariantKind) part {
	x := f.Variant(k)
	if !x.Exists() {
		return part{}
	}
	return part{
		Filename:  text(f.VariantFilename(k)),
		Name:      text(f.VariantName(k)),
		MIME:      text(f.VariantFormat().MIME()),
		Extension: text(f.VariantExtension()),
		URL:       text(v.links.Variant(f, k)),
		Size:      x.Size,
	}
}

func (v *view) tags(tags []vitrine.Tag) []tag {
	list := make([]tag, len(tags))
	for i, t := range tags {
		list[i] = tag{t.Name, escape(t.Name), links.TagKey(t.Name), v.links.Tag(t.Name)}
	}
	return list
}

func names(tags []vitrine.Tag) string {
	var b strings.Builder
	for i, t := range tags {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.Name)
	}
	return b.String()
}

// truncate cuts titles of more than 28 characters to 25 and "...".
func truncate(s string) string {
	runes := []rune(s)
	if len(runes) <= 28 {
		return s
	}
	return strings.TrimSpace(string(runes[:25])) + "..."
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;")

// escape makes text safe inside HTML, spelled as recorded.
func escape(s string) string { return escaper.Replace(s) }

func ratio(width, height int) float64 {
	if height == 0 {
		return 0
	}
	return float64(width) / float64(height)
}

// seconds rounds a film's duration; a film is never shorter than one second.
func seconds(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return max(1, int64(math.Round(d.Seconds())))
}

// clock writes seconds as MM:SS, where minutes may exceed 59; empty for none.
func clock(s int64) string {
	if s == 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// text is null for the empty string.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
