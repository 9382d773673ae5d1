package web_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/netip"
	"net/textproto"
	"os"
	"path/filepath"
	"testing"

	"vitrine/internal/fetch"
	"vitrine/internal/media"
	"vitrine/internal/upload"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decoder" {
		os.Exit(media.RunDecoder(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// newUploads completes the rooms that files come in through. Nothing may be left
// in the spool.
func newUploads(t testing.TB, c upload.Config) *upload.Service {
	t.Helper()
	c.Spool = t.TempDir()
	t.Cleanup(func() {
		if left, _ := filepath.Glob(filepath.Join(c.Spool, "upload-*", "*")); len(left) != 0 {
			t.Errorf("left in the spool: %v", left)
		}
	})
	decoders, err := media.New(media.Config{Decoders: 1, Spool: c.Spool})
	must(t, err)
	t.Cleanup(func() { _ = decoders.Close() })
	c.Processor = decoders
	c.Fetcher = fetch.New(fetch.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	s, err := upload.New(c)
	must(t, err)
	return s
}

// picture makes a PNG in a colour of its own.
func picture(t testing.TB, width, height int, shade uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = shade, uint8(i), 255-shade, 255
	}
	m.Set(0, 0, color.RGBA{shade, shade, shade, 255})
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

// part is one part of a form: a field, or a file where there is a name for it.
type part struct {
	name, filename, kind string
	content              []byte
}

func field(name, value string) part { return part{name: name, content: []byte(value)} }

func file(filename string, content []byte) part {
	return part{name: "source", filename: filename, content: content}
}

// submit sends a form with files, in the order of its parts.
func (s *site) submit(t testing.TB, parts []part, headers ...string) page {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, p := range parts {
		h := make(textproto.MIMEHeader)
		disposition := `form-data; name="` + p.name + `"`
		if p.filename != "" || p.kind != "" {
			disposition += `; filename="` + p.filename + `"`
		}
		h.Set("Content-Disposition", disposition)
		if p.kind != "" {
			h.Set("Content-Type", p.kind)
		}
		w, err := form.CreatePart(h)
		must(t, err)
		_, err = w.Write(p.content)
		must(t, err)
	}
	must(t, form.Close())
	return s.send(t, http.MethodPost, "/upload", &body, append([]string{"Content-Type", form.FormDataContentType()}, headers...)...)
}

// answer is what a script of ours is told.
type answer struct {
	ID, Title, Kind, Viewer, Direct, Thumb, Token string
	DeleteURL                                     string `json:"delete_url"`
	Width, Height                                 int
	Codes                                         []struct{ Key string }
	Notes                                         []string
	Message, Code, Field, Link                    string // of a refusal
	Name, URL                                     string // of an album
	Claimed                                       int
}

func (p page) answer(t testing.TB) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal([]byte(p.body), &a); err != nil {
		t.Fatalf("%d %q: %v", p.status, p.body, err)
	}
	return a
}

// script are the headers that scripts of ours send.
func script(cookie string) []string { return []string{"Accept", "application/json", "Cookie", cookie} }
