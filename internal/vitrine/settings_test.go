package vitrine_test

import (
	"testing"
	"time"

	"vitrine/internal/vitrine"
)

func TestDefaultSettingsRoundTrip(t *testing.T) {
	s := vitrine.DefaultSettings()
	for _, d := range vitrine.AllSettings() {
		v, err := s.Value(d.Key)
		if err != nil {
			t.Fatal(err)
		}
		c := s.Clone()
		if err := c.Set(d.Key, v); err != nil {
			t.Errorf("%s: own value %q refused: %v", d.Key, v, err)
		}
		if w, _ := c.Value(d.Key); w != v {
			t.Errorf("%s: %q became %q", d.Key, v, w)
		}
	}
	if s.UploadMaxSize != 20e6 || s.Thumb.Width != 320 || s.RouteVideo != "clip" || s.MaxPixels.AVIF != 40e6 {
		t.Errorf("defaults not applied: %+v", s)
	}
}

func TestExpirationCases(t *testing.T) {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"":       "0001-01-01 00:00:00",
		"0":      "0001-01-01 00:00:00",
		"3600":   "2026-01-31 13:00:00",
		"PT5M":   "2026-01-31 12:05:00",
		"P3D":    "2026-02-03 12:00:00",
		"P1M":    "2026-02-28 12:00:00",
		"P1Y":    "2027-01-31 12:00:00",
		"P1W2D":  "2026-02-09 12:00:00",
		"P1DT2H": "2026-02-01 14:00:00",
		"P1Y1D":  "", "PT4M59S": "", "299": "", "P": "", "PT": "", "p3d": "", "3D": "", "P-1D": "", "PT1.5H": "",
		"tomorrow": "", "P1D1W": "", "P1M1M": "", "99999999999999999999": "", "P99999999Y": "", "PT999999999H": "", "-5": "", " 3600": "",
	} {
		e, err := vitrine.ParseExpiration(in, now)
		if want == "" {
			if !vitrine.Is(err, vitrine.CodeInvalid) {
				t.Errorf("%q: got %v, %v; want a refusal", in, e, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", in, err)
		} else if got := e.After(now).Format(time.DateTime); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
