package demo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"time"
)

// Camera is what a camera writes into its pictures.
type Camera struct {
	Make, Model string
	TakenAt     time.Time
	Orientation int  // EXIF, 1 to 8: how the stored picture must be turned to stand upright
	Sphere      bool // the picture shows everything around: width is twice the height
}

// JPEG writes the landscape as a camera would that was held as its orientation
// says: turned back, it is upright.
func JPEG(s Scene, c Camera) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, held(Draw(s), c.Orientation), &jpeg.Options{Quality: 86}); err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	said := app1(exif(c))
	if c.Sphere {
		said = append(said, app1(sphere(s))...)
	}
	return slices.Concat(out.Bytes()[:2], said, out.Bytes()[2:]), nil
}

// app1 is a segment with its marker and its length, which counts itself.
func app1(content []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(content)+2)), content...)
}

// sphere says in XMP that a picture is a whole sphere, unrolled (Photo Sphere XMP
// Metadata, namespace GPano).
func sphere(s Scene) []byte {
	return fmt.Appendf(nil, `http://ns.adobe.com/xap/1.0/%c<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`+
		`<rdf:Description rdf:about="" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" GPano:ProjectionType="equirectangular"`+
		` GPano:FullPanoWidthPixels="%[2]d" GPano:FullPanoHeightPixels="%[3]d" GPano:CroppedAreaImageWidthPixels="%[2]d" GPano:CroppedAreaImageHeightPixels="%[3]d"`+
		` GPano:CroppedAreaLeftPixels="0" GPano:CroppedAreaTopPixels="0"/></rdf:RDF></x:xmpmeta>`, 0, s.Width, s.Height)
}

// PNG writes the landscape as PNG.
func PNG(s Scene) ([]byte, error) {
	var out bytes.Buffer
	err := png.Encode(&out, Draw(s))
	return out.Bytes(), err
}

// GIF writes frames of the landscape in which the sun moves, 80 ms each.
func GIF(s Scene, frames int) ([]byte, error) {
	var g gif.GIF
	for i := range frames {
		s.Time = float64(i) / float64(frames)
		p := image.NewPaletted(image.Rect(0, 0, s.Width, s.Height), palette.Plan9)
		draw.FloydSteinberg.Draw(p, p.Rect, Draw(s), image.Point{})
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 8)
	}
	var out bytes.Buffer
	err := gif.EncodeAll(&out, &g)
	return out.Bytes(), err
}

// held turns an upright picture into what a camera stores that says orientation n
// (Exif 3.0, 4.6.5.1.6).
func held(m *image.RGBA, n int) *image.RGBA {
	if n < 2 || n > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	sw, sh := w, h
	if n >= 5 {
		sw, sh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, sw, sh))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch n {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			out.SetRGBA(sx, sy, m.RGBAAt(x, y))
		}
	}
	return out
}

// exif is an APP1 segment with what a camera says, without its marker and length
// (TIFF 6.0, Exif 3.0).
func exif(c Camera) []byte {
	const headBytes, entryBytes = 8, 12
	type entry struct {
		tag, kind uint16
		count     uint32
		short     uint16 // the value of a SHORT
		text      string // with its final NUL, of an ASCII
	}
	ascii := func(tag uint16, s string) entry {
		return entry{tag: tag, kind: 2, count: uint32(len(s) + 1), text: s + "\x00"}
	}
	entries := []entry{
		ascii(0x010f, c.Make), ascii(0x0110, c.Model),
		{tag: 0x0112, kind: 3, count: 1, short: uint16(max(c.Orientation, 1))},
		ascii(0x0132, c.TakenAt.Format("2006:01:02 15:04:05")),
	}
	le := binary.LittleEndian
	body := append([]byte("II*\x00"), 8, 0, 0, 0)
	body = le.AppendUint16(body, uint16(len(entries)))
	texts, at := []byte(nil), headBytes+2+len(entries)*entryBytes+4
	for _, e := range entries {
		body = le.AppendUint32(le.AppendUint16(le.AppendUint16(body, e.tag), e.kind), e.count)
		switch {
		case e.kind == 3:
			body = append(le.AppendUint16(body, e.short), 0, 0)
		case len(e.text) <= 4: // it stands in the entry itself
			body = append(body, append([]byte(e.text), make([]byte, 4-len(e.text))...)...)
		default:
			body = le.AppendUint32(body, uint32(at+len(texts)))
			texts = append(texts, e.text...)
		}
	}
	body = le.AppendUint32(body, 0) // no further directory
	return append([]byte("Exif\x00\x00"), append(body, texts...)...)
}
