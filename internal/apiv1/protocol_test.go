package apiv1_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestRefusals: the recorded errors, and the order of the checks.
func TestRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	small := picture(t, "small.jpg")
	big := strings.Repeat("x", 6_000_000)
	key := []string{"X-API-Key", h.user}
	wrong := []string{"X-API-Key", "chv_vo_0000"}
	for _, c := range []struct {
		name, method, path string
		body               func() (string, []byte)
		headers            []string
		status, code       int
		message            string
	}{
		{"no version", "GET", "/api", nil, nil, 400, 100, "No version provided"},
		{"no version, slash", "POST", "/api/", nil, nil, 400, 100, "No version provided"},
		{"no action", "GET", "/api/1", nil, key, 400, 100, "No action provided"},
		{"no action, slash and file", "POST", "/api/1/", parts("@source:a.jpg", small), nil, 400, 100, "No action provided"},
		{"no key before version", "GET", "/api/2/upload", nil, nil, 400, 100, "No key provided"},
		{"no key before action", "GET", "/api/1/delete", nil, nil, 400, 100, "No key provided"},
		{"version before key", "GET", "/api/2/upload?key=wrong", nil, nil, 400, 110, "Invalid API version."},
		{"key in the body, other version", "POST", "/api/2/upload", parts("@source:a.jpg", small, "key", h.user), nil, 400, 110, "Invalid API version."},
		{"key before action", "POST", "/api/1/delete", parts("key", "wrong"), nil, 400, 100, "Invalid API key."},
		{"other action", "POST", "/api/1/delete", parts("@source:a.jpg", small, "key", h.user), nil, 400, 120, "Invalid API action"},
		{"no key", "POST", "/api/1/upload", parts("@source:a.jpg", small), nil, 400, 100, "No key provided"},
		{"empty key", "POST", "/api/1/upload", parts("key", "", "@source:a.jpg", small), nil, 400, 100, "No key provided"},
		{"nothing", "GET", "/api/1/upload", nil, nil, 400, 100, "No key provided"},
		{"wrong key", "POST", "/api/1/upload", parts("@source:a.jpg", small), wrong, 400, 100, "Invalid API key."},
		{"header wins over the body", "POST", "/api/1/upload", parts("key", h.user, "@source:a.jpg", small), wrong, 400, 100, "Invalid API key."},
		{"body wins over the query", "POST", "/api/1/upload?key=" + h.user, parts("key", "wrong", "@source:a.jpg", small), nil, 400, 100, "Invalid API key."},
		{"wrong key and too big", "POST", "/api/1/upload", parts("@source:a.jpg", big, "key", "wrong"), nil, 400, 100, "Invalid API key."},
		{"no key and bad base64", "POST", "/api/1/upload", parts("source", "!!"), nil, 400, 100, "No key provided"},
		{"bearer is no key", "POST", "/api/1/upload", parts("@source:a.jpg", small), []string{"Authorization", "Bearer " + h.user}, 400, 100, "No key provided"},
		{"cookie is no key", "POST", "/api/1/upload", parts("@source:a.jpg", small), []string{"Cookie", "key=" + h.user}, 400, 100, "No key provided"},
		{"no source", "POST", "/api/1/upload", parts("title", "x"), key, 400, 130, "Empty upload source"},
		{"no source in a GET", "GET", "/api/1/upload/?key=" + h.user, nil, nil, 400, 130, "Empty upload source"},
		{"empty source", "POST", "/api/1/upload", parts("source", ""), key, 400, 130, "Empty source"},
		{"empty source in a query", "GET", "/api/1/upload?source=", nil, key, 400, 130, "Empty source"},
		{"empty file", "POST", "/api/1/upload", parts("@source:a.jpg", ""), key, 400, 130, "Empty source"},
		{"two files", "POST", "/api/1/upload", parts("@source[]:a.jpg", small, "@source[]:b.jpg", small), key, 400, 130, ""},
		{"no base64", "POST", "/api/1/upload", form("source", "!!!not-base64!!!"), key, 400, 120, "Invalid base64 string"},
		{"file URL", "POST", "/api/1/upload", form("source", "file:///etc/hostname"), key, 400, 120, "Invalid base64 string"},
		{"URL by a guest", "POST", "/api/1/upload", form("source", "http://example.org/a.jpg", "key", h.guest), nil, 400, 403, "URL uploading is disabled"},
		{"text", "POST", "/api/1/upload", parts("@source:a.jpg", "no picture"), key, 400, 610, "Can't get target upload source info"},
		{"too big for a guest", "POST", "/api/1/upload", parts("key", h.guest, "@source:a.jpg", big), nil, 400, 400, "File too big - max 5 MB"},
		{"too big for a guest, key last", "POST", "/api/1/upload", parts("@source:a.jpg", big, "key", h.guest), nil, 400, 400, "File too big - max 5 MB"},
		{"width below one", "POST", "/api/1/upload", parts("@source:a.jpg", small, "width", "-5"), key, 400, 1, ""},
		{"width beyond the original", "POST", "/api/1/upload", parts("@source:a.jpg", small, "width", "5000"), key, 400, 610, "Target width is greater than the original image width"},
		{"expiration", "POST", "/api/1/upload", parts("@source:a.jpg", small, "expiration", "tomorrow"), key, 400, 100, ""},
		{"source before expiration", "POST", "/api/1/upload", parts("expiration", "tomorrow"), key, 400, 130, "Empty upload source"},
		{"JSON body", "POST", "/api/1/upload", raw("application/json", `{"source":"aGVsbG8="}`), key, 400, 130, ""},
		{"PUT", "PUT", "/api/1/upload", raw("image/jpeg", small), key, 405, 405, ""},
		{"DELETE", "DELETE", "/api/1/upload", nil, key, 405, 405, ""},
		{"raw body", "POST", "/api/1/upload", raw("image/jpeg", small), key, 400, 130, "Empty upload source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := h.send(t, c.method, c.path, c.body, c.headers...)
			if a.status != c.status || a.json.StatusCode != c.status || a.json.Error == nil || a.json.Error.Code != c.code {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if m := a.json.Error.Message; m == "" || c.message != "" && m != c.message {
				t.Errorf("message %q", m)
			}
			wantHeaders(t, a)
			if got := a.header.Get("Content-Type"); got != "application/json; charset=UTF-8" {
				t.Errorf("Content-Type %q", got)
			}
			if c.status == 405 && a.header.Get("Allow") == "" {
				t.Error("no Allow")
			}
		})
	}
}

