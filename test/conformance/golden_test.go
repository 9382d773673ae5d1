package conformance_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// recording is one recorded request and answer of the original.
type recording struct {
	Name    string
	Request struct{ Curl []string }
	Status  int
	Headers map[string]string
	Body    string
	Note    string
	HTML    *struct {
		Title   string
		OG      map[string]string
		Twitter map[string]string
	}
	Stored map[string]stored

	number string // "001"
}

// recordings are all of them, in the order in which they were made.
var recordings = sync.OnceValues(func() ([]recording, error) {
	paths, err := filepath.Glob("testdata/golden/*.json")
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var list []recording
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var r recording
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, err
		}
		r.number = filepath.Base(path)[:3]
		list = append(list, r)
	}
	return list, nil
})

// goldenSite is a site and the recordings that it is asked to repeat.
type goldenSite struct {
	name     string
	from, to string // numbers of recordings, both included
	settings map[string]string
	user     bool     // with the key of a user who is no admin
	before   []string // inputs that are uploaded first
}

// goldenSettings make a site speak of the same time zone and name as the
// recorded one, in the free edition's form of addresses.
var goldenSettings = map[string]string{
	"timezone": "America/Santiago", "site_name": "Chevereto", "titles_in_urls": "off",
	"route_video": "video", "url_upload": "off", "flood_protection": "off",
}

var goldenSites = []goldenSite{
	{name: "defaults", from: "001", to: "091"},
	{name: "upload by URL", from: "092", to: "105", settings: map[string]string{"url_upload": "admins"}},
	{name: "a user's key", from: "106", to: "109", user: true},
	{name: "duplicates allowed", from: "110", to: "110", user: true, settings: map[string]string{"on_duplicate": "allow"}, before: []string{"dupe1.jpg"}},
	{name: "uploads off", from: "111", to: "111", user: true, settings: map[string]string{"uploads": "off"}},
	{name: "jpg and png only", from: "112", to: "112", settings: map[string]string{"upload_formats": "jpg,png"}},
	{name: "at most 300 wide", from: "113", to: "113", settings: map[string]string{"max_width": "300"}},
	{name: "names original", from: "114", to: "114", settings: map[string]string{"upload_naming": "original"}},
	{name: "names random", from: "115", to: "115", settings: map[string]string{"upload_naming": "random"}},
	{name: "names mixed", from: "116", to: "116", settings: map[string]string{"upload_naming": "mixed"}},
	{name: "names id", from: "117", to: "117", settings: map[string]string{"upload_naming": "id"}},
	{name: "no folders", from: "118", to: "118", settings: map[string]string{"storage_mode": "direct"}},
	{name: "folders by date", from: "119", to: "119", settings: map[string]string{"storage_mode": "datefolder"}},
	{name: "without EXIF", from: "120", to: "120", settings: map[string]string{"keep_exif": "off"}},
	{name: "a file's life", from: "121", to: "133", settings: map[string]string{"delete_url_mode": "instant"}},
	{name: "a user without EXIF", from: "134", to: "134", settings: map[string]string{"keep_exif": "off"}},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	all, err := recordings()
	if err != nil || len(all) < 100 {
		t.Fatalf("%d recordings: %v", len(all), err)
	}
	used := &usage{rows: make([]bool, len(deviations)), replaced: map[string]bool{}}
	replayed := make([]int, len(goldenSites))
	t.Run("sites", func(t *testing.T) {
		for i, g := range goldenSites {
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				r := newReplay(t, g, used)
				for _, rec := range all {
					if rec.number >= g.from && rec.number <= g.to {
						replayed[i]++
						t.Run(rec.number+" "+rec.Name, func(t *testing.T) { r.run(t, rec) })
					}
				}
			})
		}
	})
	total := 0
	for _, n := range replayed {
		total += n
	}
	if total != len(all) {
		t.Errorf("%d of %d recordings were repeated: each needs its place in goldenSites", total, len(all))
	}
	if !t.Failed() {
		used.check(t)
	}
}

// replay is a site in the middle of repeating recordings.
type replay struct {
	*site
	key    string
	folder string // with the files that curl sends
	files  string // origin of the server with the files to be fetched
	used   *usage
	// words are what stands for a recorded word here: ids, tokens, addresses.
	words map[string]string
}

