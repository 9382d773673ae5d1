package conformance_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// engines and stores are the grounds that every feature must work on.
var (
	engines = []string{"sqlite", "postgres"}
	stores  = []string{"local", "s3"}
)

// everywhere runs a test on every engine with every storage.
func everywhere(t *testing.T, o options, fn func(t *testing.T, s *site)) {
	t.Helper()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			for _, store := range stores {
				t.Run(store, func(t *testing.T) {
					t.Parallel()
					here := o // they run side by side
					here.Engine, here.Storage = engine, store
					fn(t, start(t, here))
				})
			}
		})
	}
}

// TestUploadEverywhere sends each kind of file in each way on each ground, reads
// it back, and deletes it.
func TestUploadEverywhere(t *testing.T) {
	t.Parallel()
	everywhere(t, options{Settings: map[string]string{"flood_protection": "off", "guest_api": "on"}}, func(t *testing.T, s *site) {
		for _, f := range acceptedFiles {
			t.Run(f.name, func(t *testing.T) {
				a := s.upload(t, s.UserKey, file("source", f.name, f.read(t)), field("expiration", "P1D"))
				a.wantUpload(t)
				route := "image"
				if a.text("image.type") == "video" {
					route = "clip"
				}
				if a.text("image.extension") != f.extension || a.text("image.mime") != f.mime {
					t.Errorf("%s %s, want %s %s", a.text("image.extension"), a.text("image.mime"), f.extension, f.mime)
				}
				wantConsistent(t, s, a, route)
				s.deleteFile(t, a)
			})
		}
		for _, way := range ways {
			t.Run(way.name, func(t *testing.T) {
				way.send(t, s).wantUpload(t)
			})
		}
	})
}

// acceptedFile is a file that a site with all formats takes.
type acceptedFile struct {
	name            string // of the file, also in testdata
	format          string // as in upload_formats
	extension, mime string // of what is stored
	read            func(t *testing.T) []byte
}

func fromInputs(name string) func(*testing.T) []byte {
	return func(t *testing.T) []byte { t.Helper(); return input(t, name) }
}

func fromSamples(name string) func(*testing.T) []byte {
	return func(t *testing.T) []byte { t.Helper(); return sample(t, name) }
}

var acceptedFiles = []acceptedFile{
	{"plain.jpg", "jpg", "jpg", "image/jpeg", fromInputs("plain.jpg")},
	{"turned.jpeg", "jpeg", "jpeg", "image/jpeg", fromInputs("photo-exif.jpg")},
	{"tiny.png", "png", "png", "image/png", fromInputs("tiny.png")},
	{"anim.png", "png", "png", "image/png", fromSamples("anim.png")},
	{"photo.bmp", "bmp", "png", "image/png", fromInputs("photo.bmp")},
	{"still.gif", "gif", "gif", "image/gif", fromInputs("still.gif")},
	{"anim.gif", "gif", "gif", "image/gif", fromInputs("anim.gif")},
	{"photo.webp", "webp", "webp", "image/webp", fromSamples("photo.webp")},
	{"anim.webp", "webp", "webp", "image/webp", fromSamples("anim.webp")},
	{"photo.avif", "avif", "avif", "image/avif", fromInputs("photo.avif")},
	{"photo.heic", "heic", "jpeg", "image/jpeg", fromSamples("photo.heic")},
	{"clip.mp4", "mp4", "mp4", "video/mp4", fromInputs("clip.mp4")},
	{"clip.mov", "mov", "mov", "video/quicktime", fromSamples("clip.mov")},
	{"clip.webm", "webm", "webm", "video/webm", fromSamples("clip.webm")},
}

