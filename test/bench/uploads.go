package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// load is what came of uploading for a while.
type load struct {
	cpu  time.Duration // of the server and its decoders, for one upload
	rate float64       // uploads a second
	half time.Duration // half of the uploads took no longer than this
}

// uploadFor uploads copies of a picture for a span, from twice as many clients
// as there are cores.
func (b *bench) uploadFor(ctx context.Context, s *server, p picture, span time.Duration) (load, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	copies := make(chan []byte, 16)
	var maker, clients sync.WaitGroup
	maker.Go(func() {
		for {
			select {
			case copies <- p.copy(b.number.Add(1)):
			case <-ctx.Done():
				return
			}
		}
	})
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	start, cpu := time.Now(), cpuOf(s.cmd.Process.Pid)
	for range 2 * runtime.NumCPU() {
		clients.Go(func() {
			for first := true; first || time.Since(start) < span; first = false {
				content := <-copies
				begin := time.Now()
				_, err := s.upload(ctx, p.file, content)
				mu.Lock()
				times, failed = append(times, time.Since(begin)), errors.Join(failed, err)
				stop := failed != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	clients.Wait()
	used, elapsed := cpuOf(s.cmd.Process.Pid)-cpu, time.Since(start)
	cancel()
	maker.Wait()
	if failed != nil {
		return load{}, failed
	}
	slices.Sort(times)
	n := len(times)
	return load{used / time.Duration(n), float64(n) / elapsed.Seconds(), times[n/2]}, nil
}

// measureUploads prints CPU and rate of each kind of upload beside the limits:
// its pixels alone, and its bytes alone.
func (b *bench) measureUploads(ctx context.Context, s *server, pictures []picture) error {
	for _, p := range pictures {
		if _, err := b.uploadFor(ctx, s, p, b.span/6); err != nil { // warm up
			return err
		}
		l, err := b.uploadFor(ctx, s, p, b.span)
		if err != nil {
			return err
		}
		pixels, err := pixelsAlone(b.folder, p.copy(0), b.span/3)
		if err != nil {
			return err
		}
		bytes, err := bytesAlone(b.folder, p.copy(0), b.span/3)
		if err != nil {
			return err
		}
		limit := pixels + bytes
		b.add(report{
			what: p.name + ", CPU for one upload", unit: "ms", measured: ms(l.cpu), target: p.target,
			limit: ms(limit), limitIs: fmt.Sprintf("pixels %.2f + MD5, write, sync %.2f", ms(pixels), ms(bytes)),
		})
		b.add(report{
			what: p.name + ", uploads", unit: "/s", measured: l.rate, more: true,
			limit: float64(runtime.NumCPU()) / limit.Seconds(), limitIs: fmt.Sprintf("cores ÷ limit; half within %.0f ms", ms(l.half)),
		})
	}
	return nil
}

// measureCrowd uploads many large pictures at the same time: each succeeds or is
// refused with 503, and the memory of all processes stays small.
func (b *bench) measureCrowd(ctx context.Context, s *server, p picture) error {
	watch, stopWatching := context.WithCancel(ctx)
	var peak int64
	var watcher, clients sync.WaitGroup
	watcher.Go(func() {
		for watch.Err() == nil {
			peak = max(peak, memoryOf(s.cmd.Process.Pid))
			time.Sleep(20 * time.Millisecond)
		}
	})
	var done, busy, failed atomic.Int64
	var reason atomic.Value
	contents := make([][]byte, b.crowd)
	for i := range contents {
		contents[i] = p.copy(b.number.Add(1))
	}
	start := time.Now()
	for _, content := range contents {
		clients.Go(func() {
			switch _, err := s.upload(ctx, p.file, content); {
			case err == nil:
				done.Add(1)
			case errors.Is(err, errBusy):
				busy.Add(1)
			default:
				failed.Add(1)
				reason.Store(err.Error())
			}
		})
	}
	clients.Wait()
	elapsed := time.Since(start)
	stopWatching()
	watcher.Wait()
	if n := failed.Load(); n > 0 {
		return fmt.Errorf("%d of %d simultaneous uploads failed: %v", n, b.crowd, reason.Load())
	}
	b.add(report{
		what: fmt.Sprintf("%d × %s at once, peak memory of all processes", b.crowd, p.name), unit: "MB", measured: float64(peak) / 1e6, target: 600,
		limitIs: fmt.Sprintf("%d stored, %d told to come back (503), in %.1f s", done.Load(), busy.Load(), elapsed.Seconds()),
	})
	return nil
}

// uploaded are the addresses in an answer.
type uploaded struct {
	Image struct {
		URL       string
		URLViewer string `json:"url_viewer"`
		Thumb     struct{ URL string }
	}
}

// uploadOne uploads a file and reads its addresses.
func (s *server) uploadOne(ctx context.Context, name string, content []byte) (uploaded, error) {
	text, err := s.upload(ctx, name, content)
	if err != nil {
		return uploaded{}, err
	}
	var u uploaded
	return u, json.Unmarshal([]byte(text), &u)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
