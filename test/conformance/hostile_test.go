package conformance_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestHostileFilesAreRefused: each gets a clear error, leaves nothing behind,
// and the server goes on.
func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"flood_protection": "off", "upload_max_size": "40MB"}})
	playlist := "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
	tests := []struct {
		name     string // of the file too
		content  []byte
		code     int
		messages string // pattern; empty: any
	}{
		{"bomb-30000x30000.png", input(t, "bomb.png"), 400, "^Too many pixels"},
		{"bomb-12000x9000.png", input(t, "bomb2.png"), 400, "^Too many pixels"},
		{"bomb-claimed.png", pngHeader(1<<31-1, 1<<31-1), 0, ""},
		{"bomb-no-pixels.png", pngHeader(5000, 5000), 610, ""},
		{"bomb-frames.gif", gifFrames(t, 2000, 2000, 130), 400, "^Too many pixels"},
		{"truncated.jpg", input(t, "truncated.jpg"), 610, ""},
		{"truncated.png", noise(t, 300, 300)[:40_000], 610, ""},
		{"truncated.gif", input(t, "still.gif")[:1500], 610, ""},
		{"truncated.webp", sample(t, "photo.webp")[:5000], 610, ""},
		{"truncated.avif", input(t, "photo.avif")[:6000], 610, ""},
		{"truncated.heic", sample(t, "photo.heic")[:9000], 610, ""},
		{"truncated.bmp", input(t, "photo.bmp")[:40_000], 610, ""},
		{"truncated.mp4", input(t, "clip.mp4")[:9000], 0, ""},
		{"truncated.webm", sample(t, "clip.webm")[:300], 0, ""},
		{"header-only.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), 610, ""},
		{"header-only.gif", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), 610, ""},
		{"empty.jpg", []byte{}, 130, ""},
		{"one-byte.jpg", []byte{0xff}, 610, ""},
		{"zeros.png", make([]byte, 100_000), 610, ""},
		{"page.jpg", []byte("<!doctype html><script>alert(1)</script>"), 610, ""},
		{"page.html", []byte("<!doctype html><script>alert(1)</script>"), 610, ""},
		{"picture.svg", input(t, "pic.svg"), 610, ""},
		{"picture-in-disguise.png", input(t, "pic.svg"), 610, ""},
		{"paper.pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"), 610, ""},
		{"photo.tif", sample(t, "photo.tif"), 613, ""},
		{"program.png", []byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 200)), 610, ""},
		{"shell.gif", []byte("#!/bin/sh\necho GIF89a"), 610, ""},
		{"script.php.jpg", []byte("<?php system($_GET['c']); ?>"), 610, ""},
		{"archive.jpg", zipped(t), 610, ""},
		{"playlist.mp4", []byte(playlist), 610, ""},
		{"concat.mp4", []byte("ffconcat version 1.0\nfile /etc/passwd\n"), 610, ""},
		{"playlist-inside.mp4", slices.Concat([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"), []byte(playlist)), 0, ""},
		{"playlist-inside.webm", slices.Concat([]byte("\x1a\x45\xdf\xa3"), []byte(playlist)), 0, ""},
		{"matrix.mat", []byte("3 3\n1 2 3\n4 5 6\n7 8 9\n"), 610, ""},
		{"ppm.jpg", []byte("P6\n2 2\n255\n" + strings.Repeat("\x00", 12)), 610, ""},
		{"msl.jpg", []byte(`<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="/tmp/x"/></image>`), 610, ""},
		{"push graphic-context.mvg", []byte("push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x'\npop graphic-context"), 610, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := s.leftovers(t)
			for _, mime := range []string{"application/octet-stream", "image/jpeg", "video/mp4"} {
				got := s.upload(t, s.UserKey, part{name: "source", filename: test.name, mime: mime, content: test.content})
				code := test.code
				if code == 0 {
					code = int(got.number("error.code"))
				}
				got.wantRefusal(t, http.StatusBadRequest, code, "")
				if !regexp.MustCompile(test.messages).MatchString(got.text("error.message")) {
					t.Errorf("error.message = %q, want %s", got.text("error.message"), test.messages)
				}
				s.wantClean(t, before, got)
			}
		})
	}
	s.upload(t, s.UserKey, file("source", "plain.jpg", input(t, "plain.jpg"))).wantUpload(t)
}