// ways are the forms in which clients call.
var ways = []struct {
	name string
	send func(t *testing.T, s *site) answer
}{
	{"file, key in the header", func(t *testing.T, s *site) answer {
		return s.upload(t, s.UserKey, file("source", "p2.jpg", input(t, "p2.jpg")))
	}},
	{"file, key in the body", func(t *testing.T, s *site) answer {
		return s.upload(t, "", field("key", s.UserKey), file("source", "p3.jpg", input(t, "p3.jpg")))
	}},
	{"file, key in the body behind it", func(t *testing.T, s *site) answer {
		return s.upload(t, "", file("source", "p4.jpg", input(t, "p4.jpg")), field("key", s.UserKey))
	}},
	{"file, key in the query", func(t *testing.T, s *site) answer {
		body, contentType := form(t, file("source", "p6.jpg", input(t, "p6.jpg")))
		return s.do(t, s.request(t, http.MethodPost, "/api/1/upload?key="+url.QueryEscape(s.UserKey), bytes.NewReader(body), "Content-Type", contentType))
	}},
	{"file, slash and key in the query", func(t *testing.T, s *site) answer {
		body, contentType := form(t, file("source", "p9.jpg", input(t, "p9.jpg")))
		return s.do(t, s.request(t, http.MethodPost, "/api/1/upload/?key="+url.QueryEscape(s.UserKey), bytes.NewReader(body), "Content-Type", contentType))
	}},
	{"base64 in a form", func(t *testing.T, s *site) answer {
		return s.do(t, s.postForm(t, url.Values{"key": {s.UserKey}, "source": {base64.StdEncoding.EncodeToString(input(t, "p10.jpg"))}}))
	}},
	{"base64 in multipart", func(t *testing.T, s *site) answer {
		return s.upload(t, s.UserKey, field("source", base64.StdEncoding.EncodeToString(input(t, "p11.jpg"))))
	}},
	{"base64 with plus signs that nobody escaped", func(t *testing.T, s *site) answer {
		body := "key=" + s.UserKey + "&source=" + base64.StdEncoding.EncodeToString(input(t, "p12.jpg"))
		return s.do(t, s.request(t, http.MethodPost, "/api/1/upload", strings.NewReader(body), "Content-Type", "application/x-www-form-urlencoded"))
	}},
	{"base64 in lines", func(t *testing.T, s *site) answer {
		encoded := base64.StdEncoding.EncodeToString(input(t, "p13.jpg"))
		return s.upload(t, s.UserKey, field("source", encoded[:76]+"\r\n"+encoded[76:152]+"\n"+encoded[152:]))
	}},
	{"base64 by GET", func(t *testing.T, s *site) answer {
		return s.get(t, "/api/1/upload?key="+url.QueryEscape(s.UserKey)+"&source="+url.QueryEscape(base64.StdEncoding.EncodeToString(input(t, "p14.jpg"))))
	}},
	{"data URI", func(t *testing.T, s *site) answer {
		return s.upload(t, s.UserKey, field("source", "data:image/jpeg;base64,"+base64.StdEncoding.EncodeToString(input(t, "p15.jpg"))))
	}},
	{"film as base64", func(t *testing.T, s *site) answer {
		return s.do(t, s.postForm(t, url.Values{"key": {s.UserKey}, "source": {base64.StdEncoding.EncodeToString(input(t, "clip.mp4"))}}))
	}},
	{"the guest's key", func(t *testing.T, s *site) answer {
		return s.upload(t, s.GuestKey, file("source", "p16.jpg", input(t, "p16.jpg")))
	}},
}

// postForm is an urlencoded POST.
func (s *site) postForm(t *testing.T, values url.Values) *http.Request {
	t.Helper()
	return s.request(t, http.MethodPost, "/api/1/upload", strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// deleteFile follows the delete link and presses the button.
func (s *site) deleteFile(t *testing.T, a answer) {
	t.Helper()
	link := a.text("image.delete_url")
	if ask := s.get(t, link); ask.Status != http.StatusOK || !strings.Contains(string(ask.Body), "<form") {
		t.Errorf("the delete page: %s", ask)
	}
	if gone := s.do(t, s.request(t, http.MethodPost, link, nil)); gone.Status/100 != 3 && gone.Status != http.StatusOK {
		t.Errorf("deleting: %s", gone)
	}
	for _, path := range []string{"image.url", "image.thumb.url", "image.medium.url", "image.frame.url", "image.url_viewer"} {
		if address := a.text(path); address != "" {
			if after := s.get(t, address); after.Status != http.StatusNotFound {
				t.Errorf("%s after deletion: %d", path, after.Status)
			}
		}
	}
}
