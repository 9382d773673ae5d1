package vitrine

import "time"

// Dimensions are a width and a height in pixels.
type Dimensions struct{ Width, Height int }

// Inspection is what looking inside the received bytes told.
type Inspection struct {
	Format      Format
	Width       int // pixels, as displayed (orientation applied)
	Height      int
	Orientation int // EXIF orientation 1 to 8; 1 if unknown or already applied by the decoder
	Frames      int // 1 for stills
	Progressive bool
	Alpha       bool
	Is360       bool
	Duration    time.Duration // films only

	Title       string // from EXIF, IPTC, XMP or the container; empty: none
	Description string
	Camera      string    // "<Make> <Model>"; empty: unknown
	TakenAt     time.Time // EXIF DateTimeOriginal; zero: none
	// TakenAtZoned reports whether TakenAt came with its offset; if not, its
	// clock reading is to be taken in the site's zone.
	TakenAtZoned bool
	EXIF         string // JSON object with string leaves, without GPS; empty: none
	GPS          bool   // a position was found in the metadata
	Metadata     bool   // there is some that StripMetadata takes away
	Excess       bool   // bytes follow the end marker
}

// Animated reports whether the picture moves.
func (i *Inspection) Animated() bool { return i.Format.Kind() == KindImage && i.Frames > 1 }

// RenderRequest says what to make of an inspected file. All outputs are made
// from one decode where the format allows.
type RenderRequest struct {
	Source     string // path of the received bytes, inside the spool folder
	Folder     string // existing folder inside the spool for the outputs
	Inspection Inspection

	Width               int // target width of the original; 0 keeps it
	MaxWidth, MaxHeight int // limits of the original; 0 is none; not for animations and films
	Thumb               Dimensions
	Medium              int // pixels of the fixed side
	MediumByHeight      bool
	StripMetadata       bool // all of it, save orientation and colour profile
	StripGPS            bool // the position only
}

// VariantsOf is the request for the variants that this site makes of an inspected file,
// with its original as it is. Source and Folder are the caller's.
func (s *Settings) VariantsOf(seen *Inspection) RenderRequest {
	return RenderRequest{Inspection: *seen, Thumb: s.Thumb, Medium: s.Medium, MediumByHeight: s.MediumByHeight}
}

// Output is one file that rendering made, or the untouched source.
type Output struct {
	Path          string
	Format        Format
	Width, Height int
	Size          int64
}

// Rendition is what rendering made. Medium and Frame are nil where there is none.
type Rendition struct {
	Original Output
	// Changed reports whether Original differs from the received bytes: resized,
	// converted or stripped. If not, Original.Path is the request's Source.
	Changed              bool
	Thumb, Medium, Frame *Output
	Placeholder          []byte // see File.Placeholder
}
