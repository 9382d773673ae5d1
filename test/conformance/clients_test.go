package conformance_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCurl makes the calls of the API page with the real curl.
func TestCurl(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	folder := "testdata/golden/inputs"
	documented := func(file string, more ...string) []string {
		args := []string{"--fail-with-body", "-X", "POST", "-H", "X-API-Key: " + s.UserKey, "-H", "Content-Type: multipart/form-data", "-F", "source=@" + file}
		return append(append(args, more...), s.URL+"/api/1/upload")
	}
	t.Run("json", func(t *testing.T) {
		a, exit := curl(t, folder, documented("p2.jpg")...)
		a.wantUpload(t)
		if exit != 0 || a.Header.Get("Content-Type") != "application/json; charset=utf-8" && a.Header.Get("Content-Type") != "application/json; charset=UTF-8" {
			t.Errorf("exit %d, %s", exit, a)
		}
	})
	t.Run("txt", func(t *testing.T) {
		a, exit := curl(t, folder, documented("p3.jpg", "-F", "format=txt")...)
		if exit != 0 || a.Status != http.StatusOK || !strings.HasPrefix(string(a.Body), s.URL+"/images/") || strings.ContainsAny(string(a.Body), "\n ") {
			t.Errorf("exit %d, %s", exit, a)
		}
	})
	t.Run("redirect", func(t *testing.T) {
		a, exit := curl(t, folder, documented("p4.jpg", "-F", "format=redirect")...)
		if exit != 0 || a.Status != http.StatusFound || !strings.HasPrefix(a.Header.Get("Location"), "/image/") {
			t.Errorf("exit %d, %s, to %q", exit, a, a.Header.Get("Location"))
		}
	})
	t.Run("redirect, followed", func(t *testing.T) {
		a, exit := curl(t, folder, "-L", "-H", "X-API-Key: "+s.UserKey, "-F", "source=@p6.jpg", "-F", "format=redirect", s.URL+"/api/1/upload")
		if exit != 0 || a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("exit %d, %s", exit, a)
		}
	})
	for _, format := range []string{"json", "txt", "redirect"} {
		t.Run("an error in "+format, func(t *testing.T) {
			a, exit := curl(t, folder, documented("fake.jpg", "-F", "format="+format)...)
			if exit != 22 || a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), "Can't get target upload source info") {
				t.Errorf("exit %d, %s", exit, a)
			}
		})
	}
	t.Run("a film", func(t *testing.T) {
		a, exit := curl(t, folder, documented("clip.mp4", "-F", "title=A film", "-F", "tags=one, two", "-F", "nsfw=1", "-F", "expiration=P3D")...)
		a.wantUpload(t)
		if exit != 0 || a.number("image.chain") != 21 || a.text("image.title") != "A film" || a.text("image.tags_string") != "one, two" || a.number("image.nsfw") != 1 {
			t.Errorf("exit %d, %s", exit, a)
		}
	})
	t.Run("expecting 100 Continue", func(t *testing.T) {
		a, exit := curl(t, folder, documented("dupe1.jpg", "-H", "Expect: 100-continue")...)
		if a.wantUpload(t); exit != 0 {
			t.Errorf("exit %d", exit)
		}
	})
	t.Run("chunked", func(t *testing.T) {
		a, exit := curl(t, folder, documented("dupe2.jpg", "-H", "Transfer-Encoding: chunked")...)
		if a.wantUpload(t); exit != 0 {
			t.Errorf("exit %d", exit)
		}
	})
}

