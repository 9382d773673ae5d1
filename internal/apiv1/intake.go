package apiv1

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// spooler takes the bytes of a source; *upload.Ticket is one.
type spooler interface {
	Spool(ctx context.Context, r io.Reader, limit vitrine.Size) (*upload.Spooled, error)
}

// intake is one request while it is being read: its parameters, and its source
// once it has come. Parameters and source come in any order.
type intake struct {
	spool  spooler
	body   *body
	limit  func() vitrine.Size // of the source, by what is known of the actor
	fields fields

	source   upload.Source
	from     string // the parameter that the source came from; empty: none yet
	discard  bool   // sources are thrown away: the request is refused already
	rejected error  // why the source was refused
}

// imgbb is the parameter of the source in the ImgBB dialect.
const imgbb = "image"

// isSource reports whether the parameter carries a source.
func isSource(name string) bool {
	return name == "source" || name == imgbb || strings.HasPrefix(name, "source[")
}

// close removes what was spooled and nobody took over.
func (in *intake) close() {
	if in.source.Spooled != nil {
		_ = in.source.Spooled.Close() // the spool is swept at the next start
	}
	in.source = upload.Source{}
}

// dialect reports whether the request speaks like ImgBB.
func (in *intake) dialect() bool { return in.from == imgbb }

// take decides whether a source under this name is wanted, making room for it:
// "source" goes before "image". Two of the same are refused.
func (in *intake) take(name string) (wanted bool) {
	if name != imgbb {
		name = "source"
	}
	switch {
	case in.discard:
		return false
	case in.from == name:
		in.reject(errSources)
		return false
	case in.from == "source":
		return false
	}
	in.close()
	in.from, in.rejected = name, nil
	return true
}

// reject refuses the source for good. What follows is read on for the sake of
// the other parameters, but not for ever.
func (in *intake) reject(err error) {
	in.close()
	in.rejected = err
	in.body.limit(patience)
}

// file takes a file part.
func (in *intake) file(ctx context.Context, name, filename string, r io.Reader) error {
	if filename == "" {
		// A form whose file field was left empty sends a part without name or bytes.
		head := bufio.NewReader(r)
		if _, err := head.Peek(1); err == io.EOF {
			return nil
		}
		r = head
	}
	if !in.take(name) {
		return nil
	}
	in.source.Filename = filename
	return in.store(ctx, r)
}

// text takes a source that came as text: a URL, a data URI or base64. With
// repair, blanks in base64 become plus signs again.
func (in *intake) text(ctx context.Context, name string, r io.Reader, repair bool) error {
	text := bufio.NewReaderSize(r, 1024)
	if err := skipSpace(text); errors.Is(err, io.EOF) {
		if in.from == "" && !in.discard {
			in.rejected = errEmpty
		}
		return nil
	} else if err != nil {
		return err
	}
	if !in.take(name) {
		return nil
	}
	head, _ := text.Peek(8)
	switch lower := strings.ToLower(string(head)); {
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"), strings.HasPrefix(lower, "ftp://"):
		return in.url(text)
	case strings.HasPrefix(lower, "data:"):
		if err := skipDataHeader(text); errors.Is(err, errBase64) {
			in.reject(err)
			return nil
		} else if err != nil {
			return err
		}
	}
	return in.store(ctx, newBase64Reader(text, repair))
}

// url takes a source that is a URL.
func (in *intake) url(r io.Reader) error {
	var text bytes.Buffer
	n, err := text.ReadFrom(io.LimitReader(r, maxURLBytes+1))
	switch {
	case err != nil:
		return err
	case n > maxURLBytes:
		in.reject(&vitrine.Error{Code: vitrine.CodeURLInvalid, Field: "source", Message: "Invalid image URL: it is too long"})
	default:
		in.source.URL = strings.TrimSpace(text.String())
	}
	return nil
}

// store spools a source. A refusal of the source is kept for later; only what
// makes reading on impossible is returned.
func (in *intake) store(ctx context.Context, r io.Reader) error {
	watched := &watchedReader{src: r}
	spooled, err := in.spool.Spool(ctx, watched, in.limit())
	if err == nil {
		in.source.Spooled = spooled
		return nil
	}
	if watched.err != nil && !errors.Is(watched.err, errBase64) {
		in.close()
		return watched.err // there is nothing more to be read
	}
	in.reject(err)
	return nil
}

// watchedReader remembers why its source ended, if it did not end well.
type watchedReader struct {
	src io.Reader
	err error
}

// Read implements io.Reader.
func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.src.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// readQuery reads the parameters of the query; its source is left for later.
func (in *intake) readQuery(r *http.Request) (source map[string]string, err error) {
	form := &formReader{src: bufio.NewReader(strings.NewReader(r.URL.RawQuery))}
	source = make(map[string]string)
	for range maxParameters {
		name, err := form.next()
		if errors.Is(err, io.EOF) {
			return source, nil
		}
		if err != nil {
			return nil, err
		}
		if isSource(name) {
			var text strings.Builder
			if _, err := io.Copy(&text, form); err != nil {
				return nil, err
			}
			source[name] = text.String()
		} else if err := in.fields.read(in.fields.query, name, form); err != nil {
			return nil, err
		}
	}
	return nil, errTooMany
}

// takeQuery takes the source of the query where the body had none.
func (in *intake) takeQuery(ctx context.Context, source map[string]string) error {
	for _, name := range []string{"source", imgbb} {
		if text := source[name]; in.from == "" && text != "" {
			in.rejected = nil
			if err := in.text(ctx, name, strings.NewReader(text), true); err != nil {
				return err
			}
		}
	}
	if _, given := source["source"]; given && in.from == "" && in.rejected == nil && !in.discard {
		in.rejected = errEmpty
	}
	return nil
}

func skipSpace(r *bufio.Reader) error {
	for {
		c, err := r.ReadByte()
		if err != nil {
			return err
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return r.UnreadByte()
		}
	}
}

// skipDataHeader reads "data:image/png;base64," of RFC 2397. It returns
// errBase64 for a data URI that is not base64.
func skipDataHeader(r *bufio.Reader) error {
	var head []byte
	for len(head) < 512 {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return errBase64
		}
		if err != nil {
			return err
		}
		if c == ',' {
			if strings.HasSuffix(strings.ToLower(string(bytes.TrimSpace(head))), ";base64") {
				return nil
			}
			return errBase64
		}
		head = append(head, c)
	}
	return errBase64
}
