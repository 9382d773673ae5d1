package apiv1

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// What the tests of the readers and of the answer need of the inside.

func NewBase64Reader(r io.Reader, repair bool) io.Reader { return newBase64Reader(r, repair) }

// FormValues reads a whole form, in order, as "name=value".
func FormValues(r io.Reader) (pairs [][2]string, err error) {
	form := &formReader{src: bufio.NewReaderSize(r, 16)}
	for {
		name, err := form.next()
		if errors.Is(err, io.EOF) {
			return pairs, nil
		}
		if err != nil {
			return pairs, err
		}
		value, err := io.ReadAll(form)
		if err != nil {
			return pairs, err
		}
		pairs = append(pairs, [2]string{name, string(value)})
	}
}

// Taken is what an intake read.
type Taken struct {
	Fields  map[string]string
	From    string
	Source  []byte
	URL     string
	Name    string
	Refused error
}

// memory spools into memory.
type memory struct{ content []byte }

func (m *memory) Spool(_ context.Context, r io.Reader, limit vitrine.Size) (*upload.Spooled, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if vitrine.Size(len(b)) > limit {
		return nil, vitrine.Errorf(vitrine.CodeTooBig, "File too big - max %s", limit)
	}
	if len(b) == 0 {
		return nil, errEmpty
	}
	m.content = b
	return &upload.Spooled{Size: int64(len(b))}, nil
}

// Take reads the body of a POST with this content type.
func Take(contentType string, content io.Reader, limit vitrine.Size) (Taken, error) {
	m := &memory{}
	in := &intake{
		spool: m, limit: func() vitrine.Size { return limit },
		body:   &body{src: content, left: 4*int64(limit) + small},
		fields: fields{body: map[string]string{}, query: map[string]string{}},
	}
	r := &http.Request{Method: http.MethodPost, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(content)}
	err := in.readBody(r)
	return Taken{in.fields.body, in.from, bytes.Clone(m.content), in.source.URL, in.source.Filename, in.rejected}, err
}

// ImageJSON is a file as the API shows it in English.
func ImageJSON(f *vitrine.File, token string, l *links.Builder, b *locale.Bundle, s *vitrine.Settings, now time.Time) ([]byte, error) {
	v := &view{links: l, texts: b.For("en"), settings: s, now: now}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v.image(f, token))
	return buf.Bytes(), err
}

// Meanings are the codes that have a status and a number.
func Meanings() map[vitrine.Code][2]int {
	m := make(map[vitrine.Code][2]int)
	for code, x := range meanings {
		m[code] = [2]int{x.status, x.number}
	}
	return m
}
