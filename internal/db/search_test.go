package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// library are files to look for, by a short name.
var library = map[string]vitrine.File{
	"boat":     {Title: "Two boats at sea", Description: "A quiet evening.", OriginalFilename: "IMG_1234.jpg", Tags: []vitrine.Tag{{Name: "Evening light"}}},
	"boatyard": {Title: "The boatyard", Alt: "Ships on land", OriginalFilename: "DSC 77.jpg"},
	"tokyo":    {Title: "東京都庁の夜景", Description: "新宿から撮影", OriginalFilename: "夜.jpg"},
	"kyoto":    {Title: "京都 Kyoto", Description: "iPhoneで撮影", OriginalFilename: "x.jpg"},
	"creme":    {Title: "Crème brûlée", OriginalFilename: "dessert.final.png", Tags: []vitrine.Tag{{Name: "sea"}, {Name: "salt"}}},
	"elka":     {Title: "Ёлка и зайцы", OriginalFilename: "a b.jpg"},
	"evil":     {Title: `"quoted" AND NOT (or) near* ^ : - ' \ $1`, OriginalFilename: "%_'.jpg"},
	"seoul":    {Title: "서울의 밤", OriginalFilename: "y.jpg"},
	"thai":     {Title: "ภาพถ่ายทะเล", OriginalFilename: "z.jpg"},
}

func TestSearch(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		names := map[int64]string{}
		for name, f := range library {
			n := aFile()
			n.Title, n.Description, n.Alt, n.OriginalFilename, n.Tags = f.Title, f.Description, f.Alt, f.OriginalFilename, f.Tags
			names[createFile(t, d, n).ID] = name
		}
		for input, want := range map[string]string{
			"boats":                       "boat",
			"boat":                        "boat boatyard", // the last word may go on
			"boat sea":                    "",              // the others may not
			"BOATS sea":                   "boat",
			"sea boats":                   "boat",
			"bo":                          "", // too short to go on
			`"boat"`:                      "",
			"-sea boat":                   "boatyard",
			"boat -sea":                   "boatyard",
			`sea`:                         "boat creme",
			`sea -"two boats"`:            "creme",
			`"boats at"`:                  "boat",
			`"at boats"`:                  "",
			`“two boats”`:                 "boat",
			`"sea a quiet"`:               "", // one field ends before the other
			`"light evening"`:             "",
			`"evening light"`:             "boat",
			"img_1234":                    "boat",
			"IMG 1234":                    "boat",
			"1234":                        "boat",
			"jpg":                         "", // the extension is no word
			"dessert final":               "creme",
			"png":                         "",
			"ships":                       "boatyard",
			"creme BRULEE":                "creme",
			"Crème brûlée":                "creme",
			"елка":                        "elka",
			"ЁЛКА":                        "elka",
			"заицы":                       "",
			"зайцы":                       "elka",
			"東京":                          "tokyo",
			"東京都":                         "tokyo",
			"京都":                          "kyoto tokyo", // as characters go
			`京都 kyoto`:                    "kyoto",
			"東都":                          "",
			"京":                           "kyoto tokyo",
			"夜":                           "tokyo",
			"夜景":                          "tokyo",
			"景":                           "tokyo",
			"都庁の夜":                        "tokyo",
			"撮影 -東京":                      "kyoto",
			"iphone":                      "kyoto",
			"iphoneで撮":                    "kyoto",
			"で撮影":                         "kyoto",
			"서울":                          "seoul",
			"밤":                           "seoul",
			"ทะเล":                        "thai",
			"ถ่าย":                        "thai",
			"quoted near":                 "evil",
			`" " and`:                     "evil",
			"":                            "*",
			"   ":                         "",
			"-boat":                       "",
			`"`:                           "",
			`""`:                          "",
			"-":                           "",
			"-\"":                         "",
			`"unclosed two boats`:         "",
			`"two boats`:                  "boat",
			"* : ^ ( ) { } + ' \\ %":      "",
			"title:boats":                 "",
			"boats OR tokyo":              "",
			"boats*":                      "boat",
			"sea NOT boats":               "",
			"\x00\xff":                    "",
			"boats\x00":                   "boat",
			"&|!<->":                      "",
			"'; DROP TABLE files; --":     "",
			strings.Repeat("boats ", 500): "boat",
			strings.Repeat("-x ", 500):    "",
		} {
			var got []string
			for _, id := range pages(t, d, db.FileList{Search: input, Limit: 3}) {
				got = append(got, names[id])
			}
			slices.Sort(got)
			if want == "*" {
				if len(got) != len(library) {
					t.Errorf("no search finds %v", got)
				}
				continue
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%q found %q, want %q", input, s, want)
			}
		}
	})
}

func TestSearchWithin(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := aGallery(t, d, 200)
		tag, err := d.Tag(t.Context(), "Red")
		must(t, err)
		var album int64
		for id := range g.albums {
			album = max(album, id)
		}
		for name, q := range map[string]db.FileList{
			"everybody's": {}, "owner's": {Scope: db.ScopeOwner, ID: g.users[1]}, "album's": {Scope: db.ScopeAlbum, ID: album},
			"category's": {Scope: db.ScopeCategory, ID: g.categories[1]}, "tag's": {Scope: db.ScopeTag, ID: tag.ID},
		} {
			for _, q.All = range []bool{false, true} {
				for _, q.Kind = range []vitrine.ListKind{"", vitrine.ListImages, vitrine.ListVideos} {
					q.Search, q.Sort, q.Limit = "", vitrine.SortNewest, 5
					want := g.want(q)
					q.Search, q.Sort = "picture", vitrine.SortTitle // a search knows one order
					if got := pages(t, d, q); !slices.Equal(got, want) {
						t.Errorf("%s, all %v, kind %q: %v, want %v", name, q.All, q.Kind, got, want)
					}
				}
			}
		}
	})
}

