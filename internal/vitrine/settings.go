package vitrine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The values of settings that are one of a few words.
type (
	// NamingMode says how a stored file is named.
	NamingMode string
	// StorageMode says in which folder a stored file is put.
	StorageMode string
	// DuplicateMode says what happens to bytes that were seen before.
	DuplicateMode string
	// URLUploadMode says who may upload by URL.
	URLUploadMode string
	// DeleteURLMode says whether following a delete link deletes at once.
	DeleteURLMode string
	// DeliveryMode says how bytes leave a storage that can sign links.
	DeliveryMode string
)

// The words themselves.
const (
	NamingOriginal NamingMode = "original" // the client's name, made safe
	NamingRandom   NamingMode = "random"   // 32 hex digits
	NamingMixed    NamingMode = "mixed"    // the client's name and 16 hex digits
	NamingID       NamingMode = "id"       // the file's slug

	DateFolder StorageMode = "datefolder" // YYYY/MM/DD
	Direct     StorageMode = "direct"     // no folder

	DuplicateError    DuplicateMode = "error"
	DuplicateExisting DuplicateMode = "existing" // answer with the same owner's file
	DuplicateAllow    DuplicateMode = "allow"

	URLUploadOff    URLUploadMode = "off"
	URLUploadAdmins URLUploadMode = "admins"
	URLUploadUsers  URLUploadMode = "users"

	DeleteConfirm DeleteURLMode = "confirm"
	DeleteInstant DeleteURLMode = "instant"

	DeliveryStream   DeliveryMode = "stream"
	DeliveryRedirect DeliveryMode = "redirect"
)

// Settings are the switches that an admin turns while the house is open. Values
// are immutable once shared; DefaultSettings is where to start.
type Settings struct {
	SiteName        string
	SiteDescription string
	Language        string   // a language tag of Languages
	Languages       []string // those offered
	Location        *time.Location
	Maintenance     bool

	Uploads            bool
	UploadFormats      []string // extensions as shown to people: "jpg", "jpeg", …
	UploadMaxSize      Size
	UploadMaxSizeGuest Size
	UploadNaming       NamingMode
	StorageMode        StorageMode
	OnDuplicate        DuplicateMode
	URLUpload          URLUploadMode
	UseFileDate        bool // whether the parameter use_file_date is known
	ExpirableUploads   bool

	Thumb               Dimensions
	Medium              int
	MediumByHeight      bool
	MaxWidth, MaxHeight int
	MaxPixels           PixelLimits
	KeepEXIF, KeepGPS   bool
	CameraTags          bool // camera make and model become a tag
	TagsPerFile         int

	GuestUploads    bool
	GuestAlbums     bool
	GuestAPI        bool
	GuestKey        string // the public key; empty: none
	GuestTags       bool
	GuestAutoDelete string // an ISO 8601 duration; empty: never

	FloodProtection                                         bool
	FloodMinute, FloodHour, FloodDay, FloodWeek, FloodMonth int
	StopWords                                               StopWords
	stopWords                                               string

	DeleteURLMode DeleteURLMode
	Delivery      DeliveryMode
	LoaderSize    Size // above it a page asks before it loads the original
	RouteImage    string
	RouteVideo    string
	RouteAlbum    string
	TitlesInURLs  bool
}

// Setting describes one switch by its key.
type Setting struct {
	Key    string
	Help   string
	Secret bool // not to be printed by lists or logs
	get    func(*Settings) string
	set    func(*Settings, string) error
}

// DefaultSettings are the values of a new site.
func DefaultSettings() *Settings {
	s := &Settings{}
	for _, d := range defaultValues {
		if err := s.Set(d.key, d.value); err != nil {
			panic(err) // a default that its own parser refuses; a test covers every one
		}
	}
	return s
}

// Clone returns a copy that may be changed without touching the original.
func (s *Settings) Clone() *Settings {
	c := *s
	return &c
}

// Set parses a value and stores it under the key. It returns an Invalid error
// for an unknown key or an unacceptable value, and then changes nothing.
func (s *Settings) Set(key, value string) error {
	d, ok := settingByKey[key]
	if !ok {
		return Invalid("key", "Unknown setting %q: 'vitrine settings list' shows them all", key)
	}
	if err := d.set(s, value); err != nil {
		return &Error{Code: CodeInvalid, Field: key, Message: "Invalid value for " + key + ": " + reason(err)}
	}
	return nil
}

// Value is the text form of a setting, as Set takes it.
func (s *Settings) Value(key string) (string, error) {
	d, ok := settingByKey[key]
	if !ok {
		return "", Invalid("key", "Unknown setting %q: 'vitrine settings list' shows them all", key)
	}
	return d.get(s), nil
}

