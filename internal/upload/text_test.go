package upload_test

import (
	"strings"
	"testing"
	"time"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

func TestTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, given, metadata, stem, want string }{
		{"given", "Sunset", "Metadata", "file", "Sunset"},
		{"given keeps markup and outer space", " <b>Sunset</b> ", "", "file", " <b>Sunset</b> "},
		{"given, 100 characters", strings.Repeat("名", 150), "", "", strings.Repeat("名", 100)},
		{"given blank", "  \t ", "Metadata", "file", "Metadata"},
		{"metadata trimmed", "", " From the camera\x00 ", "file", "From the camera"},
		{"file name", "", "", "My_holiday--2026 -_- beach", "My holiday 2026 beach"},
		{"recorded 018", "", "", "naïve ünïcode — 名前", "naïve ünïcode — 名前"},
		{"recorded 116", "", "", "My Photo (1)", "My Photo (1)"},
		{"file name of separators", "", "", "-_-", ""},
		{"line breaks", "a\r\nb\tc", "", "", "a b c"},
		{"controls and broken UTF-8", "a\x00b\x1b[31m\xff", "", "", "ab[31m\uFFFD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := upload.TitleOf(c.given, c.metadata, c.stem); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCutBytes(t *testing.T) {
	t.Parallel()
	if got := upload.CutBytes("aé名", 5); got != "aé" {
		t.Errorf("got %q", got)
	}
}

func TestTakenAt(t *testing.T) {
	t.Parallel()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	clock := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		seen  vitrine.Inspection
		wants string
	}{
		{"camera without zone: the site's", vitrine.Inspection{TakenAt: clock}, "2026-07-01T10:00:00Z"},
		{"camera with zone", vitrine.Inspection{TakenAt: clock.In(time.FixedZone("", 9*3600)), TakenAtZoned: true}, "2026-07-01T12:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := upload.TakenAt(&c.seen, oslo).UTC().Format(time.RFC3339); got != c.wants {
				t.Errorf("got %s, want %s", got, c.wants)
			}
		})
	}
}
