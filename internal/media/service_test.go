package media_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// bench is a service with a spool folder of its own.
type bench struct {
	*media.Service
	spool string
}

func newBench(t testing.TB, change func(*media.Config)) bench {
	t.Helper()
	c := media.Config{Decoders: 1, Spool: t.TempDir(), Timeout: 20 * time.Second}
	if change != nil {
		change(&c)
	}
	s, err := media.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return bench{s, c.Spool}
}

// put copies bytes into the spool.
func (b bench) put(t testing.TB, data []byte) string {
	t.Helper()
	f, err := os.CreateTemp(b.spool, "in-")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

func (b bench) putFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b.put(t, data)
}

// request is a rendering with the sizes of a new site.
func (b bench) request(t testing.TB, path string) vitrine.RenderRequest {
	t.Helper()
	i, err := b.Inspect(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return vitrine.RenderRequest{
		Source: path, Folder: b.folder(t), Inspection: *i, Thumb: vitrine.Dimensions{Width: 320, Height: 320}, Medium: 500, StripGPS: true,
	}
}

func (b bench) folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp(b.spool, "out-")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