// AllSettings lists every setting in the order of the documentation.
func AllSettings() []Setting { return settingTable }

// AllowsFormat reports whether files received in this format may be uploaded.
func (s *Settings) AllowsFormat(f Format) bool {
	for _, ext := range s.UploadFormats {
		if g, _ := FormatOfExtension(ext); g == f {
			return true
		}
	}
	return false
}

// RouteOf is the first path segment of viewer pages for a kind of file.
func (s *Settings) RouteOf(k Kind) string {
	if k == KindVideo {
		return s.RouteVideo
	}
	return s.RouteImage
}

func reason(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return err.Error()
}

// PixelLimits are the most pixels that a picture may have, by format.
type PixelLimits struct {
	JPEG, ProgressiveJPEG, PNG, WebP, GIF, AVIF, HEIC, BMP int64
	Frame                                                  int64 // one frame of an animation
	Animation                                              int64 // all frames of an animation together
}

var pixelFields = []struct {
	name string
	at   func(*PixelLimits) *int64
}{
	{"jpeg", func(p *PixelLimits) *int64 { return &p.JPEG }},
	{"progressive", func(p *PixelLimits) *int64 { return &p.ProgressiveJPEG }},
	{"png", func(p *PixelLimits) *int64 { return &p.PNG }},
	{"webp", func(p *PixelLimits) *int64 { return &p.WebP }},
	{"gif", func(p *PixelLimits) *int64 { return &p.GIF }},
	{"avif", func(p *PixelLimits) *int64 { return &p.AVIF }},
	{"heic", func(p *PixelLimits) *int64 { return &p.HEIC }},
	{"bmp", func(p *PixelLimits) *int64 { return &p.BMP }},
	{"frame", func(p *PixelLimits) *int64 { return &p.Frame }},
	{"animation", func(p *PixelLimits) *int64 { return &p.Animation }},
}

// ParsePixelLimits reads "jpeg=100 progressive=50 …" in megapixels of 1..10000.
// Names left out keep their value in base.
func ParsePixelLimits(s string, base PixelLimits) (PixelLimits, error) {
next:
	for item := range strings.FieldsSeq(strings.ReplaceAll(s, ",", " ")) {
		name, value, _ := strings.Cut(item, "=")
		n, rest, ok := digits(value)
		if !ok || rest != "" || n < 1 || n > 10000 {
			return base, Invalid("max_pixels", "write megapixels by format, such as jpeg=100 avif=40")
		}
		for _, f := range pixelFields {
			if f.name == name {
				*f.at(&base) = int64(n) * 1e6
				continue next
			}
		}
		return base, Invalid("max_pixels", "unknown name %q", name)
	}
	return base, nil
}

// String is the form that ParsePixelLimits reads.
func (p PixelLimits) String() string {
	var b strings.Builder
	for i, f := range pixelFields {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%d", f.name, *f.at(&p)/1e6)
	}
	return b.String()
}

// Check refuses a picture with more pixels than its format may have.
func (p PixelLimits) Check(i *Inspection) error {
	if i.Format.Kind() != KindImage {
		return nil
	}
	frame := int64(i.Width) * int64(i.Height)
	most := map[Format]int64{JPEG: p.JPEG, PNG: p.PNG, WebP: p.WebP, GIF: p.GIF, AVIF: p.AVIF, HEIC: p.HEIC, BMP: p.BMP}[i.Format]
	if i.Format == JPEG && i.Progressive {
		most = p.ProgressiveJPEG
	}
	if i.Animated() {
		most = min(most, p.Frame)
		if total := frame * int64(i.Frames); frame <= most && total > p.Animation {
			e := Errorf(CodeTooManyPixels, "Too many pixels: %d frames of %d×%d, at most %d megapixels in all frames are accepted", i.Frames, i.Width, i.Height, p.Animation/1e6)
			e.Field, e.Facts = "frames", pixelFacts(i, p.Animation)
			return e
		}
	}
	if frame > most {
		e := Errorf(CodeTooManyPixels, "Too many pixels: %d×%d, at most %d megapixels are accepted", i.Width, i.Height, most/1e6)
		e.Field, e.Facts = "pixels", pixelFacts(i, most)
		return e
	}
	return nil
}

func pixelFacts(i *Inspection, most int64) Facts {
	return Facts{
		"Frames": strconv.Itoa(i.Frames), "Width": strconv.Itoa(i.Width), "Height": strconv.Itoa(i.Height),
		"Most": strconv.FormatInt(most/1e6, 10),
	}
}