// TestUploads: every way to send a file and every form of answer.
func TestUploads(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	small := picture(t, "small.jpg")
	text := base64.StdEncoding.EncodeToString([]byte(small))
	if !strings.Contains(text, "+") {
		t.Fatal("the picture's base64 has no plus sign to be broken")
	}
	key := []string{"X-API-Key", h.user}
	for _, c := range []struct {
		name, method, path string
		body               func() (string, []byte)
		headers            []string
	}{
		{"file", "POST", "/api/1/upload", parts("@source:a.jpg", small), key},
		{"file, slash", "POST", "/api/1/upload/", parts("@source:a.jpg", small), key},
		{"file, key after it", "POST", "/api/1/upload", parts("@source:a.jpg", small, "key", h.user), nil},
		{"file, key in the query", "POST", "/api/1/upload?key=" + h.user, parts("@source:a.jpg", small), nil},
		{"file, key in the query behind a slash", "POST", "/api/1/upload/?key=" + h.user, parts("@source:a.jpg", small), nil},
		{"file, wrong key in the query", "POST", "/api/1/upload?key=wrong", parts("@source:a.jpg", small, "key", h.user), nil},
		{"file, key 0 in the body", "POST", "/api/1/upload?key=" + h.user, parts("key", "0", "@source:a.jpg", small), nil},
		{"file, guest", "POST", "/api/1/upload", parts("@source:a.jpg", small, "key", h.guest), nil},
		{"file, old parameters", "POST", "/api/1/upload", parts("key", h.user, "action", "upload", "login", "x", "password", "y", "@source:a.jpg", small), nil},
		{"file called a page", "POST", "/api/1/upload", parts("@source:a.html", small), key},
		{"base64 part", "POST", "/api/1/upload", parts("source", text), key},
		{"base64 part in lines", "POST", "/api/1/upload", parts("source", wrap(text, 76)), key},
		{"data URI", "POST", "/api/1/upload", parts("source", "data:image/jpeg;base64,"+text), key},
		{"base64 form", "POST", "/api/1/upload", form("source", text, "key", h.user), nil},
		{"base64 form, plus signs not escaped", "POST", "/api/1/upload", raw("application/x-www-form-urlencoded", "source="+text+"&key="+h.user), nil},
		{"data URI in a form, not escaped", "POST", "/api/1/upload", raw("application/x-www-form-urlencoded", "key="+h.user+"&source=data:image/jpeg;base64,"+text), nil},
		{"base64 in a GET", "GET", "/api/1/upload?key=" + h.user + "&source=" + url.QueryEscape(text), nil, nil},
		{"base64 in a GET, not escaped", "GET", "/api/1/upload/?source=" + text + "&key=" + h.user, nil, nil},
		{"base64 in the query of a POST", "POST", "/api/1/upload?source=" + url.QueryEscape(text), nil, key},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := h.send(t, c.method, c.path, c.body, c.headers...)
			wantHeaders(t, a)
			if a.status != http.StatusOK || a.json.StatusCode != http.StatusOK || a.json.StatusText != "OK" || *a.json.Success != (refusal{"file uploaded", 200}) {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if a.json.Image["extension"] == nil || a.json.Image["width"] != 64.0 || a.json.Data != nil || a.header.Get("Vitrine-Warning") != "" {
				t.Errorf("%s, warning %q", a.body, a.header.Get("Vitrine-Warning"))
			}
		})
	}
}

