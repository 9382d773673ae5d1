package vitrine

import (
	"net/netip"
	"time"
)

// VariantKind names one of the files derived from an original.
type VariantKind string

// The variants. The value is also the infix of the file name: name.th.jpg.
const (
	Thumb  VariantKind = "th" // cropped to the thumb size
	Medium VariantKind = "md" // reduced to the medium size
	Frame  VariantKind = "fr" // a still of a film, in its full size
)

// Variant is a file derived from an original. Size 0 means that there is none.
type Variant struct {
	Size          int64 // bytes
	Width, Height int   // pixels
}

// Exists reports whether the variant was made.
func (v Variant) Exists() bool { return v.Size > 0 }

// File is a stored picture or film with all that is known about it.
type File struct {
	ID         int64
	Slug       Slug
	OwnerID    int64   // 0: uploaded by a guest
	AlbumID    int64   // 0: in no album
	CategoryID int64   // 0: in no category
	Privacy    Privacy // of its album; public where there is none
	Pass       string  // of its album: who holds it may see the file; empty: none. A secret

	Storage   string // name of the storage that holds the bytes
	Folder    string // "2026/11/21", or empty in direct mode
	Name      string // stored base name without extension
	Extension string // "jpg", "jpeg", "png", … of the original
	Format    Format // of the stored original

	Size          int64 // bytes of the original
	Width, Height int   // pixels, as displayed (orientation applied)
	Duration      time.Duration
	Animated      bool
	Is360         bool
	NSFW          bool
	Approved      bool

	Thumb, Medium, Frame Variant

	MD5       string // 32 hex digits, of the stored original
	SourceMD5 string // of the received bytes if those differ, else empty
	Resized   bool   // the original was reduced, by width or by the site's limits

	Title            string // empty: none
	Description      string // empty: none
	Alt              string // what the picture shows, for those who cannot see it; empty: the title
	OriginalFilename string // the client's base name
	EXIF             string // JSON object with string leaves; empty: none
	Tags             []Tag

	Views, Likes int64

	// Placeholder is the picture in PlaceholderWidth × PlaceholderHeight pixels,
	// three bytes (sRGB) each, row by row; nil: none.
	Placeholder []byte

	StorageMode StorageMode
	UploaderIP  netip.Addr
	CreatedAt   time.Time // the date shown and used for the folder, UTC
	UploadedAt  time.Time // when the bytes arrived, UTC
	ExpiresAt   time.Time // zero: never
}

// Size of a placeholder in pixels. Whatever the shape of the picture: it is
// stretched over the room that the picture will take.
const (
	PlaceholderWidth  = 4
	PlaceholderHeight = 3
)

// AltText is what stands for the picture where it cannot be seen.
func (f *File) AltText() string {
	if f.Alt != "" {
		return f.Alt
	}
	return f.DisplayTitle()
}

// Listed reports whether the file may appear in lists that anybody can read.
func (f *File) Listed() bool { return f.Privacy == PrivacyPublic && f.Approved }

// Kind is image or video.
func (f *File) Kind() Kind { return f.Format.Kind() }

// Filename is name and extension of the original.
func (f *File) Filename() string { return f.Name + "." + f.Extension }

// VariantExtension is the extension of thumb, medium and frame: that of the
// original for images, jpeg for films.
func (f *File) VariantExtension() string {
	if f.Kind() == KindVideo {
		return "jpeg"
	}
	return f.Extension
}

// VariantFormat is the format of thumb, medium and frame.
func (f *File) VariantFormat() Format {
	if f.Kind() == KindVideo {
		return JPEG
	}
	return f.Format
}

// VariantName is the base name of a variant: "name.th".
func (f *File) VariantName(k VariantKind) string { return f.Name + "." + string(k) }

// VariantFilename is the file name of a variant: "name.th.jpeg".
func (f *File) VariantFilename(k VariantKind) string {
	return f.VariantName(k) + "." + f.VariantExtension()
}

// Variant returns the variant of the kind.
func (f *File) Variant(k VariantKind) Variant {
	switch k {
	case Thumb:
		return f.Thumb
	case Medium:
		return f.Medium
	case Frame:
		return f.Frame
	}
	return Variant{}
}

// Key is the storage key of the original: folder and file name.
func (f *File) Key() string { return joinKey(f.Folder, f.Filename()) }

// VariantKey is the storage key of a variant.
func (f *File) VariantKey(k VariantKind) string { return joinKey(f.Folder, f.VariantFilename(k)) }

// Keys are the storage keys of the original and every variant that exists.
func (f *File) Keys() []string {
	objects := f.Objects()
	keys := make([]string, len(objects))
	for i, o := range objects {
		keys[i] = o.Key
	}
	return keys
}

// Bytes is the room that original and variants take in the storage.
func (f *File) Bytes() int64 { return f.Size + f.Thumb.Size + f.Medium.Size + f.Frame.Size }

// Chain is the bit mask of what exists: 1 thumb, 2 medium, 4 original, 16 frame.
func (f *File) Chain() int {
	c := 4
	if f.Thumb.Exists() {
		c |= 1
	}
	if f.Medium.Exists() {
		c |= 2
	}
	if f.Frame.Exists() {
		c |= 16
	}
	return c
}

// Expired reports whether the file must not be served any more at the instant.
func (f *File) Expired(now time.Time) bool { return !f.ExpiresAt.IsZero() && !now.Before(f.ExpiresAt) }

// DisplayTitle is the title, or the file name where there is none.
func (f *File) DisplayTitle() string {
	if f.Title != "" {
		return f.Title
	}
	return f.Filename()
}

func joinKey(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
