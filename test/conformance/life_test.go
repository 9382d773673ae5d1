package conformance_test

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestRawFiles: what browsers, players and caches rely on.
func TestRawFiles(t *testing.T) {
	t.Parallel()
	everywhere(t, options{}, func(t *testing.T, s *site) {
		content := input(t, "plain.jpg")
		a := s.upload(t, s.UserKey, file("source", "plain.jpg", content))
		a.wantUpload(t)
		address := a.text("image.url")
		whole := s.get(t, address)

		t.Run("headers", func(t *testing.T) {
			if whole.Status != http.StatusOK || !bytes.Equal(whole.Body, content) {
				t.Fatalf("%d, %d bytes", whole.Status, len(whole.Body))
			}
			for name, pattern := range map[string]string{
				"Content-Type": `^image/jpeg$`, "Content-Length": `^` + strconv.Itoa(len(content)) + `$`, "Accept-Ranges": `^bytes$`,
				"ETag": `^"[^"]+"$`, "Last-Modified": `GMT$`, "Cache-Control": `public.*max-age=\d{7,}.*immutable`,
				"X-Content-Type-Options": `^nosniff$`, "Content-Security-Policy": `sandbox`, "Cross-Origin-Resource-Policy": `^cross-origin$`,
				"Content-Disposition": `^inline`, "Set-Cookie": `^$`,
			} {
				if v := whole.Header.Get(name); !regexp.MustCompile(pattern).MatchString(v) {
					t.Errorf("%s: %q does not match %s", name, v, pattern)
				}
			}
		})
		t.Run("HEAD", func(t *testing.T) {
			head := s.do(t, s.request(t, http.MethodHead, address, nil))
			if head.Status != http.StatusOK || len(head.Body) != 0 || head.Header.Get("Content-Length") != strconv.Itoa(len(content)) || head.Header.Get("ETag") != whole.Header.Get("ETag") || head.Header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("%d %v", head.Status, head.Header)
			}
		})
		for name, test := range map[string]struct {
			header string
			status int
			want   []byte
			ranged string
		}{
			"the first bytes":  {"bytes=0-99", 206, content[:100], "bytes 0-99/" + strconv.Itoa(len(content))},
			"from the middle":  {"bytes=1000-", 206, content[1000:], ""},
			"the last bytes":   {"bytes=-10", 206, content[len(content)-10:], ""},
			"past the end":     {"bytes=" + strconv.Itoa(len(content)) + "-", 416, nil, "bytes */" + strconv.Itoa(len(content))},
			"more than it has": {"bytes=0-9999999", 206, content, ""},
			"nonsense":         {"lines=1-2", 416, nil, ""},
		} {
			t.Run("range "+name, func(t *testing.T) {
				part := s.get(t, address, "Range", test.header)
				if part.Status != test.status && !(name == "nonsense" && part.Status == http.StatusOK) {
					t.Fatalf("%d", part.Status)
				}
				if test.want != nil && !bytes.Equal(part.Body, test.want) {
					t.Errorf("%d bytes, want %d", len(part.Body), len(test.want))
				}
				if test.ranged != "" && part.Header.Get("Content-Range") != test.ranged {
					t.Errorf("Content-Range %q", part.Header.Get("Content-Range"))
				}
			})
		}
		t.Run("several ranges", func(t *testing.T) {
			if parts := s.get(t, address, "Range", "bytes=0-9,20-29"); parts.Status != http.StatusPartialContent && parts.Status != http.StatusOK {
				t.Errorf("%d", parts.Status)
			}
		})
		t.Run("only if changed", func(t *testing.T) {
			etag := whole.Header.Get("ETag")
			if same := s.get(t, address, "If-None-Match", etag); same.Status != http.StatusNotModified || len(same.Body) != 0 {
				t.Errorf("If-None-Match: %d", same.Status)
			}
			if same := s.get(t, address, "If-None-Match", `"other", W/`+etag); same.Status != http.StatusNotModified {
				t.Errorf("If-None-Match of several: %d", same.Status)
			}
			if other := s.get(t, address, "If-None-Match", `"other"`); other.Status != http.StatusOK {
				t.Errorf("If-None-Match of another: %d", other.Status)
			}
			if same := s.get(t, address, "If-Modified-Since", whole.Header.Get("Last-Modified")); same.Status != http.StatusNotModified {
				t.Errorf("If-Modified-Since: %d", same.Status)
			}
			if part := s.get(t, address, "Range", "bytes=0-9", "If-Range", `"other"`); part.Status != http.StatusOK {
				t.Errorf("If-Range of another: %d", part.Status)
			}
		})
		t.Run("variants have their own tags", func(t *testing.T) {
			thumb := s.get(t, a.text("image.thumb.url"))
			wantSafe(t, thumb)
			if thumb.Header.Get("ETag") == whole.Header.Get("ETag") {
				t.Error("the thumb has the original's ETag")
			}
		})
		t.Run("what is not there", func(t *testing.T) {
			folder := address[:strings.LastIndex(address, "/")]
			for _, path := range []string{folder + "/", folder + "/plain.png", folder + "/plain.fr.jpeg", folder + "/plain.th.png", folder + "/other.jpg", s.URL + "/images/", s.URL + "/images", s.URL + "/images/%2e%2e/vitrine.db", s.URL + "/images/..%2f..%2fvitrine.db", s.URL + "/images/.incoming/"} {
				got := s.get(t, path)
				if got.Status != http.StatusNotFound || got.Header.Get("ETag") != "" || strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
					t.Errorf("%s: %d %v", path, got.Status, got.Header)
				}
			}
		})
		t.Run("other methods", func(t *testing.T) {
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
				if got := s.do(t, s.request(t, method, address, nil)); got.Status != http.StatusMethodNotAllowed {
					t.Errorf("%s: %d", method, got.Status)
				}
			}
		})
	})
}

