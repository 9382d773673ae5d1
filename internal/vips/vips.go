package vips

/*
#cgo pkg-config: vips libjpeg libpng
#cgo CFLAGS: -O3 -D_GNU_SOURCE -Wall -Wno-unused-parameter
#cgo LDFLAGS: -lm
#include <stdlib.h>
#include "process.h"
*/
import "C"

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// Loader names a decoder.
type Loader int

// The decoders. Pixels are 8-bit samples, not encoded at all.
const (
	Pixels Loader = C.LOAD_PIXELS
	JPEG   Loader = C.LOAD_JPEG
	PNG    Loader = C.LOAD_PNG
	GIF    Loader = C.LOAD_GIF
	WebP   Loader = C.LOAD_WEBP
	HEIF   Loader = C.LOAD_HEIF // AVIF and HEIC: the primary picture, upright
)

// Saver names an encoder.
type Saver int

// The encoders.
const (
	ToJPEG Saver = C.SAVE_JPEG
	ToPNG  Saver = C.SAVE_PNG
	ToGIF  Saver = C.SAVE_GIF
	ToWebP Saver = C.SAVE_WEBP
	ToAVIF Saver = C.SAVE_AVIF
)

// Picture is encoded bytes and the decoder for them.
type Picture struct {
	Data          []byte
	Loader        Loader
	Width, Height int // pixels of one frame as stored; Header tells them
	Bands         int // for Pixels: 3 RGB, 4 RGBA
}

// Header is what the head of a picture tells.
type Header struct {
	Width, Height int // pixels of one frame, as stored
	Pages         int // frames or pictures inside, as far as libvips sees them; at least 1
	Bands         int // samples of a pixel
	Bits          int // of a sample: 8 or 16
	Alpha         bool
	Progressive   bool // progressive JPEG or interlaced PNG
}

// Output is one file to make: the picture reduced to Width×Height, the window
// Left, Top, CropWidth, CropHeight of that, turned upright by Orientation.
// Nothing is ever enlarged.
type Output struct {
	Width, Height         int // of the whole picture after reduction, before turning
	Left, Top             int
	CropWidth, CropHeight int
	Orientation           int // EXIF, 1 to 8
	Saver                 Saver
	Quality               int // 1 to 100, for JPEG, WebP and AVIF
	// Original keeps colour space, depth, colour profile and metadata (without
	// orientation). If not, the output is 8-bit sRGB or grey without any.
	Original bool
	File     *os.File // written to from its current position; not closed
	// Sketch is filled with SketchWidth × SketchHeight pixels of three bytes, sRGB,
	// of the output; nil: not wanted. Not for originals.
	Sketch []byte
}

// The size of a sketch in pixels.
const (
	SketchWidth  = C.SKETCH_WIDTH
	SketchHeight = C.SKETCH_HEIGHT
)

// Why nothing came out, when it was not the bytes' fault.
var (
	ErrTimeout = errors.New("vips: out of time")
	ErrMemory  = errors.New("vips: out of memory")
	ErrNoSpace = errors.New("vips: no space left for an output")
)

// Error is libvips' text about bytes that it refused. It is for logs only.
type Error string

// Error implements error.
func (e Error) Error() string { return "vips: " + string(e) }

// Init prepares libvips, once for the process; later calls tell the same again.
var Init = sync.OnceValue(func() error { return failure(C.vt_init()) })

// Header reads the head of the picture without decoding its pixels.
func (p Picture) Header() (Header, error) {
	var pin runtime.Pinner
	defer pin.Unpin()
	var h C.Header
	cp := p.c(&pin)
	if err := failure(C.vt_header(&cp, &h)); err != nil {
		return Header{}, err
	}
	return Header{
		Width: int(h.width), Height: int(h.height), Pages: max(int(h.pages), 1), Bands: int(h.bands), Bits: int(h.bits),
		Alpha: h.alpha != 0, Progressive: h.progressive != 0,
	}, nil
}

// Render decodes the picture once, its first frame if it moves, and writes every
// output. It refuses truncated pictures. After patience it gives up with
// ErrTimeout, at the next few rows: some decoders do all their work before the
// first row, and only the end of the process stops those.
func (p Picture) Render(patience time.Duration, outputs ...Output) error {
	var pin runtime.Pinner
	defer pin.Unpin()
	cp, list := p.c(&pin), make([]C.Output, len(outputs))
	for i, o := range outputs {
		list[i] = o.c(&pin)
	}
	return failure(C.vt_render(&cp, unsafe.SliceData(list), C.int(len(list)), C.int64_t(patience.Microseconds())))
}

// Animate decodes every frame of a GIF or WebP and writes them to one output.
func (p Picture) Animate(patience time.Duration, output Output) error {
	var pin runtime.Pinner
	defer pin.Unpin()
	cp, o := p.c(&pin), output.c(&pin)
	return failure(C.vt_animate(&cp, &o, C.int64_t(patience.Microseconds())))
}

func (p Picture) c(pin *runtime.Pinner) C.Picture {
	data := unsafe.SliceData(p.Data)
	if data != nil {
		pin.Pin(data)
	}
	return C.Picture{
		data: unsafe.Pointer(data), size: C.size_t(len(p.Data)), loader: C.int(p.Loader),
		width: C.int(p.Width), height: C.int(p.Height), bands: C.int(p.Bands),
	}
}

func (o Output) c(pin *runtime.Pinner) C.Output {
	c := C.Output{saver: C.int(o.Saver), quality: C.int(o.Quality), descriptor: C.int(o.File.Fd())}
	c.target.width, c.target.height = C.int(o.Width), C.int(o.Height)
	c.target.left, c.target.top = C.int(o.Left), C.int(o.Top)
	c.target.cropw, c.target.croph = C.int(o.CropWidth), C.int(o.CropHeight)
	c.target.orientation = C.int(o.Orientation)
	if o.Original {
		c.original = 1
	}
	if len(o.Sketch) == C.SKETCH_SIZE {
		at := unsafe.SliceData(o.Sketch)
		pin.Pin(at)
		c.sketch = (*C.uchar)(at)
	}
	return c
}

func failure(code C.int) error {
	if code == 0 {
		return nil
	}
	text := C.vt_error()
	defer C.free(unsafe.Pointer(text))
	switch code {
	case C.TOO_LATE:
		return ErrTimeout
	case C.NO_MEMORY:
		return ErrMemory
	case C.CHANGED:
		return Error("the picture is not as large as its head says")
	}
	e := C.GoString(text)
	for words, err := range map[string]error{
		"out of memory": ErrMemory, "Insufficient memory": ErrMemory, // libvips, libjpeg
		syscall.ENOSPC.Error(): ErrNoSpace, syscall.EDQUOT.Error(): ErrNoSpace,
	} {
		if strings.Contains(strings.ToLower(e), strings.ToLower(words)) {
			return err
		}
	}
	return Error(e)
}

// Version is that of the libvips that is linked in at run time, as "8.14.1".
func Version() string { return C.GoString(C.vt_version()) }

// Trim gives freed memory back to the system.
func Trim() { C.vt_trim() }
