package media

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path"
	"time"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// Names of the files that a decoder makes, before their extension.
const (
	originalName = "original"
	thumbName    = "thumb"
	mediumName   = "medium"
)

// Qualities of what is encoded anew. Originals get more than variants.
const (
	qualityJPEG         = 90
	qualityFromHEIC     = 92
	qualityWebP         = 80
	qualityOriginalWebP = 90
	qualityAVIF         = 60
	qualityOriginalAVIF = 80
)

var savers = map[vitrine.Format]struct {
	saver             vips.Saver
	variant, original int // quality
}{
	vitrine.JPEG: {vips.ToJPEG, qualityJPEG, qualityJPEG},
	vitrine.PNG:  {vips.ToPNG, 0, 0},
	vitrine.GIF:  {vips.ToGIF, 0, 0},
	vitrine.WebP: {vips.ToWebP, qualityWebP, qualityOriginalWebP},
	vitrine.AVIF: {vips.ToAVIF, qualityAVIF, qualityOriginalAVIF},
}

// rendering is one job: outputs that are made together from one decode.
type rendering struct {
	d       *decoder
	folder  string
	format  vitrine.Format // of the outputs
	outputs []vips.Output
	files   []*os.File
}

func (j *rendering) close() {
	for _, f := range j.files {
		f.Close()
	}
}

// add plans an output: crop from the middle of the picture reduced to whole.
func (j *rendering) add(name string, whole, crop vitrine.Dimensions, orientation int, original bool) (*product, error) {
	p := &product{Name: name + "." + j.format.Extension(), Format: j.format, Width: crop.Width, Height: crop.Height}
	f, err := j.d.create(j.folder, p.Name)
	if err != nil {
		return nil, err
	}
	j.files = append(j.files, f)
	s := savers[j.format]
	o := output(whole, crop, orientation)
	o.Saver, o.Quality, o.Original, o.File = s.saver, s.variant, original, f
	if original {
		o.Quality = s.original
	}
	j.outputs = append(j.outputs, o)
	return p, nil
}

// addVariants plans thumb and medium of a picture of size d, as displayed.
func (j *rendering) addVariants(a *response, d vitrine.Dimensions, req *vitrine.RenderRequest, orientation int, animated bool) (err error) {
	if req.Thumb.Width > 0 && req.Thumb.Height > 0 {
		whole, crop := thumbSize(d, req.Thumb)
		if a.Thumb, err = j.add(thumbName, whole, crop, orientation, false); err != nil {
			return err
		}
	}
	if size, ok := mediumSize(d, req.Medium, req.MediumByHeight, animated); ok {
		if a.Medium, err = j.add(mediumName, size, size, orientation, false); err != nil {
			return err
		}
	}
	// The medium shows all of the picture, the thumb its middle.
	if n := len(j.outputs); n > 0 && !j.outputs[n-1].Original {
		a.Placeholder = make([]byte, placeholderSize)
		j.outputs[n-1].Sketch = a.Placeholder
	}
	return nil
}

// render makes what is to be stored of a picture.
func (d *decoder) render(r *request, a *response) error {
	start, req := time.Now(), r.Render
	if req == nil {
		return fmt.Errorf("a rendering of nothing")
	}
	size, err := originalSize(*req)
	if err != nil {
		return err
	}
	src, err := d.open(r.Source)
	if err != nil {
		return err
	}
	defer src.close()
	i := &req.Inspection
	resized := size != vitrine.Dimensions{Width: i.Width, Height: i.Height}
	moving := i.Animated() && (i.Format == vitrine.GIF || i.Format == vitrine.WebP)
	if i.Animated() && !moving && resized {
		// Only the first frame could be resized here: the motion is worth more. An
		// animated PNG comes reduced already, see renderAPNG.
		resized, size = false, vitrine.Dimensions{Width: i.Width, Height: i.Height}
	}
	encode := resized || i.Format.Stored() != i.Format

	j := &rendering{d: d, folder: r.Folder, format: i.Format.Stored()}
	defer j.close()
	if encode {
		if a.Original, err = j.add(originalName, size, size, i.Orientation, true); err != nil {
			return err
		}
		if i.Format == vitrine.HEIC {
			j.outputs[0].Quality = qualityFromHEIC
		}
	}
	if err := j.addVariants(a, size, req, i.Orientation, i.Animated()); err != nil {
		return err
	}
	p, err := picture(src.data, i)
	if err != nil {
		return err
	}
	outputs := j.outputs
	if moving && encode {
		if err := p.Animate(patience(r, start), outputs[0]); err != nil {
			return err
		}
		outputs = outputs[1:]
	}
	if err := p.Render(patience(r, start), outputs...); err != nil {
		return err
	}
	return d.clean(r, a, src)
}

