package apiv1_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"vitrine/internal/apiv1"
	"vitrine/internal/vitrine"
)

func TestBase64(t *testing.T) {
	t.Parallel()
	long := append([]byte{0x89}, bytes.Repeat([]byte{0xfb, 0xff, 0xfe, 0x00}, 50_000)...)
	longText := base64.StdEncoding.EncodeToString(long)
	for _, c := range []struct {
		name, text string
		repair     bool
		want       string
		bad        bool
	}{
		{"plain", "aGVsbG8=", false, "hello", false},
		{"empty", "", false, "", false},
		{"white space", " aGVs\r\n\tbG8 = ", false, "hello", false},
		{"plus signs", "+/+/", false, "\xfb\xff\xbf", false},
		{"blanks for plus signs", " aa/ / ", true, string(decode("aa/+/+++")), true},
		{"blanks repaired", "/ / ", true, "\xff\xef\xfe", false},
		{"blanks not repaired in multipart", "/ / ", false, "", true},
		{"trailing blank of a complete text", "aGVsbG8= ", true, "hello", false},
		{"trailing blank that is a plus", "//8 ", true, string(decode("//8+")), false},
		{"leading blanks", "   aGVsbG8=", true, "hello", false},
		{"no padding", "aGVsbG8", false, "", true},
		{"URL-safe alphabet", "-_-_", false, "", true},
		{"stray bits", "aGVsbG9=", false, "", true},
		{"text after padding", "aGVsbG8=aGVs", false, "", true},
		{"padding alone", "====", false, "", true},
		{"too much padding", "aGVsbA===", false, "", true},
		{"not at all", "!!!not-base64!!!", false, "", true},
		{"long", longText, false, string(long), false},
		{"long in lines", wrap(longText, 76), false, string(long), false},
		{"long with blanks", strings.ReplaceAll(longText, "+", " "), true, string(long), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for name, r := range map[string]io.Reader{
				"whole":   strings.NewReader(c.text),
				"by one":  iotest.OneByteReader(strings.NewReader(c.text)),
				"halves":  iotest.HalfReader(strings.NewReader(c.text)),
				"dataerr": iotest.DataErrReader(strings.NewReader(c.text)),
			} {
				got, err := io.ReadAll(apiv1.NewBase64Reader(r, c.repair))
				if c.bad {
					if !vitrine.Is(err, vitrine.CodeBase64) {
						t.Errorf("%s: got %q, %v; want a refusal", name, got, err)
					}
				} else if err != nil || string(got) != c.want {
					t.Errorf("%s: got %.40q, %v; want %.40q", name, got, err, c.want)
				}
			}
		})
	}
}

func TestBase64PassesErrorsOn(t *testing.T) {
	t.Parallel()
	r := io.MultiReader(strings.NewReader("aGVs"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := io.ReadAll(apiv1.NewBase64Reader(r, false)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// FuzzBase64 compares the stream with decoding the whole text: what it accepts
// comes out the same if it is encoded again.
func FuzzBase64(f *testing.F) {
	for _, s := range []string{"", "aGVsbG8=", "aGVs bG8=", "+/+/", "/ / ", "====", "aGVsbG9=", "aG\nVsbG8", "AAAA AAA"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, repair bool) {
		got, err := io.ReadAll(apiv1.NewBase64Reader(iotest.HalfReader(strings.NewReader(text)), repair))
		clean := strings.NewReplacer("\n", "", "\r", "", "\t", "", "\v", "", "\f", "").Replace(text)
		without := strings.ReplaceAll(clean, " ", "")
		encoded := base64.StdEncoding.EncodeToString(got)
		switch {
		case err != nil && !vitrine.Is(err, vitrine.CodeBase64):
			t.Fatalf("unexpected error %v", err)
		case err != nil && !repair:
			if b, e := base64.StdEncoding.Strict().DecodeString(without); e == nil && base64.StdEncoding.EncodeToString(b) == without {
				t.Fatalf("%q refused", text)
			}
		case err == nil && !repair && encoded != without:
			t.Fatalf("%q became %q", text, encoded)
		case err == nil && repair && strings.ReplaceAll(encoded, "+", "") != strings.ReplaceAll(without, "+", ""):
			t.Fatalf("%q became %q", text, encoded)
		}
	})
}

func BenchmarkBase64(b *testing.B) {
	text := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("some bytes of a picture"), 200_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := io.Copy(io.Discard, apiv1.NewBase64Reader(strings.NewReader(text), true)); err != nil {
			b.Fatal(err)
		}
	}
}

func decode(s string) []byte {
	b, _ := base64.StdEncoding.DecodeString(s)
	return b
}

func wrap(s string, width int) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + "\r\n")
		s = s[width:]
	}
	return b.String() + s
}