// TestDeleteLinks: asking by default, at once if the setting says so.
func TestDeleteLinks(t *testing.T) {
	t.Parallel()
	t.Run("confirm", func(t *testing.T) {
		t.Parallel()
		s := start(t, options{})
		a := s.upload(t, s.GuestKey, file("source", "p2.jpg", input(t, "p2.jpg")))
		if a.Status != http.StatusOK {
			a = s.upload(t, s.UserKey, file("source", "p2.jpg", input(t, "p2.jpg")))
		}
		a.wantUpload(t)
		link := a.text("image.delete_url")
		for range 2 { // as mail programs and chat bots do
			ask := s.get(t, link)
			if ask.Status != http.StatusOK || !strings.Contains(string(ask.Body), "<form") || ask.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(ask.Header.Get("X-Robots-Tag"), "noindex") {
				t.Fatalf("%s %v", ask, ask.Header)
			}
			s.do(t, s.request(t, http.MethodHead, link, nil))
		}
		if still := s.get(t, a.text("image.url")); still.Status != http.StatusOK {
			t.Fatalf("looking at the link deleted the file: %d", still.Status)
		}
		wrong := link[:len(link)-6] + "000000"
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if got := s.do(t, s.request(t, method, wrong, nil)); got.Status != http.StatusNotFound {
				t.Errorf("%s with a wrong token: %d", method, got.Status)
			}
			if got := s.do(t, s.request(t, method, strings.Replace(link, a.text("image.id_encoded"), "zzzzzzz", 1), nil)); got.Status != http.StatusNotFound {
				t.Errorf("%s of an unknown id: %d", method, got.Status)
			}
		}
		name := a.text("image.name")
		s.deleteFile(t, a)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if got := s.do(t, s.request(t, method, link, nil)); got.Status != http.StatusNotFound {
				t.Errorf("second use by %s: %d", method, got.Status)
			}
		}
		s.wantNoObjects(t, name)
	})
	t.Run("instant", func(t *testing.T) {
		t.Parallel()
		s := start(t, options{Settings: map[string]string{"delete_url_mode": "instant"}})
		a := s.upload(t, s.UserKey, file("source", "p3.jpg", input(t, "p3.jpg")))
		a.wantUpload(t)
		link := a.text("image.delete_url")
		s.do(t, s.request(t, http.MethodHead, link, nil))
		if still := s.get(t, a.text("image.url")); still.Status != http.StatusOK {
			t.Fatalf("HEAD deleted the file: %d", still.Status)
		}
		if wrong := s.get(t, link[:len(link)-6]+"000000"); wrong.Status != http.StatusNotFound {
			t.Errorf("wrong token: %d", wrong.Status)
		}
		if done := s.get(t, link); done.Status != http.StatusOK && done.Status/100 != 3 {
			t.Errorf("%s", done)
		}
		if after := s.get(t, a.text("image.url")); after.Status != http.StatusNotFound {
			t.Errorf("after it: %d", after.Status)
		}
		if again := s.get(t, link); again.Status != http.StatusNotFound {
			t.Errorf("second use: %d", again.Status)
		}
	})
}

