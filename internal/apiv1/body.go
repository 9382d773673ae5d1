package apiv1

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/textproto"
	"strings"
	"sync"

	"vitrine/internal/vitrine"
)

// bodyBlock is what is looked at together; the server reads in larger blocks from
// those who send fast.
const bodyBlock = 4 << 10

// Beyond these a request that is refused already is not read to its end for the
// sake of its other parameters.
const (
	patience = 64 << 20 // bytes
	small    = 1 << 20  // bytes of a body that is worth reading for its format
)

var blocks = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, bodyBlock) }}

// body reads a request's body under a limit, and remembers how far it came.
type body struct {
	src   io.Reader
	left  int64 // bytes that may still be read
	count int64 // bytes read
	done  bool  // the end was reached
	err   error // what the connection said, if not the end
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.done:
		return 0, io.EOF
	case b.left <= 0:
		return 0, errBigRequest
	}
	n, err := b.src.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	b.count += int64(n)
	switch {
	case err == io.EOF:
		b.done = true
	case err != nil:
		b.err = err
	}
	return n, err
}

// limit allows at most n more bytes.
func (b *body) limit(n int64) { b.left = min(b.left, n) }

// readBody reads every parameter and the source of a POST.
func (in *intake) readBody(r *http.Request) error {
	if r.Method != http.MethodPost || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	block := blocks.Get().(*bufio.Reader)
	block.Reset(in.body)
	defer func() {
		block.Reset(nil)
		blocks.Put(block)
	}()
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && kind == "" {
		kind, _, _ = strings.Cut(strings.ToLower(r.Header.Get("Content-Type")), ";")
	}
	switch strings.TrimSpace(kind) {
	case "multipart/form-data":
		err = in.readMultipart(r.Context(), block, params["boundary"])
	case "application/x-www-form-urlencoded":
		err = in.readForm(r.Context(), block)
	default:
		return nil // as the original: such bodies are not read
	}
	return in.explain(err)
}

// explain turns what the readers say about a broken body into a refusal.
func (in *intake) explain(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*vitrine.Error](err); ok && in.body.err == nil {
		return e
	}
	e := *errMalformed
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok && in.body.err == nil {
		e = *errPartHeader
	} else if in.body.err != nil || in.body.done {
		e = *errPartial
	}
	e.Err = err
	return &e
}
