package media_test

import (
	"strings"
	"testing"

	"vitrine/internal/media"
)

func TestBlankPosition(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		gone     []string // becomes blanks
	}{
		{"attribute", `<rdf:Description exif:GPSLatitude="48,12.5N" dc:format="x"/>`, []string{`exif:GPSLatitude="48,12.5N"`}},
		{"single quotes and blanks", `<a exif:GPSLongitude = '1' b="2">`, []string{`exif:GPSLongitude = '1'`}},
		{"element", `<a><exif:GPSLatitude>48</exif:GPSLatitude><b/></a>`, []string{`<exif:GPSLatitude>48</exif:GPSLatitude>`}},
		{"element with a list", "<a><exif:GPSDest>\n<rdf:li>1</rdf:li></exif:GPSDest></a>", []string{"<exif:GPSDest>\n<rdf:li>1</rdf:li></exif:GPSDest>"}},
		{"empty element", `<a><exif:GPSAltitude/></a>`, []string{`<exif:GPSAltitude/>`}},
		{"drone", `<a drone-dji:GpsLatitude="1" drone-dji:FlightYaw="2" Latitude="3"/>`, []string{`drone-dji:GpsLatitude="1"`, `Latitude="3"`}},
		{"geo", `<a geo:lat="1" geo:long="2"/>`, []string{`geo:lat="1"`, `geo:long="2"`}},
		{"words", `<dc:title>GPS and latitude exif:GPSLatitude="1"</dc:title>`, nil},
		{"value that looks like one", `<a b="exif:GPSLatitude=1 > 2" exif:GPSLatitude="3"/>`, []string{`exif:GPSLatitude="3"`}},
		{"comment", `<!-- <exif:GPSLatitude> --><a/>`, nil},
		{"never ends", `<a exif:GPSLatitude="48`, []string{`exif:GPSLatitude="48`}},
		{"element never ends", `<exif:GPSLatitude>48<a>`, []string{`<exif:GPSLatitude>48`}},
		{"wide", wideText(`<a exif:GPSLatitude="1"/>`), []string{wideText(`<a exif:GPSLatitude="1"/>`)}},
		{"wide without", wideText(`<a dc:format="image/jpeg"/>`), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := tt.in
			for _, g := range tt.gone {
				want = strings.ReplaceAll(want, g, strings.Repeat(" ", len(g)))
			}
			b := []byte(tt.in)
			if got := media.BlankPosition(b); got != (len(tt.gone) > 0) || string(b) != want {
				t.Errorf("%v\ngot  %q\nwant %q", got, b, want)
			}
			if media.BlankPosition(b) {
				t.Error("found again")
			}
		})
	}
}

func wideText(s string) string { return "\x00" + strings.Join(strings.Split(s, ""), "\x00") }
