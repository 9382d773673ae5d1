package media_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// Sixty-four pictures of 12 MP at once: all of them are made or refused as busy,
// and server and decoders together stay under 600 MB.
func TestManyAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	b := newBench(t, func(c *media.Config) {
		c.Decoders, c.Timeout = 0, time.Minute
	})
	path := b.put(t, jpeg12MP())
	var wg sync.WaitGroup
	results := make(chan error, 64)
	for range 64 {
		folder := b.folder(t)
		wg.Go(func() {
			i, err := b.Inspect(context.Background(), path)
			if err == nil {
				_, err = b.Render(context.Background(), vitrine.RenderRequest{
					Source: path, Folder: folder, Inspection: *i, Thumb: vitrine.Dimensions{Width: 320, Height: 320}, Medium: 500, StripGPS: true,
				})
			}
			results <- err
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	peak := int64(0)
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-time.After(20 * time.Millisecond):
		}
		sum := resident(os.Getpid())
		for _, pid := range children(t, b.spool) {
			sum += resident(pid)
		}
		peak = max(peak, sum)
	}
	made, refused := 0, 0
	for range 64 {
		switch err := <-results; {
		case err == nil:
			made++
		case vitrine.Is(err, vitrine.CodeBusy):
			refused++
		default:
			t.Error(err)
		}
	}
	t.Logf("%d made, %d refused, peak %d MB", made, refused, peak>>20)
	if made == 0 || peak > 600<<20 {
		t.Errorf("%d made, peak %d MB", made, peak>>20)
	}
}

// resident tells how many bytes of memory a process holds; 0 if it is gone.
func resident(pid int) int64 {
	data, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(pid), "statm"))
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.Fields(string(data))[1], 10, 64)
	return n * int64(os.Getpagesize())
}
