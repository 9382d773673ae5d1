package media

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"vitrine/internal/vitrine"
)

// A message between server and decoder is its length in four bytes, big-endian,
// and that many bytes of JSON. The longest one carries the EXIF data of a
// picture.
const maxMessage = 8 << 20

// What a decoder can be asked for.
const (
	opPing    = "ping"    // nothing but an answer
	opInspect = "inspect" // Inspection of Source
	opRender  = "render"  // Original where it changes, Thumb, Medium of Source
	opFrame   = "frame"   // Thumb, Medium and size of Source, the still of a film
)

// request asks for one job. Names are relative to the spool folder.
type request struct {
	Op       string
	Source   string                 `json:",omitempty"`
	Folder   string                 `json:",omitempty"` // existing, for the outputs
	Format   vitrine.Format         `json:",omitempty"` // of Source
	Render   *vitrine.RenderRequest `json:",omitempty"` // without names
	Patience time.Duration          // how long the server will wait
}

// response is the answer to one request.
type response struct {
	Fault                   *fault              `json:",omitempty"`
	Inspection              *vitrine.Inspection `json:",omitempty"`
	Original, Thumb, Medium *product            `json:",omitempty"`
	Placeholder             []byte              `json:",omitempty"` // see vitrine.File
	Width, Height           int                 `json:",omitempty"` // of a frame, as displayed
	Jail                    string              `json:",omitempty"` // how the decoder is confined, in words; on ping
	Resident                int64               // bytes of memory that the decoder holds after the job
}

// fault is an error on its way through the pipe.
type fault struct {
	Code    vitrine.Code
	Message string
	Field   string `json:",omitempty"`
	Cause   string `json:",omitempty"` // for the log
}

// product is a file that a decoder made in the request's folder.
type product struct {
	Name          string
	Format        vitrine.Format
	Width, Height int
}

// in turns a decoder's word for a file into an output. The decoder is not
// believed: a product is a regular file in the folder, or an error.
func (p *product) in(folder string) (*vitrine.Output, error) {
	if p == nil {
		return nil, nil
	}
	if p.Name != filepath.Base(p.Name) || !filepath.IsLocal(p.Name) || !p.Format.Valid() || p.Width < 1 || p.Height < 1 {
		return nil, fmt.Errorf("the decoder made a strange file %q", p.Name)
	}
	out := &vitrine.Output{Path: filepath.Join(folder, p.Name), Format: p.Format, Width: p.Width, Height: p.Height}
	var err error
	out.Size, err = fileSize(out.Path)
	if err == nil && out.Size == 0 {
		err = fmt.Errorf("the decoder made an empty file %q", p.Name)
	}
	return out, err
}

// placeholder is what a decoder made for a placeholder, if it can be one.
func (a *response) placeholder() []byte {
	if len(a.Placeholder) != placeholderSize {
		return nil
	}
	return a.Placeholder
}

// toFault keeps what the person may read and what the log should know.
func toFault(err error) *fault {
	e, ok := errors.AsType[*vitrine.Error](err)
	if !ok {
		return &fault{Code: vitrine.CodeInternal, Cause: err.Error()}
	}
	f := &fault{Code: e.Code, Message: e.Message, Field: e.Field}
	if e.Err != nil {
		f.Cause = e.Err.Error()
	}
	return f
}

// err is the error that a decoder reported. Refusals that are not a decoder's
// to make become internal errors.
func (f *fault) err() error {
	cause := errors.New(f.Cause)
	switch f.Code {
	case vitrine.CodeUnrecognised, vitrine.CodeUnavailableFormat, vitrine.CodeDamaged, vitrine.CodeTooManyPixels, vitrine.CodeWidthTooLarge, vitrine.CodeNoSpace:
		return &vitrine.Error{Code: f.Code, Message: f.Message, Field: f.Field, Err: cause}
	}
	return internal(cause)
}

// writeMessage sends one message.
func writeMessage(w io.Writer, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if len(body) > maxMessage {
		return fmt.Errorf("message of %d bytes is too long", len(body))
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body))), body...))
	return err
}

// readMessage receives one message. It returns io.EOF where none begins, and
// takes no more memory than arrives.
func readMessage(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return fmt.Errorf("message of %d bytes is too long", n)
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return err
	}
	if len(body) < int(n) {
		return io.ErrUnexpectedEOF
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return nil
}
