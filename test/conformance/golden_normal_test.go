package conformance_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// comparedHeaders are those that say something about the protocol. The others
// belong to the server software, or are covered by tests of their own.
var comparedHeaders = []string{"Content-Type", "Location", "Content-Length", "Accept-Ranges", "Allow"}

// Things that are different in every answer.
var (
	dateFolder  = regexp.MustCompile(`/images/\d{4}/\d\d/\d\d/`)
	deleteToken = regexp.MustCompile(`/delete/[0-9a-f]{48}$`)
	mixedName   = regexp.MustCompile(`(plain|dupe1|My-Photo-1)[0-9a-f]{16}\b`)
	randomName  = regexp.MustCompile(`\b(?:[0-9a-f]{32}|[0-9a-f]{12})\b`)
	viewerPath  = regexp.MustCompile(`^(/image/)[A-Za-z0-9]+$`)
	justNow     = regexp.MustCompile(`^(moments ago|1 second ago|\d\d? seconds ago)$`) // by the machine
	hex32       = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// rewritten are the recordings whose original is not stored as it was sent, so
// that its size and digest depend on the encoder.
var rewritten = []string{"001", "007", "059", "113", "120", "134"}

// randomNamed are the recordings whose file name is made by chance.
var randomNamed = []string{"019", "115"}

// normalise brings an answer into a form in which two of them can be compared:
// addresses, ids, tokens, dates and sizes of derivatives become words.
func (r *replay) normalise(t *testing.T, rec recording, a answer, base, key string) map[string]any {
	t.Helper()
	n := normaliser{rec: rec, base: base, key: key, id: a.text("image.id_encoded")}
	n.back = r.back()
	tree := map[string]any{"status": float64(a.Status)}
	headers := map[string]any{}
	for _, name := range comparedHeaders {
		if v := a.Header.Get(name); v != "" && (name != "Content-Length" || strings.HasPrefix(a.Header.Get("Content-Type"), "image/")) {
			v = viewerPath.ReplaceAllString(n.text(v), "$1$$ID")
			headers[strings.ToLower(name)] = strings.ToLower(v)
		}
	}
	tree["header"] = headers
	switch {
	case a.tree != nil:
		if image, ok := a.tree["image"].(map[string]any); ok {
			n.times(t, image)
		}
		for k, v := range a.tree {
			tree[k] = n.value(k, v)
		}
	case strings.HasPrefix(a.Header.Get("Content-Type"), "text/") && rec.HTML == nil:
		tree["body"] = n.text(string(a.Body))
	}
	return tree
}

// back are the pairs that turn our words into the recorded ones.
func (r *replay) back() []string {
	var pairs []string
	for recorded, here := range r.words {
		pairs = append(pairs, here, recorded)
	}
	return pairs
}

type normaliser struct {
	rec           recording
	base, key, id string
	back          []string // here, recorded, here, recorded …
}

func (n normaliser) text(s string) string {
	s = strings.ReplaceAll(s, n.base, "$BASE")
	if n.key != "" {
		s = strings.ReplaceAll(s, n.key, "$KEY")
	}
	s = strings.NewReplacer(n.back...).Replace(s)
	s = dateFolder.ReplaceAllString(s, "/images/$$DATE/")
	s = deleteToken.ReplaceAllString(s, "/delete/$$TOKEN")
	s = mixedName.ReplaceAllString(s, "$1$$HEX16")
	if slices.Contains(randomNamed, n.rec.number) {
		s = randomName.ReplaceAllString(s, "$$RANDOM")
	}
	if n.id != "" && n.rec.number == "117" {
		s = strings.ReplaceAll(s, n.id, "$ID")
	}
	return s
}

// value normalises what stands at a path of the answer.
func (n normaliser) value(path string, v any) any {
	changed := slices.Contains(rewritten, n.rec.number)
	switch path {
	case "image.thumb_size", "image.medium_size", "image.frame_size", "image.thumb.size", "image.medium.size", "image.frame.size":
		if size, ok := v.(float64); ok && size > 0 {
			return "some bytes"
		}
	case "image.size", "image.image.size":
		if size, ok := v.(float64); ok && size > 0 && changed {
			return "some bytes"
		}
	case "image.size_formatted":
		if changed {
			return "some bytes"
		}
	case "image.md5", "image.checksum":
		if s, ok := v.(string); ok && hex32.MatchString(s) && changed {
			return "some digest"
		}
	case "image.id_encoded":
		return "$ID"
	case "image.how_long_ago":
		if s, ok := v.(string); ok && justNow.MatchString(s) {
			return "just now"
		}
	case "image.url_viewer", "image.path_viewer", "image.url_short":
		s, _ := v.(string)
		if before, ok := strings.CutSuffix(n.text(s), n.id); ok {
			return before + "$ID"
		}
	case "image.delete_url":
		s, _ := v.(string)
		return strings.Replace(n.text(s), "/"+n.id+"/delete/", "/$ID/delete/", 1)
	case "image.original_exifdata":
		if s, ok := v.(string); ok {
			var tree any
			if json.Unmarshal([]byte(s), &tree) != nil {
				return "no JSON: " + s
			}
			return n.value("image.original_exifdata{}", tree)
		}
	}
	switch v := v.(type) {
	case string:
		return n.text(v)
	case map[string]any:
		m := map[string]any{}
		for k, below := range v {
			m[k] = n.value(path+"."+k, below)
		}
		return m
	case []any:
		m := map[string]any{}
		for i, below := range v {
			m[fmt.Sprint(i)] = n.value(path+"."+fmt.Sprint(i), below)
		}
		if len(v) == 0 {
			return "[]"
		}
		return m
	}
	return v
}

// times replaces the dates of an image by what they are to each other.
func (n normaliser) times(t *testing.T, image map[string]any) {
	t.Helper()
	parse := func(key string) (time.Time, bool) {
		s, ok := image[key].(string)
		at, err := time.Parse(time.DateTime, s)
		if ok && err != nil {
			t.Errorf("%s is no date: %q", key, s)
		}
		return at, ok && err == nil
	}
	gmt, ok := parse("date_gmt")
	if !ok {
		return
	}
	for key, step := range map[string]time.Duration{"date": time.Minute, "expiration_date_gmt": 10 * time.Second, "date_fixed_peer": time.Minute} {
		if at, ok := parse(key); ok {
			image[key] = "date_gmt" + at.Sub(gmt).Round(step).String()
		}
	}
	if n.base != "http://127.0.0.1:33180" && time.Since(gmt).Abs() > 5*time.Minute {
		t.Errorf("date_gmt is not now: %v", image["date_gmt"])
	}
	image["date_gmt"] = "now"
}
