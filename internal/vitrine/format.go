package vitrine

// Kind says whether a file is a picture or a film.
type Kind string

// The kinds of files.
const (
	KindImage Kind = "image"
	KindVideo Kind = "video"
)

// Format is the true format of bytes, decided by looking at them.
type Format string

// The formats that are taken in. BMP is kept as PNG, HEIC as JPEG.
const (
	JPEG Format = "jpeg"
	PNG  Format = "png"
	GIF  Format = "gif"
	WebP Format = "webp"
	AVIF Format = "avif"
	BMP  Format = "bmp"
	HEIC Format = "heic"
	MP4  Format = "mp4"
	MOV  Format = "mov"
	WebM Format = "webm"
)

var formats = map[Format]struct {
	kind Kind
	mime string
	ext  string
}{
	JPEG: {KindImage, "image/jpeg", "jpeg"},
	PNG:  {KindImage, "image/png", "png"},
	GIF:  {KindImage, "image/gif", "gif"},
	WebP: {KindImage, "image/webp", "webp"},
	AVIF: {KindImage, "image/avif", "avif"},
	BMP:  {KindImage, "image/bmp", "bmp"},
	HEIC: {KindImage, "image/heic", "heic"},
	MP4:  {KindVideo, "video/mp4", "mp4"},
	MOV:  {KindVideo, "video/quicktime", "mov"},
	WebM: {KindVideo, "video/webm", "webm"},
}

// Valid reports whether f is one of the known formats.
func (f Format) Valid() bool { _, ok := formats[f]; return ok }

// Kind is the kind of files of this format.
func (f Format) Kind() Kind { return formats[f].kind }

// MIME is the media type that files of this format are served with.
func (f Format) MIME() string { return formats[f].mime }

// Extension is the usual file extension without its dot.
func (f Format) Extension() string { return formats[f].ext }

// Stored is the format in which a file of this format is kept.
func (f Format) Stored() Format {
	switch f {
	case BMP:
		return PNG
	case HEIC:
		return JPEG
	}
	return f
}

// FormatOfExtension is the format that an extension (without dot, any of the
// spellings that upload_formats knows) stands for.
func FormatOfExtension(ext string) (Format, bool) {
	if ext == "jpg" {
		return JPEG, true
	}
	f := Format(ext)
	return f, f.Valid()
}
