package conformance_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestRefusals provokes the messages of the catalogue. Each is one clear
// sentence with the recorded code, and leaves nothing behind.
func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		settings map[string]string
		send     func(t *testing.T, s *site) answer
		status   int
		code     int
		message  string // empty: any clear sentence
	}{
		{"no version", nil, func(t *testing.T, s *site) answer { return s.get(t, "/api") }, 400, 100, "No version provided"},
		{"no action", nil, func(t *testing.T, s *site) answer { return s.get(t, "/api/1") }, 400, 100, "No action provided"},
		{"no action, with a slash", nil, func(t *testing.T, s *site) answer { return s.get(t, "/api/1/") }, 400, 100, "No action provided"},
		{"no key", nil, func(t *testing.T, s *site) answer { return s.get(t, "/api/1/upload") }, 400, 100, "No key provided"},
		{"no key but a file", nil, upload("", file("source", "a.jpg", nil)), 400, 100, "No key provided"},
		{"other version", nil, func(t *testing.T, s *site) answer { return s.get(t, "/api/2/upload?key="+s.UserKey) }, 400, 110, "Invalid API version."},
		{"other action", nil, func(t *testing.T, s *site) answer { return s.get(t, "/api/1/delete?key="+s.UserKey) }, 400, 120, "Invalid API action"},
		{"wrong key", nil, upload("no such key", picture()), 400, 100, "Invalid API key."},
		{"wrong key of the right form", nil, upload("chv_abc_"+strings.Repeat("0", 64), picture()), 400, 100, "Invalid API key."},
		{"guest key while guests may not", map[string]string{"guest_api": "off"}, upload("guest", picture()), 400, 100, "Invalid API key."},
		{"uploads off", map[string]string{"uploads": "off"}, upload("user", picture()), 400, 401, "Request denied"},
		{"guests off", map[string]string{"guest_uploads": "off"}, upload("guest", picture()), 400, 401, "Request denied"},
		{"maintenance", map[string]string{"maintenance": "on"}, upload("user", picture()), 503, 503, ""},
		{"no source", nil, upload("user", field("title", "x")), 400, 130, "Empty upload source"},
		{"no form at all", nil, func(t *testing.T, s *site) answer {
			return s.do(t, s.request(t, http.MethodPost, "/api/1/upload", strings.NewReader(""), "X-API-Key", s.UserKey))
		}, 400, 130, "Empty upload source"},
		{"empty source", nil, upload("user", field("source", "")), 400, 130, "Empty source"},
		{"empty file", nil, upload("user", file("source", "a.jpg", []byte{})), 400, 130, "Empty source"},
		{"no base64", nil, upload("user", field("source", "!!!not-base64!!!")), 400, 120, "Invalid base64 string"},
		{"base64 of text", nil, upload("user", field("source", base64.StdEncoding.EncodeToString([]byte("just some text")))), 400, 610, "Can't get target upload source info"},
		{"URL while off", map[string]string{"url_upload": "off"}, upload("user", field("source", "http://example.org/a.jpg")), 400, 403, "URL uploading is disabled"},
		{"URL of a guest", map[string]string{"url_upload": "users"}, upload("guest", field("source", "http://example.org/a.jpg")), 400, 403, "URL uploading is disabled"},
		{"URL of a user where only admins may", map[string]string{"url_upload": "admins"}, upload("user", field("source", "http://example.org/a.jpg")), 400, 403, "URL uploading is disabled"},
		{"URL of a private address", nil, upload("user", field("source", "http://10.0.0.1/a.jpg")), 400, 400, ""},
		{"text", nil, upload("user", file("source", "a.jpg", []byte("this is no picture"))), 400, 610, "Can't get target upload source info"},
		{"TIFF", nil, sendSample("photo.tif"), 400, 613, "Unavailable image format"},
		{"format off", map[string]string{"upload_formats": "jpg,png"}, sendInput("still.gif"), 400, 614, "Disabled image format (gif)"},
		{"film off", map[string]string{"upload_formats": "jpg,png"}, sendInput("clip.mp4"), 400, 614, ""},
		{"too big", map[string]string{"upload_max_size": "50KB"}, sendInput("plain.jpg"), 400, 400, "File too big - max 50 KB"},
		{"too big as base64", map[string]string{"upload_max_size": "50KB"}, func(t *testing.T, s *site) answer {
			return s.upload(t, s.UserKey, field("source", base64.StdEncoding.EncodeToString(input(t, "plain.jpg"))))
		}, 400, 400, "File too big - max 50 KB"},
		{"too big for a guest", map[string]string{"upload_max_size_guest": "50KB"}, func(t *testing.T, s *site) answer {
			return s.upload(t, s.GuestKey, file("source", "a.jpg", input(t, "plain.jpg")))
		}, 400, 400, "File too big - max 50 KB"},
		{"film without pictures", nil, func(t *testing.T, s *site) answer {
			return s.upload(t, s.UserKey, file("source", "a.mp4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08moov")))
		}, 400, 100, "Invalid video file provided"},
		{"duplicate", nil, twice("dupe1.jpg"), 400, 101, "Duplicated upload"},
		{"wider than it is", nil, func(t *testing.T, s *site) answer {
			return s.upload(t, s.UserKey, file("source", "a.jpg", input(t, "plain.jpg")), field("width", "5000"))
		}, 400, 610, "Target width is greater than the original image width"},
		{"expiration no one can read", nil, uploadWith("expiration", "tomorrow"), 400, 100, ""},
		{"expiration too short", nil, uploadWith("expiration", "PT4M59S"), 400, 100, ""},
		{"expiration too long", nil, uploadWith("expiration", "P1Y1D"), 400, 100, ""},
		{"expiration in the past", nil, uploadWith("expiration", "-3600"), 400, 100, ""},
		{"stop word in the title", map[string]string{"stop_words": "cheap\\s+watches"}, uploadWith("title", "Cheap  WATCHES here"), 400, 400, "Stop words found"},
		{"stop word in a tag", map[string]string{"stop_words": "casino"}, uploadWith("tags", "one,casino"), 400, 400, "Stop words found"},
		{"flood", map[string]string{"flood_protection": "on", "flood_minute": "1", "on_duplicate": "allow"}, twice("plain.jpg"), 429, 130, "Flooding detected. You can only upload 1 files per minute"},
		{"too many pixels", nil, sendInput("bomb.png"), 400, 400, ""},
		{"truncated", nil, sendInput("truncated.jpg"), 400, 610, ""},
		{"corrupt", nil, sendInput("corrupt.jpg"), 400, 610, ""},
		{"SVG", nil, sendInput("pic.svg"), 400, 610, "Can't get target upload source info"},
		{"form that ends too early", nil, func(t *testing.T, s *site) answer {
			body, contentType := form(t, file("source", "p2.jpg", input(t, "p2.jpg")))
			r := s.request(t, http.MethodPost, "/api/1/upload", bytes.NewReader(body[:len(body)/2]), "Content-Type", contentType, "X-API-Key", s.UserKey)
			return s.do(t, r)
		}, 400, 601, ""},
		{"form without a boundary", nil, func(t *testing.T, s *site) answer {
			r := s.request(t, http.MethodPost, "/api/1/upload", strings.NewReader("x"), "Content-Type", "multipart/form-data", "X-API-Key", s.UserKey)
			return s.do(t, r)
		}, 400, 130, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, options{Settings: test.settings})
			before := s.leftovers(t)
			got := test.send(t, s)
			got.wantRefusal(t, test.status, test.code, test.message)
			if got.Header.Get("Content-Type") == "" || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
				t.Errorf("Content-Type %q", got.Header.Get("Content-Type"))
			}
			if test.status == http.StatusTooManyRequests && got.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			s.wantClean(t, before, got)
		})
	}
}

