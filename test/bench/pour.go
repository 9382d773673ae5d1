package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// pourOrder asks for uploads from another process, of the lowest priority: the
// clients that it stands for have machines of their own.
type pourOrder struct {
	URL, Key string
	Kind     int    // which picture
	Clients  int    // at the same time
	First    uint32 // number of the first copy
	Once     bool   // each client sends one, else again and again until the input ends
}

// poured is what came of it.
type poured struct {
	Stored, Refused, Failed   int
	Reason                    string // of a failure
	Span                      time.Duration
	RefusedIn                 []time.Duration
	SoonestRetry, LatestRetry int // seconds
}

// startPour starts the process. Its result comes when stop was called, or when
// all is sent.
func (b *bench) startPour(ctx context.Context, s *server, order pourOrder) (result <-chan poured, stop func(), err error) {
	order.URL, order.Key = s.url, s.key
	text, err := json.Marshal(order)
	if err != nil {
		return nil, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, "nice", "-n", "19", self, "pour")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	if _, err := in.Write(append(text, '\n')); err != nil {
		return nil, nil, err
	}
	done := make(chan poured, 1)
	go func() {
		defer close(done)
		var p poured
		if err := errors.Join(cmd.Wait(), json.Unmarshal(out.Bytes(), &p)); err != nil {
			p.Failed, p.Reason = 1, err.Error()
		}
		done <- p
	}()
	return done, func() { in.Close() }, nil
}

// pour is the main function of that process.
func pour() error {
	// Between sessions nice(1) counts for nothing: sched(7), autogroups.
	_ = os.WriteFile("/proc/self/autogroup", []byte("19"), 0)
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var o pourOrder
	if err := json.Unmarshal(line, &o); err != nil {
		return err
	}
	pictures, err := makePictures()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if !o.Once {
		go func() {
			_, _ = in.ReadByte() // until the input ends
			cancel()
		}()
	}
	p := &pourer{order: o, picture: pictures[o.Kind], next: o.First}
	start := time.Now()
	var all sync.WaitGroup
	for range o.Clients {
		all.Go(func() { p.client(ctx) })
	}
	all.Wait()
	p.sum.Span = time.Since(start)
	return json.NewEncoder(os.Stdout).Encode(p.sum)
}

// pourer counts what comes of the uploads of one process.
type pourer struct {
	order   pourOrder
	picture picture
	mu      sync.Mutex
	next    uint32
	sum     poured
}

// client uploads and, where it is told to, comes back later.
func (p *pourer) client(ctx context.Context) {
	for ctx.Err() == nil {
		p.mu.Lock()
		p.next++
		n := p.next
		p.mu.Unlock()
		begin := time.Now()
		wait, err := p.upload(ctx, n)
		took := time.Since(begin)
		if ctx.Err() != nil {
			return
		}
		p.mu.Lock()
		switch {
		case err != nil:
			p.sum.Failed, p.sum.Reason = p.sum.Failed+1, err.Error()
		case wait > 0:
			p.sum.Refused++
			p.sum.RefusedIn = append(p.sum.RefusedIn, took)
			p.sum.LatestRetry = max(p.sum.LatestRetry, wait)
			if p.sum.SoonestRetry == 0 || wait < p.sum.SoonestRetry {
				p.sum.SoonestRetry = wait
			}
		default:
			p.sum.Stored++
		}
		p.mu.Unlock()
		if p.order.Once {
			return
		}
		select {
		case <-time.After(time.Duration(wait) * time.Second):
		case <-ctx.Done():
		}
	}
}

// patient asks before it sends (Expect: 100-continue), as curl does with large
// files, so that refusals come before the body.
var patient = &http.Client{Timeout: 3 * time.Minute, Transport: &http.Transport{
	MaxIdleConnsPerHost: 2000, ExpectContinueTimeout: 30 * time.Second, WriteBufferSize: 64 << 10,
	DialContext: (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
}}

// upload sends one copy; wait are the seconds of a refusal.
func (p *pourer) upload(ctx context.Context, n uint32) (wait int, err error) {
	const boundary = "vitrine-bench-boundary"
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"source\"; filename=\"" + p.picture.file + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
	tail := "\r\n--" + boundary + "--\r\n"
	content := p.picture.copy(n)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.order.URL+"/api/1/upload", io.MultiReader(strings.NewReader(head), bytes.NewReader(content), strings.NewReader(tail)))
	if err != nil {
		return 0, err
	}
	r.ContentLength = int64(len(head) + len(content) + len(tail))
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	r.Header.Set("X-API-Key", p.order.Key)
	r.Header.Set("Expect", "100-continue")
	resp, err := patient.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return 0, err
	case resp.StatusCode == http.StatusServiceUnavailable:
		return strconv.Atoi(resp.Header.Get("Retry-After"))
	case resp.StatusCode != http.StatusOK:
		return 0, fmt.Errorf("upload: %s: %s", resp.Status, body)
	}
	return 0, nil
}
