package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/app"
	"vitrine/internal/storage"
	"vitrine/internal/storage/s3"
	"vitrine/internal/vitrine"
)

func TestStoragesConfig(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret", "s3cret\n")
	bucket := func(name, prefix, access, key string, rules storage.Rules) app.Storage {
		return app.Storage{Bucket: &s3.Config{Endpoint: "s3.amazonaws.com", Bucket: name, Prefix: prefix, AccessKey: access, SecretKey: key}, Rules: rules}
	}
	for _, test := range []struct {
		name, file string
		environ    []string
		one        app.Storage
		more       map[string]app.Storage
	}{
		{"options of the default", "", []string{"VITRINE_STORAGE=local:/a?capacity=500GB&kinds=image"},
			app.Storage{Folder: "/a", Rules: storage.Rules{Capacity: 500e9, Kind: vitrine.KindImage}}, nil},
		{"options of the usual folder", "", []string{"VITRINE_STORAGE=local?full=true", "VITRINE_STORAGE_B=local:/b"},
			app.Storage{Rules: storage.Rules{Full: true}}, map[string]app.Storage{"b": {Folder: "/b"}}},
		{"a folder with a question mark", "", []string{"VITRINE_STORAGE=local:/a?b"}, app.Storage{Folder: "/a?b"}, nil},
		{"a bucket with options, keys of its own, one in a file", "",
			[]string{"VITRINE_STORAGE_FILMS=s3://films?kinds=video&capacity=1.5TB", "VITRINE_STORAGE_FILMS_ACCESS_KEY=a", "VITRINE_STORAGE_FILMS_SECRET_KEY_FILE=" + secret},
			app.Storage{}, map[string]app.Storage{"films": bucket("films", "", "a", "s3cret", storage.Rules{Kind: vitrine.KindVideo, Capacity: 1.5e12})}},
		{"keys of the default", "", []string{"VITRINE_STORAGE_S3=s3://pics/x", "VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=b"},
			app.Storage{}, map[string]app.Storage{"s3": bucket("pics", "x", "a", "b", storage.Rules{})}},
		{"two prefixes of one bucket", "", []string{"VITRINE_STORAGE=s3://pics/a", "VITRINE_STORAGE_OLD=s3://pics/ab?kinds=all", "VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=b"},
			bucket("pics", "a", "a", "b", storage.Rules{}), map[string]app.Storage{"old": bucket("pics", "ab", "a", "b", storage.Rules{})}},
		{"in a file, and the environment wins", "[storages.old]\nurl = 'local:/file'\n[storages.other]\nurl = 's3://pics'\naccess_key = 'a'\nsecret_key_file = '" + secret + "'\n",
			[]string{"VITRINE_STORAGE_OLD=local:/env"},
			app.Storage{}, map[string]app.Storage{"old": {Folder: "/env"}, "other": bucket("pics", "", "a", "s3cret", storage.Rules{})}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := app.Sources{Environ: test.environ}
			if test.file != "" {
				s.File = write(t, "vitrine.toml", test.file)
			}
			c, err := app.Load(s)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.one, c.Storage); d != "" {
				t.Errorf("default: %s", d)
			}
			if d := cmp.Diff(test.more, c.Storages); d != "" {
				t.Errorf("others: %s", d)
			}
		})
	}
}

func TestStoragesRefusals(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(folder, link); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "images"), 0o700); err != nil {
		t.Fatal(err)
	}
	keys := []string{"VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=secret@"}
	for _, test := range []struct {
		name, file string
		environ    []string
		want       []string
	}{
		{"no size", "", []string{"VITRINE_STORAGE=local?capacity=much"}, []string{"VITRINE_STORAGE: capacity=much is not a size: write it like 500GB"}},
		{"nothing fits", "", []string{"VITRINE_STORAGE=local?capacity=0"}, []string{"capacity=0 is not a size"}},
		{"no kind", "", []string{"VITRINE_STORAGE=local?kinds=sound"}, []string{"kinds=sound is not a kind of files: use image, video or all"}},
		{"full perhaps", "", []string{"VITRINE_STORAGE=local?full=perhaps"}, []string{"full=perhaps is neither true nor false"}},
		{"option of a bucket for a folder", "", []string{"VITRINE_STORAGE=local:/a?region=x"}, []string{`"region" is not an option of a folder: use capacity, kinds or full`}},
		{"no storage", "", []string{"VITRINE_STORAGE_OLD=ftp://a"}, []string{"VITRINE_STORAGE_OLD: it is no storage: write local"}},
		{"no keys", "", []string{"VITRINE_STORAGE_OLD=s3://pics"}, []string{"VITRINE_STORAGE_OLD names a bucket: give its keys in VITRINE_STORAGE_OLD_ACCESS_KEY and VITRINE_STORAGE_OLD_SECRET_KEY"}},
		{"keys of nothing", "", []string{"VITRINE_STORAGE_OLD_ACCESS_KEY=a"}, []string{"VITRINE_STORAGE_OLD_ACCESS_KEY is for a storage without an address: give VITRINE_STORAGE_OLD too"}},
		{"bad name", "", []string{"VITRINE_STORAGE_9=local:/a"}, []string{"VITRINE_STORAGE_9: there is no such variable"}},
		{"bad field", "[storages.old]\nurl = 'local:/a'\ncolour = 'red'\n", nil, []string{"storages.old.colour in FILE: there is no such key"}},
		{"name of the default", "", []string{"VITRINE_STORAGE_LOCAL=local:/a"}, []string{`the name "local" belongs to the storage that VITRINE_STORAGE names`}},
		{"one folder twice", "", []string{"VITRINE_STORAGE=local:" + folder, "VITRINE_STORAGE_OLD=local:" + link}, []string{"the storages local and old are at the same place"}},
		{"a folder in a folder", "", []string{"VITRINE_STORAGE=local:" + folder, "VITRINE_STORAGE_OLD=local:" + filepath.Join(link, "a", "b")}, []string{"the storages local and old are at the same place, or one inside the other"}},
		{"the folder from before the bucket", "", append([]string{"VITRINE_DATA=" + data, "VITRINE_STORAGE=s3://pics", "VITRINE_STORAGE_OLD=local"}, keys...), []string{"the storages local and old are at the same place"}},
		{"one bucket twice", "", append([]string{"VITRINE_STORAGE=s3://pics/a/b", "VITRINE_STORAGE_OLD=s3://pics/a"}, keys...), []string{"the storages old and s3 are at the same place"}},
		{"nothing takes files", "", []string{"VITRINE_STORAGE=local?full=true", "VITRINE_STORAGE_OLD=local:/a?full=1"}, []string{"every storage has full=true"}},
		{"all at once", "", []string{"VITRINE_STORAGE=local?full=x", "VITRINE_STORAGE_A=b", "VITRINE_STORAGE_C=s3://pics"}, []string{"VITRINE_STORAGE: ", "VITRINE_STORAGE_A: ", "VITRINE_STORAGE_C names a bucket"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := app.Sources{Environ: test.environ}
			if test.file != "" {
				s.File = write(t, "vitrine.toml", test.file)
			}
			_, err := app.Load(s)
			e, ok := errors.AsType[*app.ConfigError](err)
			if !ok || len(e.Mistakes) != len(test.want) {
				t.Fatalf("got %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), strings.ReplaceAll(want, "FILE", s.File)) {
					t.Errorf("does not say %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "secret@") {
				t.Errorf("tells a secret: %v", err)
			}
		})
	}
}