// node runs one of the scripts in clients, which are real programs from npm.
func node(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Dir = "clients"
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Logf("node %v: %s", args[0], stderr.String())
	}
	return string(out), err
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func inputPath(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata/golden/inputs", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImgbbUploader(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	t.Run("a file", func(t *testing.T) {
		out, err := node(t, "imgbb.js", asJSON(t, map[string]any{
			"apiKey": s.UserKey, "cheveretoHost": s.URL, "imagePath": inputPath(t, "plain.jpg"),
			"customPayload": map[string]any{"nsfw": 1, "expiration": 3600, "title": "From imgbb-uploader"},
		}))
		if err != nil {
			t.Fatal(err)
		}
		a := newAnswer(200, nil, []byte(out))
		a.wantUpload(t)
		if a.number("image.nsfw") != 1 || a.text("image.title") != "From imgbb-uploader" || a.text("image.expiration_date_gmt") == "" || a.number("image.size") != float64(len(input(t, "plain.jpg"))) {
			t.Errorf("%s", a)
		}
	})
	t.Run("an error", func(t *testing.T) {
		if out, err := node(t, "imgbb.js", asJSON(t, map[string]any{"apiKey": "wrong", "cheveretoHost": s.URL, "imagePath": inputPath(t, "p2.jpg")})); err == nil {
			t.Errorf("no error: %s", out)
		}
	})
}

func TestPicGo(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for name, settings := range map[string]map[string]string{
		"key in a header":  {"customHeader": asJSON(t, map[string]string{"X-API-Key": s.UserKey}), "customBody": `{"title":"From PicGo"}`},
		"key in the body":  {"customBody": asJSON(t, map[string]string{"key": s.UserKey, "nsfw": "1"})},
		"key in the query": {"url": s.URL + "/api/1/upload?key=" + url.QueryEscape(s.UserKey)},
	} {
		t.Run(name, func(t *testing.T) {
			if settings["url"] == "" {
				settings["url"] = s.URL + "/api/1/upload"
			}
			settings["paramName"], settings["jsonPath"] = "source", "image.url"
			files := map[string][]string{"key in a header": {"plain.jpg", "anim.gif"}, "key in the body": {"tiny.png"}, "key in the query": {"still.gif"}}[name]
			args := []string{"picgo.js", t.TempDir(), asJSON(t, settings)}
			for _, f := range files {
				args = append(args, inputPath(t, f))
			}
			out, err := node(t, args...)
			if err != nil {
				t.Fatal(err)
			}
			var addresses []string
			if err := json.Unmarshal([]byte(out), &addresses); err != nil || len(addresses) != len(files) {
				t.Fatalf("%q: %v", out, err)
			}
			for i, address := range addresses {
				if raw := s.get(t, address); raw.Status != http.StatusOK || !bytes.Equal(raw.Body, input(t, files[i])) {
					t.Errorf("%s: %d, %d bytes", address, raw.Status, len(raw.Body))
				}
			}
		})
	}
}

// TestShareX does what a custom uploader of ShareX does: file form "source", and
// the answer read by JSON paths.
func TestShareX(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	paths := map[string]string{
		"URL": "image.url", "ThumbnailURL": "image.thumb.url", "DeletionURL": "image.delete_url", "viewer": "image.url_viewer",
		// The built-in destination reads these, without regard to case.
		"Image.URL": "image.url", "Image.URL_Viewer": "image.url_viewer", "Image.Thumb.URL": "image.thumb.url",
	}
	a := s.upload(t, "", field("key", s.UserKey), field("format", "json"), file("source", "shot.png", input(t, "tiny.png")))
	a.wantUpload(t)
	for name, path := range paths {
		address := a.text(path)
		if u, err := url.Parse(address); err != nil || !u.IsAbs() || u.Host == "" {
			t.Errorf("%s is no address: %q", name, address)
		} else if page := s.get(t, address); page.Status != http.StatusOK {
			t.Errorf("%s: %d", name, page.Status)
		}
	}
	wrong := s.upload(t, "", field("key", "wrong"), field("format", "json"), file("source", "shot.png", input(t, "tiny.png")))
	if wrong.text("error.message") != "Invalid API key." {
		t.Errorf("error.message = %q", wrong.text("error.message"))
	}
	redirect := s.upload(t, s.UserKey, field("format", "redirect"), file("source", "shot.png", input(t, "still.gif")))
	location, err := url.Parse(redirect.Header.Get("Location"))
	if err != nil || redirect.Status != http.StatusFound || location.Path == "" {
		t.Errorf("redirect: %s to %q", redirect, redirect.Header.Get("Location"))
	}
}