// picture is what libvips is to decode: the file itself, or pixels that were
// decoded here.
func picture(data []byte, i *vitrine.Inspection) (vips.Picture, error) {
	p := vips.Picture{Data: data, Loader: loaders[i.Format], Width: i.Width, Height: i.Height}
	if i.Orientation >= 5 {
		p.Width, p.Height = p.Height, p.Width
	}
	switch i.Format {
	case vitrine.BMP:
		return decodeBMP(data)
	case vitrine.HEIC:
		if _, err := p.Header(); err != nil {
			return decodeHEIC(data, err)
		}
	}
	return p, nil
}

// clean takes away from the original what must not be stored: of the received
// bytes without touching the picture, of an encoded one what it inherited.
func (d *decoder) clean(r *request, a *response, src *source) error {
	o := cleanOptions{All: r.Render.StripMetadata, GPS: r.Render.StripGPS}
	if a.Original == nil {
		// Inspection has read all of the file to know: once is enough.
		i := &r.Render.Inspection
		if !needsCleaning(metadata{Trailing: i.Excess, GPS: i.GPS, removable: i.Metadata}, o) {
			return nil
		}
		p := &product{Name: originalName + "." + i.Format.Extension(), Format: i.Format, Width: i.Width, Height: i.Height}
		a.Original = p
		return d.cleanInto(src.file, r.Folder, p.Name, i.Format, o)
	}
	encoded, err := d.open(path.Join(r.Folder, a.Original.Name))
	if err != nil {
		return err
	}
	defer encoded.close()
	m, err := readMetadata(bytes.NewReader(encoded.data), int64(len(encoded.data)), a.Original.Format)
	if err != nil || !needsCleaning(m, o) {
		return err
	}
	a.Original.Name = "clean-" + a.Original.Name
	return d.cleanInto(encoded.file, r.Folder, a.Original.Name, a.Original.Format, o)
}

func (d *decoder) cleanInto(src *os.File, folder, name string, format vitrine.Format, o cleanOptions) error {
	dst, err := d.create(folder, name)
	if err != nil {
		return err
	}
	return cmp.Or(cleanOriginal(src, dst, format, o), dst.Close())
}

// create makes an output, in place of what an earlier attempt may have left.
func (d *decoder) create(folder, name string) (*os.File, error) {
	return d.root.OpenFile(path.Join(folder, name), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
}

// renderFrame makes thumb and medium, as JPEG, of the still of a film.
func (d *decoder) renderFrame(r *request, a *response) error {
	start := time.Now()
	src, err := d.open(r.Source)
	if err != nil {
		return err
	}
	defer src.close()
	h, err := header(src.data, r.Format)
	if err != nil {
		return err
	}
	if r.Render == nil || h.Width*h.Height > maxFramePixels {
		return damaged(fmt.Errorf("a frame of %d×%d", h.Width, h.Height))
	}
	a.Width, a.Height = h.Width, h.Height
	j := &rendering{d: d, folder: r.Folder, format: vitrine.JPEG}
	defer j.close()
	if err := j.addVariants(a, vitrine.Dimensions{Width: h.Width, Height: h.Height}, r.Render, 1, false); err != nil {
		return err
	}
	p := vips.Picture{Data: src.data, Loader: loaders[r.Format], Width: h.Width, Height: h.Height}
	return p.Render(patience(r, start), j.outputs...)
}

// placeholderSize is the bytes of vitrine.File.Placeholder.
const placeholderSize = vitrine.PlaceholderWidth * vitrine.PlaceholderHeight * 3

// A sketch is a placeholder: this does not compile if their sizes differ.
var _ = [1]struct{}{}[vips.SketchWidth*1000+vips.SketchHeight-vitrine.PlaceholderWidth*1000-vitrine.PlaceholderHeight]

// maxFramePixels is above what any film has: 16K is 133 megapixels.
const maxFramePixels = 150e6
