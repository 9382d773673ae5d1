package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"

	"github.com/gen2brain/heic"

	"vitrine/internal/vips"
)

// libheif before 1.17 refuses pictures of current phones. What it refuses is
// tried by a decoder in WebAssembly, several times slower. That one applies the
// orientation boxes too.

func init() { heic.ForceWasmMode = true } // never the system's libheif, which has had its turn

// heicHeader tells the size of a picture that libheif refused. refused is what
// it said.
func heicHeader(data []byte, refused error) (vips.Header, error) {
	c, err := heic.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return vips.Header{}, damaged(errors.Join(refused, err))
	}
	if c.Width < 1 || c.Height < 1 {
		return vips.Header{}, damaged(fmt.Errorf("heic of %d×%d", c.Width, c.Height))
	}
	return vips.Header{Width: c.Width, Height: c.Height, Pages: 1, Bands: 3, Bits: 8}, nil
}

// decodeHEIC decodes a picture that libheif refused.
func decodeHEIC(data []byte, refused error) (vips.Picture, error) {
	m, err := heic.Decode(bytes.NewReader(data))
	if err != nil {
		return vips.Picture{}, damaged(errors.Join(refused, err))
	}
	return opaquePixels(m), nil
}

// opaquePixels turns a picture into rows of RGB.
func opaquePixels(m image.Image) vips.Picture {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	p := vips.Picture{Data: make([]byte, 3*w*h), Loader: vips.Pixels, Width: w, Height: h, Bands: 3}
	row := image.NewRGBA(image.Rect(0, 0, w, 1))
	for y := range h {
		draw.Draw(row, row.Rect, m, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		out := p.Data[3*w*y : 3*w*(y+1)]
		for x := range w {
			copy(out[3*x:3*x+3], row.Pix[4*x:4*x+3])
		}
	}
	return p
}