// TestObsidian does what plugins in a browser do: a preflight because of the
// header, then fetch from another origin.
func TestObsidian(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	for _, address := range []string{"/api/1/upload", "/api/1/upload/", "/api/1/upload?format=json"} {
		t.Run("preflight "+address, func(t *testing.T) {
			a := s.do(t, s.request(t, http.MethodOptions, address, nil, "Origin", "app://obsidian.md",
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-api-key,content-type"))
			allowed := strings.ToLower(a.Header.Get("Access-Control-Allow-Headers"))
			if a.Status != http.StatusNoContent || a.Header.Get("Access-Control-Allow-Origin") != "*" ||
				!strings.Contains(allowed, "x-api-key") || !strings.Contains(allowed, "content-type") ||
				!strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "POST") || a.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %v", a, a.Header)
			}
		})
	}
	t.Run("fetch", func(t *testing.T) {
		r := s.postForm(t, url.Values{"key": {s.UserKey}, "source": {base64.StdEncoding.EncodeToString(input(t, "plain.jpg"))}})
		r.Header.Set("Origin", "app://obsidian.md")
		a := s.do(t, r)
		a.wantUpload(t)
		if a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("headers %v", a.Header)
		}
	})
	t.Run("an error can be read too", func(t *testing.T) {
		r := s.postForm(t, url.Values{"key": {"wrong"}, "source": {"x"}})
		r.Header.Set("Origin", "app://obsidian.md")
		a := s.do(t, r)
		a.wantRefusal(t, 400, 100, "Invalid API key.")
		if a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("headers %v", a.Header)
		}
	})
}

// TestUpgit does what upgit does: base64 as a string part, the key in the query
// and in the body, and no patience for redirects.
func TestUpgit(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	body, contentType := form(t,
		field("source", base64.StdEncoding.EncodeToString(input(t, "plain.jpg"))), field("key", s.UserKey), field("format", "json"), field("action", "upload"))
	a := s.do(t, s.request(t, http.MethodPost, "/api/1/upload?key="+url.QueryEscape(s.UserKey), bytes.NewReader(body), "Content-Type", contentType))
	a.wantUpload(t)
	if raw := s.get(t, a.text("image.url")); !bytes.Equal(raw.Body, input(t, "plain.jpg")) {
		t.Errorf("%d, %d bytes", raw.Status, len(raw.Body))
	}
}

// TestImgBB is the other dialect: image instead of source, data instead of image.
func TestImgBB(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	check := func(t *testing.T, a answer, title string) {
		t.Helper()
		if a.Status != http.StatusOK || a.number("status") != 200 || a.text("data.url") == "" || a.text("data.id") != a.text("data.id_encoded") ||
			a.text("data.display_url") == "" || a.text("data.delete_url") == "" || a.text("data.thumb.url") == "" || a.at("image") != nil || a.at("success") == nil {
			t.Errorf("%s", a)
		}
		if title != "" && a.text("data.title") != title {
			t.Errorf("title %q, want %q", a.text("data.title"), title)
		}
	}
	t.Run("base64", func(t *testing.T) {
		body, contentType := form(t, field("image", base64.StdEncoding.EncodeToString(input(t, "plain.jpg"))), field("name", "Named"), field("expiration", "600"))
		a := s.do(t, s.request(t, http.MethodPost, "/api/1/upload?key="+url.QueryEscape(s.UserKey), bytes.NewReader(body), "Content-Type", contentType))
		check(t, a, "Named")
		if a.text("data.expiration_date_gmt") == "" {
			t.Error("no expiration")
		}
	})
	t.Run("file", func(t *testing.T) {
		check(t, s.upload(t, "", field("key", s.UserKey), file("image", "dupe1.jpg", input(t, "dupe1.jpg"))), "dupe1")
	})
}
