package conformance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// options are what a site is started with.
type options = apptest.Options

// site is a running Vitrine and what a visitor needs.
type site struct {
	*apptest.Site
	client *http.Client
}

// start runs a site until the test ends. Redirects are not followed: a test
// wants to see them.
func start(t *testing.T, o options) *site {
	t.Helper()
	return &site{
		Site: apptest.Start(t, o),
		client: &http.Client{
			Timeout:       time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// answer is a response, read to its end.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	tree   map[string]any // the body, where it is a JSON object
}

func newAnswer(status int, header http.Header, body []byte) answer {
	a := answer{Status: status, Header: header, Body: body}
	if json.Unmarshal(body, &a.tree) != nil {
		a.tree = nil
	}
	return a
}

// at finds a value by its path, as clients do: "image.thumb.url". What is not
// there is nil.
func (a answer) at(path string) any {
	var v any = a.tree
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// text is the string at the path, empty if there is none.
func (a answer) text(path string) string { s, _ := a.at(path).(string); return s }

// number is the number at the path, -1 if there is none.
func (a answer) number(path string) float64 {
	if n, ok := a.at(path).(float64); ok {
		return n
	}
	return -1
}

func (a answer) String() string {
	body := string(a.Body)
	if len(body) > 600 {
		body = body[:600] + "…"
	}
	return fmt.Sprintf("%d %s\n%s", a.Status, a.Header.Get("Content-Type"), body)
}

// wantRefusal fails the test unless the answer is an error of the protocol with
// this status, code and message. An empty message means any one clear sentence.
func (a answer) wantRefusal(t *testing.T, status, code int, message string) {
	t.Helper()
	if a.Status != status || a.number("status_code") != float64(status) || a.text("status_txt") != http.StatusText(status) {
		t.Errorf("status is not %d %s: %s", status, http.StatusText(status), a)
	}
	if got := a.number("error.code"); got != float64(code) {
		t.Errorf("error.code = %v, want %d: %s", got, code, a)
	}
	got := a.text("error.message")
	if message != "" && got != message {
		t.Errorf("error.message = %q, want %q", got, message)
	}
	if got == "" || len(got) > 300 {
		t.Errorf("error.message is no clear sentence: %q", got)
	}
	for _, leak := range []string{"/tmp", "/var/", "sql", "SQL", "vips", "ffmpeg", "goroutine", "panic", "spool", ".go:", "errno", "exit status"} {
		if strings.Contains(got, leak) {
			t.Errorf("error.message tells of %q: %q", leak, got)
		}
	}
}

// wantUpload fails the test unless the answer is that of a successful upload.
func (a answer) wantUpload(t *testing.T) {
	t.Helper()
	if a.Status != http.StatusOK || a.number("status_code") != 200 || a.text("status_txt") != "OK" ||
		a.text("success.message") != "file uploaded" || a.number("success.code") != 200 || a.text("image.url") == "" {
		t.Fatalf("no successful upload: %s", a)
	}
}

// do sends a request and reads the answer.
func (s *site) do(t *testing.T, r *http.Request) answer {
	t.Helper()
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return newAnswer(resp.StatusCode, resp.Header, body)
}

// request builds a request; the address may be relative to the site. Headers
// are pairs of name and value.
func (s *site) request(t *testing.T, method, address string, body io.Reader, headers ...string) *http.Request {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = s.URL + address
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (s *site) get(t *testing.T, address string, headers ...string) answer {
	t.Helper()
	return s.do(t, s.request(t, http.MethodGet, address, nil, headers...))
}

// part is one field or file of a multipart form.
type part struct {
	name, filename, mime string
	content              []byte
}

func field(name, value string) part { return part{name: name, content: []byte(value)} }

func file(name, filename string, content []byte) part {
	return part{name: name, filename: filename, mime: "application/octet-stream", content: content}
}

// form encodes parts as multipart/form-data.
func form(t *testing.T, parts ...part) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		disposition := `form-data; name="` + quote(p.name) + `"`
		if p.mime != "" {
			disposition += `; filename="` + quote(p.filename) + `"`
			h.Set("Content-Type", p.mime)
		}
		h.Set("Content-Disposition", disposition)
		pw, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pw.Write(p.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func quote(s string) string {
	return strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "%0D", "\n", "%0A").Replace(s)
}

// upload posts parts with a key in the header; an empty key sends none.
func (s *site) upload(t *testing.T, key string, parts ...part) answer {
	t.Helper()
	body, contentType := form(t, parts...)
	r := s.request(t, http.MethodPost, "/api/1/upload", bytes.NewReader(body), "Content-Type", contentType)
	if key != "" {
		r.Header.Set("X-API-Key", key)
	}
	return s.do(t, r)
}

// input is one of the files that the recordings sent.
func input(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata/golden/inputs", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
