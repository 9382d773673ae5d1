package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The crowds of the overload.
const (
	overloadClients = 700 // more than there are places for one account
	overloadSmall   = 200
	overloadDrips   = 64
	slowClients     = 400 // fewer than one address may have connections
)

// measureOverload asks for much more than the machine can do and looks at who
// suffers: views while uploads fill both cores, who is refused and how soon, the
// memory of several crowds, and what a slow client costs.
func (b *bench) measureOverload(ctx context.Context) error {
	pictures, err := makePictures()
	if err != nil {
		return err
	}
	s, err := b.startServerIn(ctx, filepath.Join(b.folder, "overload"))
	if err != nil {
		return err
	}
	defer s.stop()
	for _, step := range []func() error{
		func() error { return b.measureViews(ctx, s, pictures[1]) },
		func() error { return b.measureRefusals(ctx, s) },
		func() error { return b.measureCrowds(ctx, s, pictures) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	s.stop()
	// A server that has not done anything yet has no memory to spare.
	if s, err = b.startServerIn(ctx, filepath.Join(b.folder, "slow")); err != nil {
		return err
	}
	defer s.stop()
	return b.measureSlow(ctx, s)
}

// viewRate is how often each kind of view is asked for in a second.
const viewRate = 50

// measureViews compares the slowest of a hundred views of an idle server with
// those while it has more uploads than it can take.
func (b *bench) measureViews(ctx context.Context, s *server, p picture) error {
	u, err := s.uploadOne(ctx, "view.jpg", p.copy(b.number.Add(1)))
	if err != nil {
		return err
	}
	kinds := []struct{ what, address string }{
		{"viewer page", u.Image.URLViewer},
		{"thumb", u.Image.Thumb.URL},
		{fmt.Sprintf("raw file of %d KB", p.size/1000), u.Image.URL},
	}
	// What the kernel lets pass while every processor is busy, nginx shows: it gets the
	// same file to serve, under the load that is ours.
	nginx, stopNginx, err := b.startNginx(ctx, "") // tcp_nopush is for throughput: some answers wait for 30 ms
	if err != nil {
		return err
	}
	defer stopNginx()
	if err := os.WriteFile(filepath.Join(b.folder, "www", "view.jpg"), p.copy(b.number.Add(1)), 0o644); err != nil {
		return err
	}
	addresses := make([]string, len(kinds), len(kinds)+1)
	for i, k := range kinds {
		addresses[i] = k.address
	}
	addresses = append(addresses, nginx+"/view.jpg")
	span := 2 * b.span
	if _, err := views(ctx, addresses, b.span/6); err != nil { // warm up
		return err
	}
	idle, err := views(ctx, addresses, span)
	if err != nil {
		return err
	}
	load, stop, err := b.startPour(ctx, s, pourOrder{Kind: 0, Clients: 128, First: 1 << 20})
	if err != nil {
		return err
	}
	time.Sleep(b.span / 3) // until the queue is long
	loaded, err := views(ctx, addresses, span)
	stop()
	if err != nil {
		return err
	}
	got := <-load
	of := func(n int, before, after []time.Duration) string {
		return fmt.Sprintf("%s → %s", number(ms(percentile(before, n))), number(ms(percentile(after, n))))
	}
	var before, after []time.Duration
	var each []string
	for i, k := range kinds {
		before, after = append(before, idle[i]...), append(after, loaded[i]...)
		each = append(each, k.what+" "+of(99, idle[i], loaded[i]))
	}
	times := func(before, after []time.Duration) float64 {
		return float64(percentile(after, 99)) / float64(percentile(before, 99))
	}
	theirs, theirsLoaded := idle[len(kinds)], loaded[len(kinds)]
	b.add(report{
		what: "views, 99 of 100 under full upload load, times that of idle", unit: "×", target: 2,
		measured: times(before, after), limit: times(theirs, theirsLoaded),
		limitIs: fmt.Sprintf("%s ms (%s; nginx beside it %s); half within %s ms; %.1f uploads/s meanwhile",
			of(99, before, after), strings.Join(each, ", "), of(99, theirs, theirsLoaded), of(50, before, after), float64(got.Stored)/got.Span.Seconds()),
	})
	return nil
}

// measureRefusals sends from more clients than there are places.
func (b *bench) measureRefusals(ctx context.Context, s *server) error {
	load, stop, err := b.startPour(ctx, s, pourOrder{Kind: 0, Clients: min(overloadClients, 11*b.crowd), First: 1 << 21, Once: true})
	if err != nil {
		return err
	}
	defer stop()
	// Meanwhile somebody asks whether they may send.
	var refusedIn []time.Duration
	var got poured
	for done := false; !done; {
		select {
		case got = <-load:
			done = true
		case <-time.After(20 * time.Millisecond):
			took, refused, err := askToSend(ctx, s)
			if err != nil {
				return err
			}
			if refused {
				refusedIn = append(refusedIn, took)
			}
		}
	}
	if got.Failed > 0 {
		return fmt.Errorf("%d of %d uploads failed otherwise than by 503: %s", got.Failed, got.Stored+got.Refused+got.Failed, got.Reason)
	}
	b.add(report{
		what: fmt.Sprintf("%d × 12 MP JPEG at once, told to come back (503)", got.Stored+got.Refused), unit: "", measured: float64(got.Refused),
		limitIs: fmt.Sprintf("%d stored in %.1f s; Retry-After %d to %d s", got.Stored, got.Span.Seconds(), got.SoonestRetry, got.LatestRetry),
	})
	if len(refusedIn) > 0 {
		b.add(report{
			what: "from connecting to a 503, with nothing of the body sent", unit: "ms", measured: ms(percentile(refusedIn, 50)),
			limitIs: fmt.Sprintf("%d asked meanwhile; 99 of 100 within %s ms", len(refusedIn), number(ms(percentile(refusedIn, 99)))),
		})
	}
	return nil
}

// askToSend sends the head of an upload and waits for leave or for a refusal.
func askToSend(ctx context.Context, s *server) (took time.Duration, refused bool, err error) {
	begin := time.Now()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return 0, false, err
	}
	defer c.Close()
	_, err = fmt.Fprintf(c, "POST /api/1/upload HTTP/1.1\r\nHost: bench\r\nX-API-Key: %s\r\nContent-Type: multipart/form-data; boundary=b\r\n"+
		"Content-Length: 4000000\r\nExpect: 100-continue\r\n\r\n", s.key)
	if err != nil {
		return 0, false, err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	return time.Since(begin), strings.HasPrefix(line, "HTTP/1.1 503"), err
}

// percentile is the time that n of a hundred do not exceed. It sorts the times.
func percentile(times []time.Duration, n int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(len(times)*n/100, len(times)-1)]
}
