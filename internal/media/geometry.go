package media

import (
	"math"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// originalSize is the size, as displayed, that the stored original gets: that of
// the picture, or of the wanted width, and then within the limits of the site.
// It never grows.
func originalSize(req vitrine.RenderRequest) (vitrine.Dimensions, error) {
	i := req.Inspection
	d := vitrine.Dimensions{Width: i.Width, Height: i.Height}
	if req.Width > d.Width {
		return d, &vitrine.Error{Code: vitrine.CodeWidthTooLarge, Field: "width", Message: "Target width is greater than the original image width"}
	}
	if req.Width > 0 {
		d = scaled(d, float64(req.Width)/float64(d.Width))
	}
	if i.Animated() {
		return d, nil
	}
	scale := 1.0
	if req.MaxWidth > 0 {
		scale = min(scale, float64(req.MaxWidth)/float64(d.Width))
	}
	if req.MaxHeight > 0 {
		scale = min(scale, float64(req.MaxHeight)/float64(d.Height))
	}
	return scaled(d, scale), nil
}

// mediumSize is the size of the medium of a picture of size d, and whether it
// gets one: when its fixed side is larger, or it moves.
func mediumSize(d vitrine.Dimensions, side int, byHeight, animated bool) (vitrine.Dimensions, bool) {
	fixed := d.Width
	if byHeight {
		fixed = d.Height
	}
	if side < 1 || (fixed <= side && !animated) {
		return d, false
	}
	return scaled(d, min(1, float64(side)/float64(fixed))), true
}

// thumbSize is what a picture of size d is reduced to before box is cut from its
// middle, and what is cut. Where the picture is smaller than the box, so is the
// thumb.
func thumbSize(d, box vitrine.Dimensions) (whole, crop vitrine.Dimensions) {
	scale := max(float64(box.Width)/float64(d.Width), float64(box.Height)/float64(d.Height))
	whole = scaled(d, min(1, scale))
	crop = vitrine.Dimensions{Width: min(box.Width, whole.Width), Height: min(box.Height, whole.Height)}
	return whole, crop
}

// scaled multiplies both sides by a factor of at most 1, rounds, and keeps at
// least one pixel.
func scaled(d vitrine.Dimensions, by float64) vitrine.Dimensions {
	side := func(n int) int { return min(n, max(1, int(math.Round(float64(n)*by)))) }
	return vitrine.Dimensions{Width: side(d.Width), Height: side(d.Height)}
}

// output describes to libvips, which works on the picture as it is stored, the
// middle part crop of the picture reduced to whole; both as displayed.
func output(whole, crop vitrine.Dimensions, orientation int) vips.Output {
	if orientation >= 5 {
		whole.Width, whole.Height = whole.Height, whole.Width
		crop.Width, crop.Height = crop.Height, crop.Width
	}
	return vips.Output{
		Width: whole.Width, Height: whole.Height,
		Left: (whole.Width - crop.Width) / 2, Top: (whole.Height - crop.Height) / 2,
		CropWidth: crop.Width, CropHeight: crop.Height, Orientation: orientation,
	}
}