func newReplay(t *testing.T, g goldenSite, used *usage) *replay {
	t.Helper()
	settings := map[string]string{}
	for _, m := range []map[string]string{goldenSettings, g.settings} {
		for k, v := range m {
			settings[k] = v
		}
	}
	s := start(t, options{Settings: settings})
	r := &replay{site: s, key: s.AdminKey, folder: t.TempDir(), used: used, words: map[string]string{}}
	if g.user {
		r.key = s.UserKey
	}
	if err := os.CopyFS(r.folder, os.DirFS("testdata/golden/inputs")); err != nil {
		t.Fatal(err)
	}
	// The file of the too-large cases: a picture, and 32.6 MB.
	big := append(input(t, "plain.jpg"), make([]byte, 32_600_000)...)
	if err := os.WriteFile(filepath.Join(r.folder, "big.jpg"), big, 0o600); err != nil {
		t.Fatal(err)
	}
	// What only lay on the recorded server of files.
	for name, content := range map[string][]byte{"p39.jpg": input(t, "p2.jpg"), "p40.jpg": input(t, "p3.jpg"), "noext": input(t, "tiny.png"), "note.txt": []byte("just some text\n")} {
		if err := os.WriteFile(filepath.Join(r.folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(http.FileServer(http.Dir(r.folder)))
	t.Cleanup(server.Close)
	r.files = server.URL
	r.prepareAlbums(t)
	for _, name := range g.before {
		r.upload(t, r.key, file("source", name, input(t, name))).wantUpload(t)
	}
	return r
}

// run repeats one recording and compares the answers.
func (r *replay) run(t *testing.T, rec recording) {
	t.Helper()
	args := make([]string, 0, len(rec.Request.Curl))
	for _, arg := range rec.Request.Curl[1:] {
		arg = strings.NewReplacer(
			"$BASE", r.URL, "$KEY", r.key, "http://127.0.0.1:33181", r.files, "http://localhost:33181", strings.Replace(r.files, "127.0.0.1", "localhost", 1), "http%3A%2F%2F127.0.0.1%3A33181", "http%3A%2F%2F"+strings.ReplaceAll(strings.TrimPrefix(r.files, "http://"), ":", "%3A"),
			"http%3A%2F%2F127.0.0.1%3A33180", "http%3A%2F%2F"+strings.ReplaceAll(strings.TrimPrefix(r.URL, "http://"), ":", "%3A"),
		).Replace(arg)
		for recorded, here := range r.words {
			arg = strings.ReplaceAll(arg, recorded, here)
		}
		args = append(args, arg)
	}
	got, _ := curl(t, r.folder, args...)
	if rec.number == "121" && got.Status == http.StatusOK {
		defer r.learn(rec, got)
	}
	if row, ok := replacements[rec.number]; ok {
		r.used.replace(rec.number)
		row.check(t, r, got)
		return
	}
	want := newAnswer(rec.Status, http.Header{}, []byte(rec.Body))
	for name, value := range rec.Headers {
		want.Header.Set(name, value)
	}
	ours, theirs := r.normalise(t, rec, got, r.URL, r.key), r.normalise(t, rec, want, "http://127.0.0.1:33180", "$KEY")
	differences := compare("", theirs, ours)
	if rec.HTML != nil {
		differences = append(differences, compareHead(t, rec, got, r.URL, r.back())...)
	}
	if got.Status == http.StatusOK && len(rec.Stored) > 0 {
		differences = append(differences, r.compareStored(t, rec, got)...)
	}
	for _, d := range differences {
		if !r.used.covers(rec.number, d) {
			t.Errorf("%s, and no row of golden_deviations_test.go says why", d)
		}
	}
	if t.Failed() {
		t.Logf("curl %q\ngot %s", args, got)
	}
}

// learn notes what the recordings that follow call the file by.
func (r *replay) learn(rec recording, got answer) {
	recorded := newAnswer(rec.Status, nil, []byte(rec.Body))
	r.words[recorded.text("image.id_encoded")] = got.text("image.id_encoded")
	// Most of the token is enough to find both the right and the bad one.
	token := func(a answer) string { u := a.text("image.delete_url"); return u[len(u)-48:] }
	r.words[token(recorded)] = token(got)
	r.words[token(recorded)[:42]+"000000"] = token(got)[:42] + "000000"
	path := func(a answer) string { _, p, _ := strings.Cut(a.text("image.url"), "/images/"); return p }
	r.words[path(recorded)] = path(got)
}