// The search knows a file as it is, whatever has been done to it.
func TestSearchFollowsChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := aFile()
		f.Title, f.Description, f.Alt, f.OriginalFilename, f.Tags = "first", "second", "third", "fourth.jpg", []vitrine.Tag{{Name: "fifth"}}
		id := createFile(t, d, f).ID
		expect := func(words string) {
			t.Helper()
			for _, w := range []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh"} {
				found := len(pages(t, d, db.FileList{Search: w, Limit: 5})) == 1
				if found != strings.Contains(words, w) {
					t.Errorf("%s: found %v, want %q", w, found, words)
				}
			}
		}
		expect("first second third fourth fifth")
		must(t, update(t, d, id, db.FileChange{Title: new("sixth")}))
		expect("sixth second third fourth fifth")
		must(t, update(t, d, id, db.FileChange{Description: new(""), Tags: &[]string{"seventh"}}))
		expect("sixth third fourth seventh")
		must(t, update(t, d, id, db.FileChange{NSFW: new(true)}))
		expect("sixth third fourth seventh")
		must(t, update(t, d, id, db.FileChange{Title: new(""), Alt: new(""), Tags: &[]string{}}))
		expect("fourth")
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, id)) }))
		expect("")
	})
}

// search must not fail, whatever somebody looks for.
func search(t testing.TB, d *db.DB, input string) {
	t.Helper()
	if _, _, err := d.Files(t.Context(), db.FileList{Search: input, Limit: 5, Now: now}); err != nil {
		t.Errorf("%q: %v", input, err)
	}
	if _, _, err := d.AlbumList(t.Context(), db.AlbumList{Search: input, Limit: 5}); err != nil {
		t.Errorf("albums, %q: %v", input, err)
	}
	if _, _, err := d.PublicUsers(t.Context(), input, 0, 5); err != nil {
		t.Errorf("users, %q: %v", input, err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{`a "b c" -d -"e f"`, `"`, `-`, `'&|!():*<->`, "東京 京", "ー", "\x00", "a* b:A", `"a" "b`, "--a", "NEAR(a b)"} {
		f.Add(s)
	}
	d := dbtest.SQLite(f)
	createFile(f, d, aFile())
	f.Fuzz(func(t *testing.T, s string) { search(t, d, s) })
}

func TestSearchBearsAnything(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		createFile(t, d, aFile())
		pieces := strings.Split(`a|bc|東|京都|ー|é|"|""|-| | |'|&|!|(|)|:|*|<->|\|$1|AND|OR|NOT|NEAR|^|{|}|;|--|%|_|ё|😀|¦`, "|")
		pieces = append(pieces, "|", "\x00", "\xff", "\u00a0", "\u0301", "“", "„")
		r := rand.New(rand.NewPCG(5, 6))
		for range 300 {
			var b strings.Builder
			for range 1 + r.IntN(12) {
				b.WriteString(pick(r, pieces))
			}
			search(t, d, b.String())
		}
	})
}

// BenchmarkSearch looks in 20,000 files: for words that many, few and none have.
func BenchmarkSearch(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		for range 20 {
			must(b, inTx(b, d, func(ctx context.Context, tx *db.Tx) error {
				for i := range 1000 {
					f := aFile()
					f.Title = fmt.Sprintf("common half%d tenth%d hundredth%d thousandth%d", i%2, i%10, i%100, i)
					if err := tx.CreateFile(ctx, f, nil); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		if d.Engine() == db.Postgres {
			_, err := d.SQL().ExecContext(b.Context(), "ANALYZE")
			must(b, err)
		}
		for _, words := range []string{"common", "com", "common half1 tenth3", "thousandth77", `"common half0"`, "half0 -tenth2", "nowhere"} {
			b.Run(words, func(b *testing.B) {
				for b.Loop() {
					_, _, err := d.Files(b.Context(), db.FileList{Search: words, Limit: 48, Now: now})
					must(b, err)
				}
			})
		}
	})
}

// A file of which nothing but a long number is known has no words to learn, and is found
// by its number.
func TestFilesOfNumbersOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, title := range []string{"20261121123456789", ""} {
			f := aFile()
			f.Title, f.OriginalFilename, f.Description, f.Alt, f.Tags = title, "20261121123456789.jpg", "", "", nil
			createFile(t, d, f)
		}
		if got := len(pages(t, d, db.FileList{All: true, Search: "20261121123456789", Limit: 9})); got != 2 {
			t.Errorf("%d found", got)
		}
	})
}

// A beginning of very many words stands for some of them, and says so each time: what is
// remembered of it is what was found.
func TestSearchForVeryManyWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 30 {
			f := aFile()
			f.Title = fmt.Sprintf("ship%c%c", 'a'+i%26, 'a'+i/26)
			createFile(t, d, f)
		}
		q := db.FileList{Search: "ship", Limit: 50, Now: now}
		first, err := d.FindFiles(t.Context(), q)
		must(t, err)
		again, err := d.FindFiles(t.Context(), q)
		must(t, err)
		if !first.Partial || !again.Partial || len(first.Files) != 8 || len(again.Files) != 8 {
			t.Errorf("partial %v with %d files, then %v with %d", first.Partial, len(first.Files), again.Partial, len(again.Files))
		}
		q.Search = "shipaa"
		if whole, err := d.FindFiles(t.Context(), q); err != nil || whole.Partial || len(whole.Files) != 1 {
			t.Errorf("a whole word: partial %v with %d files, %v", whole.Partial, len(whole.Files), err)
		}
	})
}
