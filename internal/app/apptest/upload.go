package apptest

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"testing"
)

// Answer is an answer of the site, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Image  map[string]any // of a successful upload, as the API shows it
}

// Text is a text in Image, empty if there is none.
func (a Answer) Text(field string) string { s, _ := a.Image[field].(string); return s }

// Upload posts a file with a key and fields, which are pairs of name and value.
func (s *Site) Upload(t testing.TB, key, filename string, content []byte, fields ...string) Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("source", filename)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/1/upload", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	if key != "" {
		r.Header.Set("X-API-Key", key)
	}
	return s.Do(t, r)
}

// Get fetches an address, which may begin with the site's own.
func (s *Site) Get(t testing.TB, address string) Answer {
	t.Helper()
	if address[0] == '/' {
		address = s.URL + address
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Do(t, r)
}

// client keeps no connections, so that nothing is left when a test ends, and
// follows no redirects: a test wants to see them.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Do sends a request and reads the answer.
func (s *Site) Do(t testing.TB, r *http.Request) Answer {
	t.Helper()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	var reply struct{ Image map[string]any }
	if json.Unmarshal(a.Body, &reply) == nil {
		a.Image = reply.Image
	}
	return a
}

// Picture makes a JPEG of coloured noise. Every call gives other bytes.
func Picture(t testing.TB, width, height int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	const block = 16
	for y := 0; y < height; y += block {
		for x := 0; x < width; x += block {
			n := rand.Uint32()
			c := color.RGBA{uint8(n), uint8(n >> 8), uint8(n >> 16), 255}
			for dy := 0; dy < block && y+dy < height; dy++ {
				for dx := 0; dx < block && x+dx < width; dx++ {
					m.SetRGBA(x+dx, y+dy, c)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