// TestHostileFilesAreCleaned: these are pictures and something else as well.
// The something else does not come out again.
func TestHostileFilesAreCleaned(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"flood_protection": "off", "on_duplicate": "allow"}})
	archive := zipped(t)
	page := []byte("<html><script>alert(document.domain)</script></html>")
	tests := []struct {
		name, as  string // as: file name it is sent under
		content   []byte
		extension string
		forbidden []byte
	}{
		{"JPEG and archive", "a.jpg", slices.Concat(input(t, "plain.jpg"), archive), "jpg", []byte("PAYLOAD-IN-THE-ARCHIVE")},
		{"JPEG and page", "a.html", slices.Concat(input(t, "plain.jpg"), page), "jpeg", page},
		{"PNG and archive", "a.jar", slices.Concat(input(t, "tiny.png"), archive), "png", []byte("PAYLOAD-IN-THE-ARCHIVE")},
		{"PNG and page", "a.htm", slices.Concat(input(t, "tiny.png"), page), "png", page},
		{"GIF and page", "a.gif", slices.Concat(input(t, "still.gif"), page), "gif", page},
		{"WebP and page", "a.webp", slices.Concat(sample(t, "photo.webp"), page), "webp", page},
		{"PNG called a JPEG", "a.jpg", input(t, "tiny.png"), "png", nil},
		{"JPEG called a page", "index.html", input(t, "dupe1.jpg"), "jpeg", nil},
		{"JPEG called a program", "shell.php", input(t, "dupe2.jpg"), "jpeg", nil},
		{"GIF called a film", "a.mp4", input(t, "anim.gif"), "gif", nil},
		{"film called a picture", "a.jpg", input(t, "clip.mp4"), "mp4", nil},
	}
	for _, test := range tests {
		for _, mime := range []string{"text/html", "image/svg+xml", "application/x-php"} {
			t.Run(test.name+" as "+mime, func(t *testing.T) {
				a := s.upload(t, s.UserKey, part{name: "source", filename: test.as, mime: mime, content: test.content})
				a.wantUpload(t)
				if got := a.text("image.extension"); got != test.extension {
					t.Errorf("extension %q, want %q", got, test.extension)
				}
				for _, path := range []string{"image.url", "image.thumb.url", "image.medium.url", "image.frame.url"} {
					address := a.text(path)
					if address == "" {
						continue
					}
					raw := s.get(t, address)
					wantSafe(t, raw)
					if test.forbidden != nil && bytes.Contains(raw.Body, test.forbidden) {
						t.Errorf("%s still holds %q", path, test.forbidden)
					}
				}
			})
		}
	}
	t.Run("GIF that is a script", func(t *testing.T) {
		a := s.upload(t, s.UserKey, file("source", "a.js", gifScript(t)))
		if a.Status != http.StatusOK {
			a.wantRefusal(t, http.StatusBadRequest, int(a.number("error.code")), "")
			return
		}
		raw := s.get(t, a.text("image.url"))
		wantSafe(t, raw)
		if raw.Header.Get("Content-Type") != "image/gif" {
			t.Errorf("Content-Type %q", raw.Header.Get("Content-Type"))
		}
	})
	t.Run("much metadata", func(t *testing.T) {
		for name, content := range map[string][]byte{
			"segments.jpg": withJPEGSegments(input(t, "plain.jpg"), 100),
			"text.png":     withPNGText(t, input(t, "tiny.png"), 500),
		} {
			a := s.upload(t, s.UserKey, file("source", name, content))
			if a.Status != http.StatusOK {
				a.wantRefusal(t, http.StatusBadRequest, int(a.number("error.code")), "")
				continue
			}
			if len(a.text("image.original_exifdata")) > 100_000 || len(a.text("image.title")) > 400 || len(a.text("image.description")) > 65_535 {
				t.Errorf("%s: the answer is full of it: %d bytes", name, len(a.Body))
			}
			if thumb := s.get(t, a.text("image.thumb.url")); len(thumb.Body) > 200_000 {
				t.Errorf("%s: so is the thumb: %d bytes", name, len(thumb.Body))
			}
		}
	})
}

// wantSafe checks what keeps a raw file from being anything but that file.
func wantSafe(t *testing.T, raw answer) {
	t.Helper()
	if raw.Status != http.StatusOK {
		t.Fatalf("%s", raw)
	}
	if v := raw.Header.Get("X-Content-Type-Options"); v != "nosniff" {
		t.Errorf("X-Content-Type-Options %q", v)
	}
	if v := raw.Header.Get("Content-Security-Policy"); !strings.Contains(v, "sandbox") || !strings.Contains(v, "default-src 'none'") {
		t.Errorf("Content-Security-Policy %q", v)
	}
	if v := raw.Header.Get("Content-Type"); !strings.HasPrefix(v, "image/") && !strings.HasPrefix(v, "video/") || strings.Contains(v, "svg") {
		t.Errorf("Content-Type %q", v)
	}
}

