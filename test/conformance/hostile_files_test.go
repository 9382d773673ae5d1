package conformance_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"slices"
	"strings"
	"testing"
)

// Hostile files, made here: small to keep, large or false to open.

// pngChunk is one chunk with its length and checksum.
func pngChunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngHeader claims a size, with 1-bit grey pixels, and has none of them.
func pngHeader(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = append(binary.BigEndian.AppendUint32(head, height), 1, 0, 0, 0, 0)
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", head), pngChunk("IDAT", []byte("\x78\x9c\x03\x00\x00\x00\x00\x01")), pngChunk("IEND", nil))
}

// withPNGText puts a compressed text of many megabytes into a PNG.
func withPNGText(t *testing.T, source []byte, megabytes int) []byte {
	t.Helper()
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	for range megabytes {
		if _, err := w.Write(make([]byte, 1e6)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25 // signature and IHDR
	return slices.Concat(source[:head], pngChunk("zTXt", append([]byte("Comment\x00\x00"), z.Bytes()...)), source[head:])
}

// withJPEGSegments puts many full APP1 segments behind the start of a JPEG.
func withJPEGSegments(source []byte, n int) []byte {
	segment := append([]byte{0xff, 0xe1, 0xff, 0xff}, []byte("http://ns.adobe.com/xap/1.0/\x00"+strings.Repeat("<x>", 21845))...)
	segment = segment[:2+0xffff]
	return slices.Concat(source[:2], bytes.Repeat(segment, n), source[2:])
}

// gifFrames is an animation on a canvas of width × height whose frames are one
// pixel each.
func gifFrames(t *testing.T, width, height, frames int) []byte {
	t.Helper()
	dot := image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black, color.White})
	g := &gif.GIF{Config: image.Config{Width: width, Height: height, ColorModel: dot.Palette}}
	for range frames {
		g.Image, g.Delay = append(g.Image, dot), append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gifScript is a GIF that is a script too: its width begins a comment, and the
// script follows in a comment block.
func gifScript(t *testing.T) []byte {
	t.Helper()
	b := gifFrames(t, 0x2a2f, 4, 1) // the bytes "/*" in little endian
	const script = "*/=1;alert(document.domain);//"
	comment := slices.Concat([]byte{0x21, 0xfe, byte(len(script))}, []byte(script), []byte{0})
	return slices.Concat(b[:len(b)-1], comment, b[len(b)-1:])
}

// zipped is an archive, to be put behind a picture.
func zipped(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("evil.class")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("PAYLOAD-IN-THE-ARCHIVE")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noise is a PNG of chance-like pixels: it hardly compresses.
func noise(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	x := uint32(1)
	for i := range m.Pix {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		m.Pix[i] = byte(x)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
