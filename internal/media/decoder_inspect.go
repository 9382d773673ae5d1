package media

import (
	"bytes"
	"errors"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// inspect reads the head of a picture and what it says about itself; no pixels.
func (d *decoder) inspect(r *request) (*vitrine.Inspection, error) {
	src, err := d.open(r.Source)
	if err != nil {
		return nil, err
	}
	defer src.close()
	m, err := readMetadata(bytes.NewReader(src.data), int64(len(src.data)), r.Format)
	if err != nil {
		return nil, err
	}
	if err := complete(src.data, r.Format); err != nil {
		return nil, err
	}
	h, err := header(src.data, r.Format)
	if err != nil {
		return nil, err
	}
	i := &vitrine.Inspection{
		Format: r.Format, Width: h.Width, Height: h.Height, Orientation: max(m.Orientation, 1), Frames: max(m.Frames, 1),
		Progressive: h.Progressive, Alpha: h.Alpha, Is360: m.Is360,
		Title: m.Title, Description: m.Description, Camera: m.Camera, EXIF: m.EXIF,
		TakenAt: m.TakenAt, TakenAtZoned: m.TakenAtZoned, GPS: m.GPS, Metadata: m.removable, Excess: m.Trailing,
	}
	switch r.Format {
	case vitrine.GIF, vitrine.WebP:
		i.Frames = max(i.Frames, h.Pages)
	case vitrine.HEIC:
		i.Frames = 1 // it becomes one JPEG
	}
	if i.Orientation >= 5 {
		i.Width, i.Height = i.Height, i.Width
	}
	return i, nil
}

// complete refuses files that break off before their end. The variants need the
// first frame only and would not notice, and a PNG may lack its last rows' check
// sums. JPEG, AVIF, HEIC and BMP are found out when they are decoded. A GIF may
// lack its trailer, as many do, if it ends with the end of a block.
func complete(data []byte, format vitrine.Format) error {
	switch format {
	case vitrine.PNG, vitrine.GIF, vitrine.WebP:
		l := scan(newWindow(bytes.NewReader(data), int64(len(data))), format)
		if l.broken && !l.crowded() && (format != vitrine.GIF || data[len(data)-1] != 0) {
			return damaged(errors.New("the file breaks off before its end"))
		}
	}
	return nil
}

// loaders are the decoders of libvips by format. BMP has none.
var loaders = map[vitrine.Format]vips.Loader{
	vitrine.JPEG: vips.JPEG, vitrine.PNG: vips.PNG, vitrine.GIF: vips.GIF, vitrine.WebP: vips.WebP,
	vitrine.AVIF: vips.HEIF, vitrine.HEIC: vips.HEIF,
}

// header tells size and kind of a picture as stored, whichever decoder knows.
func header(data []byte, format vitrine.Format) (vips.Header, error) {
	if format == vitrine.BMP {
		return bmpHeader(data)
	}
	h, err := vips.Picture{Data: data, Loader: loaders[format]}.Header()
	if err != nil && format == vitrine.HEIC {
		return heicHeader(data, err)
	}
	return h, err
}
