package conformance_test

import (
	"net/http"
	"testing"
)

// deviations are the differences inside answers that are otherwise the same.
// Words in capitals are topics of the contract's table of decisions.
var deviations = []deviation{
	{"*", "image.display_width image.display_height", asNumber, "DISPLAY_WIDTH, DISPLAY_HEIGHT: always numbers"},
	{"004", "image.display_width image.display_height", otherValue, "DISPLAY_WIDTH, DISPLAY_HEIGHT: always true; recorded was the setting, not the picture"},
	{"*", "image.checksum image.source_checksum", novel, "DIGESTS: both pairs are always present"},
	{"*", "image.original_exifdata", becomes(nil), "a file without EXIF has none; recorded were a temporary name and sizes (section 5: no path reaches the client)"},
	{
		"001 120 134", "image.original_exifdata image.original_exifdata.*", anyhow,
		"the same shape without temporary names and what the original computed; the position is gone (keep_gps off)",
	},
	{"001 120 134", "image.title image.title_truncated image.title_truncated_html image.display_title", becomes("XMP title"), "TITLE: from metadata if not given, XMP too"},
	{"134", "image.description image.tags image.tags_string", anyhow, "TITLE, DESCRIPTION: from the metadata of the source, kept in the file or not"},
	{"001 120 134", "stored.image.width stored.image.height stored.image.exif.EXIF:Orientation", anyhow, "the pixels stay as they are, and the orientation tag turns them: nothing is lost by encoding again"},
	{"001 120", "stored.*.exif.*:GPSLatitude", gone, "keep_gps: the position is always removed unless it is on"},
	{"001 120", "stored.thumb.exif.* stored.medium.exif.*", gone, "variants carry no metadata"},
	{"120", "stored.image.exif.*", gone, "keep_exif: where the site says off, no user keeps it"},
	{"*", "stored.thumb.width stored.thumb.height", smaller, "SMALL SOURCES: never larger than the source"},
	{"036", "stored.image.* stored.thumb.*", anyhow, "PRIVACY: enforced on raw files and variants too"},
	{"040", "image.category_id", becomes(nil), "CATEGORY_ID: must exist, else ignored"},
	{"055 077", "header.content-type", becomes("text/plain; charset=utf-8"), "an address is text, as ERRORS WITH FORMAT=TXT are"},
	{"056", "header.content-type body", gone, "a redirect has no body"},
	{"063 064 094 108 109", "status header.content-type", anyOf(400.0, "text/plain; charset=utf-8"), "ERRORS WITH FORMAT=TXT OR REDIRECT: text/plain with the error status"},
	{"045", "error.message", otherText, "section 5: one clear sentence that says what would be right"},
	{"067 074 087 088", "error.code error.message", otherValue, "section 5: no path or library text reaches the client; the codes are integers of the catalogue"},
	{"122", "html.og:* html.og:image:* html.twitter:* html.og:url html.twitter:image html.twitter:card", anyhow, "more is told: size and text of the picture, absolute addresses, the large card"},
	{"125", "url", otherValue, "oembed.com: width and height are those of the picture at url; recorded was the medium one with the size of the original"},
	{"125", "author_url", otherValue, "oembed.com: a full address"},
	{"125", "cache_age", novel, "oembed.com: how long the answer may be kept"},
	{"126", "body", anyhow, "as 125"},
	{"125 126", "header.accept-ranges", novel, "texts with a tag can be fetched in parts"},
	{"127", "body header.content-type", anyhow, "a word that says that there is nothing"},
	{"128 130-133", "html.*", anyhow, "pages that say that there is nothing have a title of our own and no social tags"},
	{"129", "status header.location body", anyhow, "delete_url_mode instant: a page says that the file is gone, instead of a redirect to one that says 404"},
}

// refuses expects an error of the protocol.
func refuses(status, code int, message string) func(*testing.T, *replay, answer) {
	return func(t *testing.T, _ *replay, got answer) {
		t.Helper()
		got.wantRefusal(t, status, code, message)
	}
}

// accepts expects a successful upload and looks at some of its values.
func accepts(values map[string]any) func(*testing.T, *replay, answer) {
	return func(t *testing.T, _ *replay, got answer) {
		t.Helper()
		got.wantUpload(t)
		for path, want := range values {
			if v := got.at(path); !same(v, want) {
				t.Errorf("%s = %v, want %v", path, v, want)
			}
		}
	}
}

// answers expects a status and headers.
func answers(status int, headers map[string]string) func(*testing.T, *replay, answer) {
	return func(t *testing.T, _ *replay, got answer) {
		t.Helper()
		if got.Status != status {
			t.Errorf("%s", got)
		}
		for name, want := range headers {
			if v := got.Header.Get(name); v != want {
				t.Errorf("%s: %q, want %q", name, v, want)
			}
		}
	}
}

