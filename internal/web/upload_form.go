package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"vitrine/internal/parts"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

const (
	formFiles  = 20 // most files and addresses together of one form
	formAtOnce = 4  // of them that are looked at together
	formParts  = 100
	fieldBytes = 4 << 10   // of a field, if longFields does not say otherwise
	headBytes  = 32 << 10  // of the header of one part
	textBytes  = 128 << 10 // of a long field
)

// fieldSizes are the fields of the form that are read, with their most bytes.
var fieldSizes = map[string]int{
	"title": fieldBytes, "description": textBytes, "alt": fieldBytes, "tags": 4 * fieldBytes, "album": fieldBytes,
	"category": fieldBytes, "expiration": fieldBytes, "width": fieldBytes, "nsfw": fieldBytes, "url": textBytes,
}

// formLimit is the most bytes of all files of one form, which lie in the spool
// together: fields may stand behind the files that they speak of.
func (q *visit) formLimit() vitrine.Size { return 10 * q.actor().MaxUploadSize(q.settings) }

// arrival is one file of a form, or one address.
type arrival struct {
	name   string // as the visitor knows it
	source upload.Source
	err    error // why it was refused while it was read
}

// arrivals are the form while it is read.
type arrivals struct {
	fields url.Values
	files  []arrival
	left   vitrine.Size   // of formLimit
	ticket *upload.Ticket // the place of the form; nil: it was refused
}

// close gives back what nobody took over.
func (a *arrivals) close() {
	for _, f := range a.files {
		_ = f.source.Spooled.Close() // the spool is swept at the next start
	}
	a.ticket.Leave()
}

// receive reads the form: fields and files in any order. Whoever got arrivals,
// with an error or without, must close them.
func (q *visit) receive() (*arrivals, error) {
	a := &arrivals{fields: make(url.Values), left: q.formLimit()}
	if err := q.sameOrigin(); err != nil {
		return a, err
	}
	if err := q.actor().MayUpload(q.settings); err != nil {
		return a, err
	}
	// Before the form is read, so that nobody sends what would then be refused.
	var err error
	if a.ticket, err = q.Upload.Enter(upload.Arrival{Actor: q.actor(), Size: q.r.ContentLength}); err != nil {
		return a, err
	}
	if !strings.HasPrefix(q.r.Header.Get("Content-Type"), "multipart/form-data") {
		form, err := q.form()
		if err != nil {
			return a, err
		}
		a.fields = form
	} else if err := q.receiveParts(a); err != nil {
		return a, err
	}
	// What phones share comes with the address that it was found at.
	if q.r.Header.Get("Sec-Fetch-Site") == "none" && len(a.files) > 0 {
		return a, nil
	}
	return a, a.addresses()
}

// receiveParts reads a form with files, part by part. Files beyond formLimit are
// refused but read, so that the visitor gets an answer; a form of more than twice
// as much is not.
func (q *visit) receiveParts(a *arrivals) error {
	_, params, err := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return &vitrine.Error{Code: vitrine.CodeInvalid, Field: "form", Err: err}
	}
	body := parts.New(http.MaxBytesReader(q.w, q.r.Body, 2*int64(a.left)+maxForm), params["boundary"], headBytes,
		vitrine.Invalid("form", "A header is too long"))
	for range formParts {
		part, err := body.Next()
		if err == io.EOF { //nolint:errorlint // what breaks off is wrapped, and is no end
			return nil
		}
		if err != nil {
			return brokenForm(err)
		}
		if err := q.receivePart(a, part); err != nil {
			return brokenForm(err)
		}
	}
	return vitrine.Invalid("form", "Too many fields")
}

func (q *visit) receivePart(a *arrivals, part *multipart.Part) error {
	name, _, _ := strings.Cut(part.FormName(), "[")
	if most, ok := fieldSizes[name]; ok {
		return a.field(name, most, part)
	}
	if name != "source" && name != "file" {
		return nil
	}
	// Our script sends addresses as it sends files (RFC 2483, 5).
	if kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind == "text/uri-list" {
		return a.field("url", textBytes, part)
	}
	filename, _ := parts.Filename(part)
	head := make([]byte, 1)
	if n, err := io.ReadFull(part, head); n == 0 {
		// A form whose file field was left empty sends a part without name or bytes.
		if filename == "" && errors.Is(err, io.EOF) {
			return nil
		}
		head = nil
	}
	return q.receiveFile(a, filename, io.MultiReader(bytes.NewReader(head), part))
}

// receiveFile spools one file.
func (q *visit) receiveFile(a *arrivals, name string, r io.Reader) error {
	f := arrival{name: name}
	most := q.actor().MaxUploadSize(q.settings)
	switch {
	case len(a.files) >= formFiles:
		f.err = &vitrine.Error{Code: vitrine.CodeTooBig, Field: "files"}
	case a.left <= 0:
		f.err = &vitrine.Error{Code: vitrine.CodeTooBig, Field: "form"}
	default:
		f.source.Filename = name
		f.source.Spooled, f.err = a.ticket.Spool(q.r.Context(), r, min(most, a.left))
	}
	switch code := vitrine.CodeOf(f.err); {
	case f.err == nil:
		a.left -= vitrine.Size(f.source.Spooled.Size)
	case code == vitrine.CodeTooBig && f.source.Filename != "" && a.left < most:
		f.err = &vitrine.Error{Code: vitrine.CodeTooBig, Field: "form"}
	case code == vitrine.CodeSourceBroken, code == vitrine.CodeInternal:
		return f.err // there is nothing more to be read, or nowhere to put it
	}
	a.files = append(a.files, f)
	return nil
}

// field reads one field; of two of a name both count.
func (a *arrivals) field(name string, most int, r io.Reader) error {
	var text bytes.Buffer
	n, err := text.ReadFrom(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return err
	}
	if n > int64(most) {
		return vitrine.Invalid(name, "Invalid %s: at most %d bytes are accepted", name, most)
	}
	a.fields.Add(name, text.String())
	return nil
}

// addresses takes the lines of the field url as sources.
func (a *arrivals) addresses() error {
	for _, text := range a.fields["url"] {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
				continue
			}
			if len(a.files) >= formFiles {
				return vitrine.Invalid("url", "Too many addresses: %d at most", formFiles)
			}
			a.files = append(a.files, arrival{name: line, source: upload.Source{URL: line}})
		}
	}
	return nil
}

// first is a field as text that can be stored.
func (a *arrivals) first(name string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(a.fields.Get(name), "\uFFFD"), "\x00", "")
}

// on reports whether a box was ticked.
func (a *arrivals) on(name string) bool {
	return slices.Contains([]string{"1", "on", "true"}, a.first(name))
}

// brokenForm says why a form could not be read to its end.
func brokenForm(err error) error {
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		return e
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &vitrine.Error{Code: vitrine.CodeTooBig, Field: "form", Err: err}
	}
	return &vitrine.Error{Code: vitrine.CodeSourceBroken, Err: err}
}
