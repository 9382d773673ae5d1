package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
)

// picture is a kind of upload: a file of which as many different copies can be
// made as needed, all equally hard to decode.
type picture struct {
	name   string  // as in the table
	target float64 // CPU milliseconds for one upload
	file   string  // name it is sent under
	copy   func(n uint32) []byte
	size   int
}

// makePictures makes the three kinds that the targets speak of. The photographs
// are smooth surfaces with detail in several sizes and the noise of a sensor, so
// that they compress like those of a camera: 12 megapixels to about 4.2 MB,
// 1280×960 to about 200 KB.
func makePictures() ([]picture, error) {
	large, err := photograph(4000, 3000, 13.5, 90)
	if err != nil {
		return nil, err
	}
	small, err := photograph(1280, 960, 6, 84)
	if err != nil {
		return nil, err
	}
	icon, err := icons()
	if err != nil {
		return nil, err
	}
	return []picture{
		{"12 MP JPEG", 65, "large.jpg", func(n uint32) []byte { return numbered(large, n) }, len(large)},
		{"1280×960 JPEG", 24, "small.jpg", func(n uint32) []byte { return numbered(small, n) }, len(small)},
		{"2 KB PNG", 2, "icon.png", icon, len(icon(0))},
	}, nil
}

// photograph draws and encodes a JPEG. The grain is the strength of the noise in
// levels of 255.
func photograph(width, height int, grain float64, quality int) ([]byte, error) {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	seed := uint32(2463534242)
	random := func() float64 { // xorshift32, Marsaglia 2003
		seed ^= seed << 13
		seed ^= seed >> 17
		seed ^= seed << 5
		return float64(seed)/(1<<31) - 1
	}
	scale := 2 * math.Pi / float64(width)
	for y := range height {
		for x := range width {
			fx, fy := float64(x)*scale, float64(y)*scale
			v := 128 + 50*math.Sin(1.7*fx+0.9*math.Cos(2.3*fy)) + 25*math.Sin(11*fx+7*fy) + 12*math.Sin(53*fx)*math.Cos(47*fy) + 6*math.Sin(211*fy+3*math.Sin(17*fx))
			m.Y[y*m.YStride+x] = clamp(v + grain*random())
		}
	}
	for y := range height / 2 {
		for x := range width / 2 {
			fx, fy := float64(x)*scale, float64(y)*scale
			m.Cb[y*m.CStride+x] = clamp(128 + 30*math.Sin(3*fx+1) + grain/4*random())
			m.Cr[y*m.CStride+x] = clamp(128 + 30*math.Cos(4*fy+fx) + grain/4*random())
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

func clamp(v float64) uint8 { return uint8(max(0, min(255, v))) }

// numbered puts a JFIF block into a JPEG whose pixel density is the number, so
// that every copy has its own digest and the same pixels.
func numbered(file []byte, n uint32) []byte {
	block := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1}
	block = binary.BigEndian.AppendUint32(block, n|0x00010001)
	block = append(block, 0, 0)
	return slices.Concat(file[:2], block, file[2:])
}

// icons makes PNG files of about 2 KB: 64 × 64 with a pattern that its number
// shifts.
func icons() (func(uint32) []byte, error) {
	draw := func(n uint32) ([]byte, error) {
		m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
		for y := range 64 {
			for x := range 64 {
				m.SetNRGBA(x, y, color.NRGBA{uint8(x * 4), uint8(x*y/16 + (x*7919^y*104729)%3*(y%4/3)), uint8((x ^ y) * 3), 255})
			}
		}
		for i := range 4 {
			m.SetNRGBA(i, 0, color.NRGBA{uint8(n >> (8 * i)), 0, 0, 255})
		}
		var b bytes.Buffer
		err := png.Encode(&b, m)
		return b.Bytes(), err
	}
	if b, err := draw(0); err != nil || len(b) < 1500 || len(b) > 3000 {
		return nil, fmt.Errorf("an icon of %d bytes: %w", len(b), err)
	}
	return func(n uint32) []byte {
		b, err := draw(n)
		if err != nil {
			panic(err) // it worked for the first
		}
		return b
	}, nil
}