var safePath = regexp.MustCompile(`^/images/\d{4}/\d\d/\d\d/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,219}\.(?:png|jpe?g)$`)

// TestHostileNames: whatever a file is called, its address is harmless.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"flood_protection": "off", "on_duplicate": "allow"}})
	for i, name := range []string{
		"../../../../etc/passwd.png", `..\..\..\windows\system32\a.png`, "/etc/passwd", "....//....//a.png", "%2e%2e%2f%2e%2e%2fa.png",
		"a\x00.php.png", "a.png\x00.exe", "CON", "con.png", "NUL.png", "aux", "COM1.png", ".htaccess", "...", ".", "..", "", " ", "-rf.png", "--help",
		strings.Repeat("a", 5000) + ".png", strings.Repeat("ü", 300) + ".png", "\u202egnp.exe", "a\u202egnp.js.png", "a\u200b\u200db.png",
		"<script>alert(1)</script>.png", `"><img src=x onerror=alert(1)>.png`, "a'b\"c;d`e$(f).png", "a;rm -rf /.png", "a|b&c>d<e.png", "a?b=c#d.png",
		"名前.png", "naïve ünïcode — 名前.png", "Ελληνικά.png", "Кириллица.png", "x.th.png", "x.md.png", "x.fr.jpeg", "x.th.md.th.png", "x.php.png", "x.png.html",
		"a\r\nX-Injected: yes.png", "a\tb.png", "a%0d%0aX-Injected: yes.png", "\xff\xfe\xfd.png", "~root.png", "${jndi:ldap://x}.png", "{{7*7}}.png", "%s%n%x.png",
	} {
		t.Run(fmt.Sprintf("%d %.20q", i, name), func(t *testing.T) {
			a := s.upload(t, s.UserKey, file("source", name, input(t, "tiny.png")))
			if strings.Contains(name, "\x00") && a.Status == http.StatusBadRequest {
				// No such thing may stand in a header, and the refusal says so.
				if !strings.Contains(a.text("error.message"), "control characters") {
					t.Errorf("%s", a)
				}
				return
			}
			a.wantUpload(t)
			u, err := url.Parse(a.text("image.url"))
			if err != nil || !safePath.MatchString(u.EscapedPath()) || path.Clean(u.Path) != u.Path {
				t.Fatalf("address %q", a.text("image.url"))
			}
			if stored := a.text("image.name"); strings.HasSuffix(stored, ".th") || strings.HasSuffix(stored, ".md") || strings.HasSuffix(stored, ".fr") || len(stored) > 200 || strings.HasPrefix(stored, ".") {
				t.Errorf("name %q", stored)
			}
			raw := s.get(t, a.text("image.url"))
			wantSafe(t, raw)
			if raw.Header.Get("X-Injected") != "" || strings.ContainsAny(raw.Header.Get("Content-Disposition"), "\r\n") {
				t.Errorf("headers %v", raw.Header)
			}
			viewer := s.get(t, a.text("image.url_viewer"))
			if viewer.Status != http.StatusOK || bytes.Contains(viewer.Body, []byte("<script>alert(1)")) || bytes.Contains(viewer.Body, []byte("<img src=x")) {
				t.Errorf("viewer: %d", viewer.Status)
			}
		})
	}
}

// TestHostileTexts: titles, descriptions and tags are text wherever they show.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"flood_protection": "off"}})
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`
	a := s.upload(t, s.UserKey, file("source", "p2.jpg", input(t, "p2.jpg")), field("title", evil), field("description", evil+"\n"+evil), field("tags", `<b>x</b>,a"b,'); drop table files;--`))
	a.wantUpload(t)
	if a.text("image.title") != evil || strings.Contains(a.text("image.title_truncated_html"), "<script") {
		t.Errorf("title %q, html %q", a.text("image.title"), a.text("image.title_truncated_html"))
	}
	page := s.get(t, a.text("image.url_viewer"))
	if page.Status != http.StatusOK || bytes.Contains(page.Body, []byte("<script>alert(1)")) || bytes.Contains(page.Body, []byte("<img src=x")) {
		t.Errorf("viewer: %s", page)
	}
	if csp := page.Header.Get("Content-Security-Policy"); csp == "" || strings.Contains(csp, "script-src 'unsafe-inline'") {
		t.Errorf("Content-Security-Policy %q", csp)
	}
}