// wantNoObjects waits until nothing of a name is left in the storage.
func (s *site) wantNoObjects(t *testing.T, name string) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	n := s.stored(t, name)
	for n > 0 && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
		n = s.stored(t, name)
	}
	if n > 0 {
		t.Errorf("%d objects of %s are left in the storage", n, name)
	}
}

// TestExpiry: served until its time, not a second longer, and then purged with
// all its objects.
func TestExpiry(t *testing.T) {
	t.Parallel()
	everywhere(t, options{}, func(t *testing.T, s *site) {
		a := s.upload(t, s.UserKey, file("source", "clip.mp4", input(t, "clip.mp4")), field("expiration", "PT5M"))
		a.wantUpload(t)
		const span = 3 * time.Second
		end := time.Now().Add(span)
		s.expireAt(t, a, end)
		addresses := []string{a.text("image.url"), a.text("image.thumb.url"), a.text("image.frame.url"), a.text("image.url_viewer")}
		for _, address := range addresses {
			if got := s.get(t, address); got.Status != http.StatusOK {
				t.Errorf("%s before its time: %d", address, got.Status)
			} else if strings.Contains(address, "/images/") {
				wantNotCachedPast(t, got, span)
			}
		}
		time.Sleep(time.Until(end.Add(50 * time.Millisecond)))
		for _, address := range addresses {
			if got := s.get(t, address); got.Status != http.StatusNotFound {
				t.Errorf("%s after its time: %d", address, got.Status)
			}
		}
		if _, err := s.App.Catalog.PurgeExpired(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.wantNoObjects(t, a.text("image.name"))
		if got := s.get(t, a.text("image.delete_url")); got.Status != http.StatusNotFound {
			t.Errorf("the delete link of a purged file: %d", got.Status)
		}
	})
}

var maxAge = regexp.MustCompile(`max-age=(\d+)`)

// wantNotCachedPast: no cache keeps a file longer than it lives.
func wantNotCachedPast(t *testing.T, a answer, span time.Duration) {
	t.Helper()
	control := a.Header.Get("Cache-Control")
	if m := maxAge.FindStringSubmatch(control); m != nil {
		if n, err := strconv.Atoi(m[1]); err != nil || time.Duration(n)*time.Second > span {
			t.Errorf("Cache-Control %q for a file that lives %s", control, span)
		}
	} else if !strings.Contains(control, "no-store") && !strings.Contains(control, "no-cache") {
		t.Errorf("Cache-Control %q for a file that lives %s", control, span)
	}
}

// TestExpirations: what the parameter accepts, and what becomes of it.
func TestExpirations(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"flood_protection": "off", "on_duplicate": "allow"}})
	for value, want := range map[string]time.Duration{
		"PT5M": 5 * time.Minute, "300": 5 * time.Minute, "3600": time.Hour, "PT1H": time.Hour, "PT90M": 90 * time.Minute, "P1D": 24 * time.Hour,
		"P1DT2H": 26 * time.Hour, "P1W": 7 * 24 * time.Hour, "P1W2D": 9 * 24 * time.Hour, "P3D": 3 * 24 * time.Hour,
	} {
		t.Run(value, func(t *testing.T) {
			a := s.upload(t, s.UserKey, file("source", "p4.jpg", input(t, "p4.jpg")), field("expiration", value))
			a.wantUpload(t)
			gmt, err1 := time.Parse(time.DateTime, a.text("image.date_gmt"))
			end, err2 := time.Parse(time.DateTime, a.text("image.expiration_date_gmt"))
			if err1 != nil || err2 != nil || end.Sub(gmt) < want-time.Second || end.Sub(gmt) > want+time.Second {
				t.Errorf("from %q to %q, want %s", a.text("image.date_gmt"), a.text("image.expiration_date_gmt"), want)
			}
		})
	}
	for _, value := range []string{"P1M", "P6M", "P1Y"} {
		t.Run(value, func(t *testing.T) {
			a := s.upload(t, s.UserKey, file("source", "p4.jpg", input(t, "p4.jpg")), field("expiration", value))
			a.wantUpload(t)
			if a.text("image.expiration_date_gmt") == "" {
				t.Error("no expiration")
			}
		})
	}
	for _, value := range []string{"tomorrow", "3D", "p3d", "P", "PT", "PT1.5H", "P-1D", "-300", "PT4M59S", "299", "P1Y1D", "P2Y", "31622401", "1e9", "P1H", "P1D1W", "99999999999999999999", "P99999999Y", "NaN", " PT5M"} {
		t.Run("not "+value, func(t *testing.T) {
			s.upload(t, s.UserKey, file("source", "p4.jpg", input(t, "p4.jpg")), field("expiration", value)).wantRefusal(t, http.StatusBadRequest, 100, "")
		})
	}
	for _, value := range []string{"", "0"} {
		t.Run("none "+value, func(t *testing.T) {
			a := s.upload(t, s.UserKey, file("source", "p4.jpg", input(t, "p4.jpg")), field("expiration", value))
			a.wantUpload(t)
			if v := a.at("image.expiration_date_gmt"); v != nil {
				t.Errorf("expiration %v", v)
			}
		})
	}
}

