package conformance_test

import "testing"

// deviations are the differences inside answers that are otherwise the same.
// The words in capitals are topics of the contract's table of decisions.
var deviations = []deviation{
	{"*", "image.display_width image.display_height", asNumber, "DISPLAY_WIDTH: always numbers, always true"},
	{"*", "image.checksum image.source_checksum", novel, "DIGESTS: both pairs are always present"},
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

// replacements are the recordings whose whole answer is another one here.
var replacements = map[string]replacement{
	"023": {"BASE64: GET is allowed; a query on the address is answered directly", accepts(map[string]any{"image.extension": "png", "image.width": 12})},
	"022": {"BASE64: GET is allowed when the URL is short enough to arrive", accepts(map[string]any{"image.extension": "png", "image.width": 12})},
	"021": {"BASE64: data URIs are accepted too", accepts(map[string]any{"image.extension": "png", "image.width": 12})},
	"027": {"section 3: answered directly, never redirected", accepts(map[string]any{"image.name": "p2"})},
	"029": {"section 3: answered directly, never redirected", accepts(map[string]any{"image.name": "p3"})},
}