var (
	smallPNG = map[string]any{"image.extension": "png", "image.width": 12, "image.height": 12, "image.mime": "image/png"}
	noURL    = "Invalid image URL, use a public http or https address that answers with a file"
	brokenBy = "the recorded release could not upload by URL at all: it opened its folder as a file; "
)

// replacements are the recordings whose whole answer is another one here.
var replacements = map[string]replacement{
	"012": {"TYPE OF A FILE: decided by its bytes", accepts(map[string]any{"image.type": "video", "image.chain": 21, "image.extension": "mp4"})},
	"014": {"TYPE OF A FILE: decided by its bytes", accepts(map[string]any{"image.type": "image", "image.chain": 5, "image.extension": "jpg"})},
	"021": {"BASE64: data URIs are accepted too", accepts(smallPNG)},
	"022": {"BASE64: GET is allowed when the URL is short enough to arrive", accepts(smallPNG)},
	"023": {"BASE64: GET is allowed; section 3: a query is answered directly", accepts(smallPNG)},
	"027": {"section 3: answered directly, never redirected", accepts(map[string]any{"image.name": "p2"})},
	"029": {"section 3: answered directly, never redirected", accepts(map[string]any{"image.name": "p3"})},
	"030": {"FILE PART NAMED IMAGE: the ImgBB dialect", func(t *testing.T, _ *replay, got answer) {
		t.Helper()
		if got.Status != http.StatusOK || got.text("data.name") != "p4" || got.number("status") != 200 || got.text("data.id") != got.text("data.id_encoded") {
			t.Errorf("%s", got)
		}
	}},
	"041": {"CATEGORY_ID: else ignored with the header", func(t *testing.T, _ *replay, got answer) {
		t.Helper()
		accepts(map[string]any{"image.category_id": nil})(t, nil, got)
		answers(http.StatusOK, map[string]string{"Vitrine-Warning": "ignored: category_id"})(t, nil, got)
	}},
	"049": {"EXPIRATION: anything else is 400, never shortened silently", refuses(400, 100, "")},
	"072": {"HEIC: accepted, stored as JPEG", accepts(map[string]any{"image.extension": "jpeg", "image.mime": "image/jpeg", "image.width": 100, "image.height": 80})},
	"073": {"TRUNCATED: refused with a clear text", refuses(400, 610, "")},
	"078": {"section 5: every refusal is a JSON error", refuses(400, 130, "")},
	"084": {"HTTP STATUS OF ERRORS: the shape as recorded; another method than GET or POST is 405", func(t *testing.T, _ *replay, got answer) {
		t.Helper()
		got.wantRefusal(t, http.StatusMethodNotAllowed, 405, "")
	}},
	"085": {"CORS: preflight answered with 204", answers(http.StatusNoContent, map[string]string{"Access-Control-Allow-Origin": "*"})},
	"091": {"section 3: answered directly, never redirected", refuses(400, 403, "URL uploading is disabled")},
	"092": {brokenBy + "this site may reach loopback", accepts(map[string]any{"image.name": "p36", "image.original_filename": "p36.jpg"})},
	"093": {brokenBy + "this site may reach loopback", accepts(map[string]any{"image.name": "p39", "image.original_filename": "p39.jpg"})},
	"094": {brokenBy + "this site may reach loopback", answers(http.StatusOK, map[string]string{"Content-Type": "text/plain; charset=utf-8"})},
	"095": {brokenBy + "this site may reach loopback", accepts(map[string]any{"image.name": "tiny", "image.extension": "png"})},
	"096": {brokenBy + "nothing there", refuses(400, 622, noURL)},
	"097": {brokenBy + "text is no picture", refuses(400, 610, "Can't get target upload source info")},
	"098": {brokenBy + "text is no picture", refuses(400, 610, "Can't get target upload source info")},
	"099": {brokenBy + "the type is told by the bytes", accepts(map[string]any{"image.name": "noext", "image.extension": "png"})},
	"100": {brokenBy + "nobody listens", refuses(400, 622, noURL)},
	"101": {brokenBy + "no such name", refuses(400, 622, noURL)},
	"103": {brokenBy + "http and https only", refuses(400, 400, "")},
	"104": {"VIDEO BY BASE64 OR URL: works", accepts(map[string]any{"image.name": "clip", "image.chain": 21})},
	"105": {brokenBy + "the limit holds", refuses(400, 400, "File too big - max 20 MB")},
}
