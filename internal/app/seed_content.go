package app

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"vitrine/internal/demo"
	"vitrine/internal/vitrine"
)

var seedUsers = []struct{ name string }{{"anna"}, {"bob"}, {"chiyo"}, {"dmitri"}}

var seedCategories = []string{"Landscapes", "Travel", "Night sky"}

// seedAlbum is an album of the demo content. Parents stand before what is in them.
type seedAlbum struct {
	owner, name, parent, description string
	privacy                          vitrine.Privacy
	password                         string
}

var seedAlbums = []seedAlbum{
	{owner: "anna", name: "Summer by the fjord", description: "Three weeks in a tent, and hardly a drop of rain."},
	{owner: "anna", name: "Evenings", parent: "Summer by the fjord"},
	{owner: "anna", name: "Every orientation", description: "However the camera was held."},
	{owner: "anna", name: "Family", privacy: vitrine.PrivacyPrivate},
	{owner: "anna", name: "For friends", privacy: vitrine.PrivacyPassword, password: "friends"},
	{owner: "anna", name: "Drafts", privacy: vitrine.PrivacyUnlisted},
	{owner: "bob", name: "Formats", description: "One of each."},
	{owner: "chiyo", name: "山の朝", description: "霧が晴れるまでの一時間。"},
	{owner: "dmitri", name: "Осенние прогулки"},
}

// seedFile is a file of the demo content.
type seedFile struct {
	owner, album, name, title, description, tags, expires string
	nsfw                                                  bool
	content                                               func(context.Context) ([]byte, error)
}

// seedFiles is all of them. Every picture is another one.
func seedFiles() []seedFile {
	var list []seedFile
	var seed uint64
	scene := func(w, h int) demo.Scene {
		seed++
		return demo.Scene{Seed: seed * 13, Width: w, Height: h}
	}
	taken := func(sc demo.Scene, orientation int, sphere bool) func(context.Context) ([]byte, error) {
		return func(context.Context) ([]byte, error) {
			at := time.Date(2026, 7, int(sc.Seed%28)+1, 19, 30, 0, 0, time.UTC)
			return demo.JPEG(sc, demo.Camera{Make: "Vitrine", Model: "Seed One", TakenAt: at, Orientation: orientation, Sphere: sphere})
		}
	}
	photo := func(w, h, orientation int) func(context.Context) ([]byte, error) {
		return taken(scene(w, h), orientation, false)
	}
	for i, title := range []string{"First light", "The long ridge", "Before the rain", "Quiet water", "Camp above the trees", "Last boat home"} {
		list = append(list, seedFile{
			owner: "anna", album: "Summer by the fjord", name: fmt.Sprintf("fjord-%d.jpg", i+1), title: title,
			description: "Seen on the way up.", tags: "norway,summer,mountains", content: photo([]int{1600, 1280, 960, 1500, 1200, 2000}[i], []int{1000, 960, 1280, 500, 1200, 1250}[i], 1),
		})
	}
	for i, title := range []string{"Ember", "Blue hour", "Moonrise"} {
		list = append(list, seedFile{owner: "anna", album: "Evenings", name: fmt.Sprintf("evening-%d.jpg", i+1), title: title, tags: "norway,night", content: photo(1400, 900, 1)})
	}
	for n := 1; n <= 8; n++ {
		list = append(list, seedFile{owner: "anna", album: "Every orientation", name: fmt.Sprintf("orientation-%d.jpg", n), title: fmt.Sprintf("Orientation %d", n), tags: "test", content: photo(900, 600, n)})
	}
	list = append(list,
		seedFile{owner: "anna", album: "Family", name: "garden.jpg", title: "In the garden", tags: "family", content: photo(1200, 800, 1)},
		seedFile{owner: "anna", album: "For friends", name: "surprise.jpg", title: "The surprise", content: photo(1200, 900, 1)},
		seedFile{owner: "anna", album: "Drafts", name: "draft.jpg", title: "Not yet finished", content: photo(1000, 1000, 1)},
		seedFile{owner: "anna", name: "today-only.jpg", title: "Only for today", expires: "P1D", tags: "expiring", content: photo(1000, 700, 1)},
		seedFile{owner: "bob", name: "tower.jpg", title: "Tall", tags: "tall", content: photo(500, 2400, 1)},
		seedFile{owner: "bob", name: "panorama.jpg", title: "A very wide view over all the hills that can be seen from here on a clear day in the middle of the summer", tags: "wide,mountains", content: photo(3000, 520, 1)},
		seedFile{owner: "bob", name: "icon.png", title: "Small", content: still(scene(48, 48))},
		seedFile{owner: "bob", name: "covered.jpg", title: "Behind a cover", nsfw: true, tags: "covered", content: photo(1100, 800, 1)},
		seedFile{owner: "bob", album: "Formats", name: "hills.png", title: "PNG", tags: "formats", content: still(scene(900, 600))},
		seedFile{owner: "bob", album: "Formats", name: "sunrise.gif", title: "GIF", tags: "formats,animated", content: moving(scene(320, 200))},
	)
	for _, ext := range []string{"webp", "avif", "bmp", "mp4", "webm", "mov"} {
		list = append(list, seedFile{owner: "bob", album: "Formats", name: "hills." + ext, title: strings.ToUpper(ext), tags: "formats", content: converted(scene(960, 540), ext)})
	}
	for i, title := range []string{"霧", "稜線", "朝焼け"} {
		list = append(list, seedFile{owner: "chiyo", album: "山の朝", name: fmt.Sprintf("asa-%d.jpg", i+1), title: title, description: "長野県、午前五時。", tags: "山,朝,日本", content: photo(1500, 1000, 1)})
	}
	for i, title := range []string{"Туман над холмами", "Дорога домой", "Первый снег"} {
		list = append(list, seedFile{owner: "dmitri", album: "Осенние прогулки", name: fmt.Sprintf("osen-%d.jpg", i+1), title: title, tags: "осень,горы", content: photo(1300, 900, 1)})
	}
	return append(list,
		seedFile{name: "found.jpg", title: "From a passer-by", tags: "mountains", content: photo(1200, 750, 1)},
		seedFile{owner: "bob", name: "around.jpg", title: "All around", tags: "mountains", content: taken(scene(2400, 1200), 1, true)},
	)
}

func still(s demo.Scene) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return demo.PNG(s) }
}

func moving(s demo.Scene) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return demo.GIF(s, 12) }
}

// converted lets ffmpeg write the landscape in a format that Go does not: films
// move slowly into the picture.
func converted(s demo.Scene, ext string) func(context.Context) ([]byte, error) {
	return func(ctx context.Context) ([]byte, error) {
		folder, err := os.MkdirTemp("", "vitrine-seed-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(folder)
		picture, err := demo.PNG(s)
		if err != nil {
			return nil, err
		}
		from, to := filepath.Join(folder, "in.png"), filepath.Join(folder, "out."+ext)
		if err := os.WriteFile(from, picture, 0o600); err != nil {
			return nil, err
		}
		args := []string{"-nostdin", "-loglevel", "error", "-i", from}
		if f, ok := vitrine.FormatOfExtension(ext); ok && f.Kind() == vitrine.KindVideo {
			args = append(args, "-vf", "zoompan=z='1+0.002*on':d=75:s=960x540:fps=25", "-t", "3", "-pix_fmt", "yuv420p")
		} else {
			args = append(args, "-frames:v", "1")
		}
		if out, err := exec.CommandContext(ctx, "ffmpeg", append(args, to)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("ffmpeg: %w: %s", err, out)
		}
		return os.ReadFile(to)
	}
}