// TestRefusalsAsText: in the other formats an error is its message, with the
// status of an error.
func TestRefusalsAsText(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for _, format := range []string{"txt", "redirect"} {
		t.Run(format, func(t *testing.T) {
			got := s.upload(t, s.UserKey, file("source", "a.jpg", []byte("no picture")), field("format", format))
			if got.Status != http.StatusBadRequest || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" || strings.TrimSpace(string(got.Body)) != "Can't get target upload source info" {
				t.Errorf("%s", got)
			}
		})
	}
	for name, address := range map[string]string{
		"key in the query":  "/api/1/upload?format=txt&key=" + url.QueryEscape(s.UserKey),
		"slash and a query": "/api/1/upload/?format=txt&key=" + url.QueryEscape(s.UserKey),
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.get(t, address); got.Status != http.StatusBadRequest || strings.TrimSpace(string(got.Body)) != "Empty upload source" {
				t.Errorf("%s", got)
			}
		})
	}
}

// TestMethods: what is neither GET nor POST.
func TestMethods(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		t.Run(method, func(t *testing.T) {
			got := s.do(t, s.request(t, method, "/api/1/upload", nil, "X-API-Key", s.UserKey))
			if got.Status/100 != 4 || got.text("error.message") == "" {
				t.Errorf("%s", got)
			}
		})
	}
}

// picture is a small file that every site takes.
func picture() part { return part{name: "source", filename: "p2.jpg", mime: "image/jpeg"} }

// upload sends parts with the key of "user", "guest" or "admin", or with a key
// as it stands. A file without content becomes a small picture.
func upload(key string, parts ...part) func(*testing.T, *site) answer {
	return func(t *testing.T, s *site) answer {
		t.Helper()
		sent := make([]part, len(parts))
		for i, p := range parts {
			if p.mime != "" && p.content == nil {
				p.content = input(t, "p2.jpg")
			}
			sent[i] = p
		}
		switch key {
		case "user":
			key = s.UserKey
		case "guest":
			key = s.GuestKey
		case "admin":
			key = s.AdminKey
		}
		return s.upload(t, key, sent...)
	}
}

func uploadWith(name, value string) func(*testing.T, *site) answer {
	return upload("user", picture(), field(name, value))
}

func sendInput(name string) func(*testing.T, *site) answer {
	return func(t *testing.T, s *site) answer {
		t.Helper()
		return s.upload(t, s.UserKey, file("source", name, input(t, name)))
	}
}

func sendSample(name string) func(*testing.T, *site) answer {
	return func(t *testing.T, s *site) answer {
		t.Helper()
		return s.upload(t, s.UserKey, file("source", name, sample(t, name)))
	}
}

// twice uploads the same file twice; the first must succeed.
func twice(name string) func(*testing.T, *site) answer {
	return func(t *testing.T, s *site) answer {
		t.Helper()
		s.upload(t, s.UserKey, file("source", name, input(t, name))).wantUpload(t)
		return s.upload(t, s.UserKey, file("source", name, input(t, name)))
	}
}
