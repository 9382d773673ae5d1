package web

import (
	"encoding/base64"
	"html/template"

	"vitrine/internal/vitrine"
)

const (
	sketchW, sketchH = vitrine.PlaceholderWidth, vitrine.PlaceholderHeight
	sketchBytes      = sketchW * sketchH * 3
)

// sketchHeader is the beginning of a BMP of placeholders: BITMAPFILEHEADER and
// BITMAPINFOHEADER, 24 bits, rows from below, whose length is a multiple of 4.
var sketchHeader = [54]byte{
	'B', 'M', 54 + sketchBytes, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
	40, 0, 0, 0, sketchW, 0, 0, 0, sketchH, 0, 0, 0, 1, 0, 24, 0,
	0, 0, 0, 0, sketchBytes, 0, 0, 0, 0x13, 0x0b, 0, 0, 0x13, 0x0b, 0, 0,
}

// sketchURL is a placeholder as a data: address; empty if there is none.
func sketchURL(pixels []byte) template.URL {
	if len(pixels) != sketchBytes {
		return ""
	}
	var picture [54 + sketchBytes]byte
	copy(picture[:], sketchHeader[:])
	for y := range sketchH {
		for x := range sketchW {
			from, to := (y*sketchW+x)*3, 54+((sketchH-1-y)*sketchW+x)*3
			picture[to], picture[to+1], picture[to+2] = pixels[from+2], pixels[from+1], pixels[from]
		}
	}
	return template.URL("data:image/bmp;base64," + base64.StdEncoding.EncodeToString(picture[:]))
}