func TestImgBB(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	small := picture(t, "small.jpg")
	for name, body := range map[string]func() (string, []byte){
		"file": parts("@image:a.jpg", small, "name", "N"),
		"text": form("image", base64.StdEncoding.EncodeToString([]byte(small)), "name", "N"),
	} {
		t.Run(name, func(t *testing.T) {
			a := h.send(t, "POST", "/api/1/upload?key="+h.user, body)
			d := a.json.Data
			if a.status != 200 || a.json.Status != 200 || a.json.Success == nil || a.json.Image != nil || d == nil {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if d["id"] != d["id_encoded"] || d["title"] != "N" || d["url"] == nil || d["delete_url"] == nil || !strings.Contains(a.body, `,"id":"`) {
				t.Errorf("%s", a.body)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	small := picture(t, "small.jpg")
	for _, c := range []struct {
		name, warning string
		fields        []string
		want          map[string]any
	}{
		{"title", "", []string{"title", "My <b>title</b> & more"}, map[string]any{"title": "My <b>title</b> & more", "title_truncated_html": "My &lt;b&gt;title&lt;/b&gt; &amp; more"}},
		{"name", "", []string{"name", "N"}, map[string]any{"title": "N"}},
		{"title before name", "", []string{"name", "N", "title", "T"}, map[string]any{"title": "T"}},
		{"title 0 is none", "", []string{"title", "0"}, map[string]any{"title": "a"}},
		{"description", "", []string{"description", "one\ntwo"}, map[string]any{"description": "one\ntwo"}},
		{"nsfw", "", []string{"nsfw", "1"}, map[string]any{"nsfw": 1.0}},
		{"nsfw yes", "", []string{"nsfw", "yes"}, map[string]any{"nsfw": 0.0}},
		{"nsfw 1.0", "", []string{"nsfw", " 1.0"}, map[string]any{"nsfw": 1.0}},
		{"width", "", []string{"width", "32"}, map[string]any{"width": 32.0, "height": 24.0}},
		{"width that is none", "width", []string{"width", "wide"}, map[string]any{"width": 64.0}},
		{"width 0", "", []string{"width", "0"}, map[string]any{"width": 64.0}},
		{"unknown album", "album_id", []string{"album_id", "zzzz"}, map[string]any{"width": 64.0}},
		{"unknown category and format", "format, category_id", []string{"category_id", "999", "format", "xml"}, map[string]any{"category_id": nil}},
		{"tags", "", []string{"tags", "one, two,one"}, map[string]any{"tags_string": "one, two"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := h.post(t, parts(append(c.fields, "@source:a.jpg", small)...), "X-API-Key", h.user)
			if a.status != 200 {
				t.Fatalf("%d %s", a.status, a.body)
			}
			for k, want := range c.want {
				if a.json.Image[k] != want {
					t.Errorf("%s is %v, want %v", k, a.json.Image[k], want)
				}
			}
			warning := strings.TrimPrefix(a.header.Get("Vitrine-Warning"), "ignored: ")
			if warning != c.warning {
				t.Errorf("warning %q", warning)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	small := picture(t, "small.jpg")
	key := []string{"X-API-Key", h.user}
	a := h.post(t, parts("@source:a.jpg", small, "format", "txt"), key...)
	if a.status != 200 || a.header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.HasPrefix(a.body, "https://pics.example.org/g/images/20") || strings.HasSuffix(a.body, "\n") {
		t.Errorf("txt: %d %q", a.status, a.body)
	}
	a = h.send(t, "POST", "/api/1/upload?format=redirect", parts("@source:a.jpg", small, "title", "A title"), key...)
	if a.status != 302 || !strings.HasPrefix(a.header.Get("Location"), "/g/image/A-title.") || a.body != "" {
		t.Errorf("redirect: %d %q %v", a.status, a.body, a.header)
	}
	for _, format := range []string{"txt", "redirect", "TXT"} {
		for name, c := range map[string]struct {
			body    func() (string, []byte)
			headers []string
			want    string
		}{
			"no key":    {parts("@source:a.jpg", small, "format", format), nil, "No key provided"},
			"wrong key": {parts("@source:a.jpg", small, "format", format), []string{"X-API-Key", "wrong"}, "Invalid API key."},
			"text":      {parts("@source:a.jpg", "no picture", "format", format), key, "Can't get target upload source info"},
			"too big":   {parts("@source:a.jpg", strings.Repeat("x", 21e6), "format", format), key, "File too big - max 20 MB"},
		} {
			a := h.post(t, c.body, c.headers...)
			if a.status != 400 || a.body != c.want || a.header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s as %s: %d %q", name, format, a.status, a.body)
			}
		}
	}
	t.Run("language", func(t *testing.T) {
		for accept, want := range map[string]string{"": "views", "ja": "回閲覧", "de": "views", "ru-RU,en;q=0.5": "просмотров"} {
			a := h.post(t, parts("@source:a.jpg", small), "X-API-Key", h.user, "Accept-Language", accept)
			if a.json.Image["views_label"] != want {
				t.Errorf("%q: %v", accept, a.json.Image["views_label"])
			}
		}
	})
}

func TestCORS(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, path := range []string{"/api/1/upload", "/api/1/upload/"} {
		a := h.send(t, "OPTIONS", path, nil, "Origin", "https://example.com", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-api-key")
		wantHeaders(t, a)
		allowed := strings.ToLower(a.header.Get("Access-Control-Allow-Headers"))
		if a.status != 204 || a.body != "" || !strings.Contains(allowed, "x-api-key") || !strings.Contains(allowed, "content-type") || !strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "POST") {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
	if a := h.send(t, "HEAD", "/api/1/upload", nil); a.status != 400 || a.body != "" || a.header.Get("Content-Type") != "application/json; charset=UTF-8" {
		t.Errorf("HEAD: %d %v", a.status, a.header)
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	small := picture(t, "small.jpg")
	for _, c := range []struct {
		name         string
		pins         map[string]string
		status, code int
		message      string
	}{
		{"maintenance", map[string]string{"maintenance": "on"}, 503, 503, ""},
		{"uploads off", map[string]string{"uploads": "off"}, 400, 401, "Request denied"},
		{"flood", map[string]string{"flood_protection": "on", "flood_minute": "1"}, 429, 130, "Flooding detected. You can only upload 1 files per minute"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, c.pins)
			h.post(t, parts("@source:a.jpg", small), "X-API-Key", h.user)
			a := h.post(t, parts("@source:a.jpg", small), "X-API-Key", h.user)
			if a.status != c.status || a.json.Error == nil || a.json.Error.Code != c.code || c.message != "" && a.json.Error.Message != c.message {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if (a.header.Get("Retry-After") != "") != (c.status != 400) {
				t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
			}
			if c.name != "flood" {
				if a := h.post(t, parts("@source:a.jpg", small), "X-API-Key", h.admin); a.status != 200 {
					t.Errorf("admin: %d %s", a.status, a.body)
				}
			}
		})
	}
}

func TestInternalErrors(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	must(t, h.db.Close())
	a := h.post(t, parts("@source:a.jpg", picture(t, "small.jpg")), "X-API-Key", h.user)
	id := a.header.Get("X-Request-Id")
	if a.status != 500 || a.json.Error == nil || a.json.Error.Code != 500 || id == "" || !strings.Contains(a.body, id) || strings.Contains(a.body, "sql") || strings.Contains(a.body, "closed") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// wantHeaders checks what every answer has.
func wantHeaders(t *testing.T, a answer) {
	t.Helper()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "", "Cache-Control": "no-store, no-cache, must-revalidate",
		"Pragma": "no-cache", "Expires": "0", "Set-Cookie": "", "X-Content-Type-Options": "nosniff", "Location": "",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// form makes an urlencoded body of pairs.
func form(pairs ...string) func() (string, []byte) {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return raw("application/x-www-form-urlencoded", v.Encode())
}
