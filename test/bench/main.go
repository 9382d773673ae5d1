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
	folder  string
	binary  string
	span    time.Duration
	crowd   int // simultaneous uploads of the memory test
	files   int // on the site whose pages are measured
	reports []report
	number  atomic.Uint32 // of the next copy of a picture
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "pour" {
		if err := pour(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	binary := flag.String("binary", "bin/vitrine", "the program to measure")
	span := flag.Duration("span", 6*time.Second, "how long each measurement lasts")
	write := flag.String("write", "", "also write the table to this file")
	overload := flag.Bool("overload", false, "only measure what happens when it is too much")
	smoke := flag.Bool("smoke", false, "only see that everything can be measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 8*time.Minute)
	defer cancel()

	b := &bench{span: *span, crowd: 64, files: 100_000}
	if *smoke {
		b.span, b.crowd, b.files = 300*time.Millisecond, 8, 1000
	}
	measure := b.run
	if *overload {
		measure = b.runOverload
	}
	if err := measure(ctx, *binary); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	b.print(os.Stdout)
	if *write != "" && !*smoke {
		if err := b.write(*write); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
	}
}

// runOverload measures only what happens when it is too much.
func (b *bench) runOverload(ctx context.Context, binary string) (err error) {
	if b.binary, err = filepath.Abs(binary); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "vitrine-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
	return b.measureOverload(ctx)
}

// run measures everything, one thing after the other.
func (b *bench) run(ctx context.Context, binary string) error {
	var err error
	if b.binary, err = filepath.Abs(binary); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "vitrine-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
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
