package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestAPIPage(t *testing.T) {
	t.Parallel()
	guest := map[string]string{"guest_api": "on", "guest_key": strings.Repeat("ab", 32), "use_file_date": "off", "upload_max_size_guest": "5MB", "url_upload": "off"}
	all := "source key title description tags album_id category_id width expiration nsfw format use_file_date"
	for _, c := range []struct {
		name, lang, url string
		settings        map[string]string
		key, parameters string
	}{
		{"own key", "en", "https://pics.example.org", nil, "YOUR_API_KEY", all},
		{"guest key, as on picgo.net", "nb", "https://www.picgo.net", guest, guest["guest_key"], strings.TrimSuffix(all, " use_file_date")},
		{"below a path", "ja", "http://127.0.0.1:8080/gallery", map[string]string{"expirable_uploads": "off"}, "YOUR_API_KEY", strings.Replace(all, "expiration ", "", 1)},
		{"guests have no uploads", "ru", "https://pics.example.org", map[string]string{"guest_api": "on", "guest_key": "k", "guest_uploads": "off"}, "YOUR_API_KEY", all},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newSite(t, options{settings: c.settings, url: c.url}).get(t, "/api-v1", "Accept-Language", c.lang)
			if p.status != 200 {
				t.Fatalf("status %d", p.status)
			}
			var names []string
			p.Find(".parameters dt code").Each(func(_ int, e *goquery.Selection) { names = append(names, e.Text()) })
			if got := strings.Join(names, " "); got != c.parameters {
				t.Errorf("parameters %s", got)
			}
			if p.Find(".parameters dd").Length() != len(names) {
				t.Error("a parameter without meaning")
			}
			if n := p.Find("pre").Length(); n == 0 || p.Find("[dir=ltr] pre[aria-label]").Length() != n {
				t.Error("code that is not written from the left, or without a name")
			}
			upload := c.url + "/api/1/upload"
			if got := p.attr("#api-url", "value"); got != upload {
				t.Errorf("address %s", got)
			}
			if got := p.attr("#guest-key", "value"); c.key != "YOUR_API_KEY" && got != c.key || c.key == "YOUR_API_KEY" && got != "" {
				t.Errorf("public key %q", got)
			}
			call := p.text(t, "section[aria-labelledby=call] pre")
			for _, part := range []string{"curl --fail-with-body -X POST", `-H "X-API-Key: ` + c.key + `"`, `-H "Content-Type: multipart/form-data"`, `-F "source=@image.jpeg"`, upload} {
				if !strings.Contains(call, part) {
					t.Errorf("the call has no %s", part)
				}
			}
			if got := p.text(t, "section[aria-labelledby=auth] pre"); got != "X-API-Key: "+c.key {
				t.Errorf("header %q", got)
			}
			p.wantSampleAnswers(t, c.url)
		})
	}
}

// wantSampleAnswers checks the examples against the specification's keys.
func (p page) wantSampleAnswers(t *testing.T, url string) {
	t.Helper()
	answers := p.Find("section[aria-labelledby=answers] pre")
	if answers.Length() != 4 {
		t.Fatalf("%d answers", answers.Length())
	}
	var sample struct {
		Code  int            `json:"status_code"`
		Text  string         `json:"status_txt"`
		Image map[string]any `json:"image"`
	}
	if err := json.Unmarshal([]byte(answers.Eq(0).Text()), &sample); err != nil {
		t.Fatal(err)
	}
	wantKeys := strings.Fields(`name extension size width height date date_gmt title tags description nsfw storage_mode
		md5 source_md5 checksum source_checksum original_filename original_exifdata views category_id chain thumb_size medium_size frame_size
		expiration_date_gmt likes is_animated is_approved is_360 duration type tags_string file id_encoded filename mime url ratio
		size_formatted frame image thumb url_frame medium duration_time url_viewer path_viewer url_short display_url display_width
		display_height views_label likes_label how_long_ago date_fixed_peer title_truncated title_truncated_html is_use_loader
		display_title delete_url`)
	for _, k := range wantKeys {
		if _, ok := sample.Image[k]; !ok {
			t.Errorf("the sample has no %s", k)
		}
	}
	if len(sample.Image) != len(wantKeys) || sample.Code != 200 || sample.Text != "OK" {
		t.Errorf("%d keys, %d %s", len(sample.Image), sample.Code, sample.Text)
	}
	for _, k := range []string{"url", "url_viewer", "url_short", "display_url", "delete_url", "url_frame"} {
		if v, _ := sample.Image[k].(string); !strings.HasPrefix(v, url+"/") {
			t.Errorf("%s is %q", k, v)
		}
	}
	if got := answers.Eq(1).Text(); got != sample.Image["url"] {
		t.Errorf("text %q", got)
	}
	if got := answers.Eq(2).Text(); got != "Location: "+sample.Image["path_viewer"].(string) {
		t.Errorf("redirect %q", got)
	}
}
