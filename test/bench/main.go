package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

// bench is one run: the folder that it works in, and how long each measurement
// lasts.
type bench struct {
	folder      string
	binary      string
	span        time.Duration
	crowd       int // simultaneous uploads of the memory test
	files       int // on the site whose pages are measured
	reports     []report
	comparisons []*comparison // of scale
	number      atomic.Uint32 // of the next copy of a picture
}

func main() {
	if len(os.Args) > 1 {
		if crowd := map[string]func() error{"pour": pour, "view": view}[os.Args[1]]; crowd != nil {
			if err := crowd(); err != nil {
				fmt.Fprintln(os.Stderr, "bench:", err)
				os.Exit(1)
			}
			return
		}
	}
	binary := flag.String("binary", "bin/vitrine", "the program to measure")
	span := flag.Duration("span", 6*time.Second, "how long each measurement lasts")
	write := flag.String("write", "", "also write the table to this file")
	overload := flag.Bool("overload", false, "only measure what happens when it is too much")
	large := flag.Bool("scale", false, "compare sites of several sizes, on SQLite and PostgreSQL, and then as -overload")
	sc := scale{sizes: []int{100_000, 10_000_000}, sites: places{}}
	flag.Var((*sizes)(&sc.sizes), "files", "with -scale: the numbers of files, the one to compare with first (default 100000,10000000)")
	flag.Var(sc.sites, "site", "with -scale: a site that exists, sqlite:FILES=FOLDER or postgres:FILES=URL,FOLDER; may be repeated")
	flag.StringVar(&sc.password, "password", "a long enough password", "with -scale: the password of anna on sites that exist")
	flag.StringVar(&sc.folder, "folder", "", "with -scale: where sites are made and stay; those that are there are used (default: a temporary one)")
	flag.StringVar(&sc.engines, "engines", "sqlite,postgres", "with -scale: which engines")
	smoke := flag.Bool("smoke", false, "only see that everything can be measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	limit := 8 * time.Minute
	if *large {
		limit = 6 * time.Hour // most of it for making the sites
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	b := &bench{span: *span, crowd: 64, files: 100_000}
	if *smoke {
		b.span, b.crowd, b.files = 300*time.Millisecond, 8, 1000
		sc.sizes = []int{30_000, 60_000} // smaller ones have no second parts
	}
	sections := []section{{"bench", b.run, b.text}}
	switch tooMuch := (section{"bench-overload", b.measureOverload, b.overloadText}); {
	case *overload:
		sections = []section{tooMuch}
	case *large:
		sections = []section{{"bench-scale", func(ctx context.Context) error { return b.runScale(ctx, sc) }, b.scaleText}, tooMuch}
	}
	if *smoke {
		*write = ""
	}
	if err := b.measure(ctx, *binary, *write, sections); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// section is a part of the documentation, and how its figures are made.
type section struct {
	name    string
	measure func(context.Context) error
	text    func() string
}

// measure makes the sections in a folder that goes away, prints them, and writes them
// into a file if it has a name.
func (b *bench) measure(ctx context.Context, binary, write string, sections []section) (err error) {
	if b.binary, err = filepath.Abs(binary); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "vitrine-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
	for _, s := range sections {
		b.reports, b.comparisons = nil, nil
		if err := s.measure(ctx); err != nil {
			return err
		}
		b.print(os.Stdout)
		if write == "" {
			continue
		}
		if err := writeSection(write, s.name, s.text()); err != nil {
			return err
		}
	}
	return nil
}

// run measures everything but sites of several sizes, one thing after the other.
func (b *bench) run(ctx context.Context) error {
	pictures, err := makePictures()
	if err != nil {
		return err
	}
	s, err := b.startServer(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, step := range []func() error{
		func() error { return b.measureUploads(ctx, s, pictures) },
		func() error { return b.measureCrowd(ctx, s, pictures[0]) },
		func() error { return b.measurePages(ctx, s, pictures[1]) },
		func() error { return b.measureRaw(ctx, s, pictures[1]) },
		func() error { return b.measureSite(ctx, b.files) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	s.stop()
	return b.measureStart(ctx)
}
