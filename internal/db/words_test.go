package db_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vitrine/internal/db"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "",
		" \t.,;!?":                "",
		"Two Boats":               "two boats",
		"IMG_1234-b.final":        "img 1234 b final",
		"don't":                   "don t",
		"Crème Brûlée":            "creme brulee",
		"Ærø Łódź straße Þórr":    "aero lodz strasse thorr",
		"İstanbul ılık":           "istanbul ilik",
		"Tiếng Việt":              "tieng viet",
		"ｆｕｌｌ　ｗｉｄｔｈ １２":           "full width 12",
		"ﬁsh x²":                  "fish x2",
		"Ёлка йод ЙОД Україна":    "елка йод йод україна",
		"Σίσυφος":                 "σίσυφοσ",
		"東京都":                     "東京 京都 都",
		"京":                       "京",
		"iPhoneで撮影":               "iphone で撮 撮影 影",
		"カメラ ｶﾞﾗｽ スーパー":           "カメ メラ ラ ガラ ラス ス スー ーパ パー ー",
		"한국어 사진":                  "한국 국어 어 사진 진",
		"ภาพถ่าย":                 "ภา าพ พถ ถ่ ่า าย ย",
		"हिन्दी तस्वीर":           "हिन्दी तस्वीर",
		"שָׁלוֹם":                 "שָׁלוֹם",
		"می\u200cخواهم":           "میخواهم",
		"co\u00adoperate":         "cooperate",
		"❤️ sun ☀ 🌊":              "sun",
		"a\x00b'c\"d\\e":          "a b c d e",
		"2026-11-21":              "2026 11 21",
		"\xff\xfebad":             "bad",
		strings.Repeat("x", 5000): strings.Repeat("x", 100),
	} {
		if got := strings.Join(db.WordsOf(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if n := len(db.WordsOf(strings.Repeat("東京", 30000))); n > 10000 {
		t.Errorf("%d words", n)
	}
}

func TestTitleKeys(t *testing.T) {
	t.Parallel()
	titles := []string{"", "!", "7 seas", "11 seas", "img 1", "IMG 2", "img 010", "img 11", "img 100", "img 100b", "img b", "zebra", "ängel", "東京"}
	keys := make([]string, len(titles))
	for i, title := range titles {
		keys[i] = db.TitleKey(title)
	}
	if !slices.IsSorted(keys) {
		t.Errorf("%q are not in order", keys)
	}
	for _, s := range []string{strings.Repeat("あ", 300), strings.Repeat("9", 5000), "\xff\xff"} {
		if k := db.TitleKey(s); len(k) > 1000 || !utf8.ValidString(k) {
			t.Errorf("%.20q: %d bytes", s, len(k))
		}
	}
}

// FuzzWords checks what the databases rely on: words of letters, digits and marks only.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"Crème 東京都 ーx", "ｶﾞﾗｽ", "ถ่", "\u0301a", "İ", "a\x00'\"\\ ¦", "〇々ゝ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range db.WordsOf(s) {
			if w == "" || len(w) > 200 || !utf8.ValidString(w) {
				t.Errorf("%q: word %q", s, w)
			}
			for _, r := range w {
				if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
					t.Errorf("%q: %q in word %q", s, r, w)
				}
			}
		}
		if k := db.TitleKey(s); !utf8.ValidString(k) || len(k) > 1500 {
			t.Errorf("%q: key %q", s, k)
		}
	})
}