// TestPrivacy: what stands in a private album is hidden from strangers, in every
// form: page, original and variants.
func TestPrivacy(t *testing.T) {
	t.Parallel()
	everywhere(t, options{}, func(t *testing.T, s *site) {
		for privacy, seen := range map[string]bool{"public": true, "unlisted": true, "private": false} {
			t.Run(privacy, func(t *testing.T) {
				names := map[string]string{"public": "dupe1.jpg", "unlisted": "dupe2.jpg", "private": "dupe3.jpg"}
				album := s.albumOfUser(t, privacy)
				a := s.upload(t, s.UserKey, file("source", names[privacy], input(t, names[privacy])), field("album_id", album))
				a.wantUpload(t)
				if warning := a.Header.Get("Vitrine-Warning"); warning != "" {
					t.Errorf("Vitrine-Warning: %s", warning)
				}
				want := http.StatusNotFound
				if seen {
					want = http.StatusOK
				}
				for _, path := range []string{"image.url", "image.thumb.url", "image.medium.url", "image.url_viewer"} {
					got := s.get(t, a.text(path))
					if got.Status != want {
						t.Errorf("%s: %d, want %d", path, got.Status, want)
					}
					body := strings.ReplaceAll(string(got.Body), "next="+url.QueryEscape(strings.TrimPrefix(a.text(path), s.URL)), "") // what was asked for may be repeated
					if !seen && (strings.Contains(got.Header.Get("Cache-Control"), "public") || strings.Contains(body, a.text("image.title"))) {
						t.Errorf("%s: %v %s", path, got.Header, got.Body)
					}
				}
				// A short or wrong address must not tell the title of what is hidden.
				for _, address := range []string{a.text("image.url_short"), a.text("image.url_short") + "?x", strings.Replace(a.text("image.url_short"), "/image/", "/image/wrong-title.", 1), strings.Replace(a.text("image.url_short"), "/image/", "/video/", 1)} {
					got := s.get(t, address)
					if !seen && (got.Status != http.StatusNotFound || got.Header.Get("Location") != "") {
						t.Errorf("%s: %d to %q", address, got.Status, got.Header.Get("Location"))
					}
					if seen && got.Status != http.StatusOK && got.Status/100 != 3 {
						t.Errorf("%s: %d", address, got.Status)
					}
				}
			})
		}
		t.Run("album of another", func(t *testing.T) {
			album := s.albumOfUser(t, "private")
			for who, key := range map[string]string{"admin": s.AdminKey, "guest": s.GuestKey} {
				a := s.upload(t, key, file("source", "p2.jpg", input(t, map[string]string{"admin": "p2.jpg", "guest": "p3.jpg"}[who])), field("album_id", album))
				if who == "guest" && a.text("error.message") == "Invalid API key." {
					continue // guests are off here
				}
				a.wantUpload(t)
				if warning := a.Header.Get("Vitrine-Warning"); !strings.Contains(warning, "album_id") {
					t.Errorf("%s: Vitrine-Warning %q", who, warning)
				}
				if got := s.get(t, a.text("image.url")); got.Status != http.StatusOK {
					t.Errorf("%s: %d, so it went into the album", who, got.Status)
				}
			}
		})
	})
}
