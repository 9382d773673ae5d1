package media_test

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// processor is the time that this process and its ended children have taken.
func processor() time.Duration {
	var self, children syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &self)
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
	return time.Duration(self.Utime.Nano() + self.Stime.Nano() + children.Utime.Nano() + children.Stime.Nano())
}

// measure tells the processor time of one call, decoders included but not their
// start.
func measure(b *testing.B, job func(b *testing.B, s bench, path string), data []byte) {
	run := func(more func() bool) (took time.Duration, n int) {
		s := newBench(b, func(c *media.Config) { c.Decoders = 1 })
		path := s.put(b, data)
		before := processor()
		for range 2 { // the first ones are slower
			job(b, s, path)
		}
		for ; more(); n++ {
			job(b, s, path)
		}
		s.Close()
		return processor() - before, n
	}
	start, _ := run(func() bool { return false })
	total, n := run(b.Loop)
	b.ReportMetric(float64((total-start).Microseconds())/1e3/float64(n), "cpu-ms/op")
}

func whole(b *testing.B, s bench, path string) {
	i, err := s.Inspect(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	render(b, s, vitrine.RenderRequest{Inspection: *i, Thumb: vitrine.Dimensions{Width: 320, Height: 320}, Medium: 500}, path)
}

// bare decodes at the least cost and makes a stamp: the floor under every
// rendering.
func bare(b *testing.B, s bench, path string) {
	i, err := s.Inspect(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	render(b, s, vitrine.RenderRequest{Inspection: *i, Medium: 16}, path)
}

func render(b *testing.B, s bench, req vitrine.RenderRequest, path string) {
	req.Source, req.Folder = path, s.spool
	req.StripGPS = true
	r, err := s.Render(context.Background(), req)
	if err != nil {
		b.Fatal(err)
	}
	// An upload takes them away; a file system may flush what replaces a file.
	for _, o := range []*vitrine.Output{r.Thumb, r.Medium} {
		if o != nil {
			_ = os.Remove(o.Path)
		}
	}
}

func BenchmarkPicture(b *testing.B) {
	for _, c := range []struct {
		name string
		data func() []byte
	}{{"12MP", jpeg12MP}, {"1280x960", jpeg1MP}, {"2KB", png2KB}} {
		b.Run(c.name, func(b *testing.B) { measure(b, whole, c.data()) })
		b.Run(c.name+"/decode-alone", func(b *testing.B) { measure(b, bare, c.data()) })
	}
}

func BenchmarkInspect(b *testing.B) {
	s := newBench(b, nil)
	path := s.put(b, jpeg12MP())
	for b.Loop() {
		if _, err := s.Inspect(context.Background(), path); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s := newBench(b, nil)
		if err := s.Check(context.Background()); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
