package cluster_test

import (
	"net"
	"sync"
	"testing"
	"time"
)

// mode is what a wire does to what goes through it.
type mode int

const (
	whole  mode = iota
	cut         // connections are reset, new ones too
	slow        // 150 ms later, and 256 KB/s in each direction of a connection
	paused      // connections stay, and nothing moves
)

const (
	slowDelay = 150 * time.Millisecond
	slowRate  = 256 << 10
)

// wire passes connections of one node on to a server, and can be broken.
type wire struct {
	target   string
	listener net.Listener
	workers  sync.WaitGroup

	mu      sync.Mutex
	mode    mode
	changed chan struct{} // closed at each change of mode
	open    map[net.Conn]bool
	closed  bool
}

// newWire listens until the test ends.
func newWire(t testing.TB, target string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{target: target, listener: l, changed: make(chan struct{}), open: make(map[net.Conn]bool)}
	w.workers.Go(w.accept)
	t.Cleanup(func() {
		l.Close()
		w.mu.Lock()
		w.closed = true
		w.mu.Unlock()
		w.set(cut)
		w.workers.Wait()
	})
	return w
}

func (w *wire) address() string { return w.listener.Addr().String() }

// set changes what the wire does, to open connections too.
func (w *wire) set(m mode) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mode = m
	close(w.changed)
	w.changed = make(chan struct{})
	if m == cut {
		for c := range w.open {
			reset(c)
		}
	}
}

// now is the mode, and what is closed when it changes.
func (w *wire) now() (mode, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mode, w.changed
}

// keep notes an open connection; false if the wire is cut.
func (w *wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mode == cut || w.closed {
		return false
	}
	w.open[c] = true
	return true
}

func (w *wire) forget(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, c)
}

// reset ends a connection without a goodbye.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	c.Close()
}

func (w *wire) accept() {
	for {
		c, err := w.listener.Accept()
		if err != nil {
			return
		}
		if !w.keep(c) {
			reset(c)
			continue
		}
		w.workers.Go(func() { w.serve(c) })
	}
}

// serve passes bytes on in both directions until one side ends.
func (w *wire) serve(client net.Conn) {
	defer w.forget(client)
	defer client.Close()
	server, err := net.DialTimeout("tcp", w.target, 2*time.Second)
	if err != nil || !w.keep(server) {
		if err == nil {
			reset(server)
		}
		reset(client) // as a server that is not there
		return
	}
	defer w.forget(server)
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { w.pass(server, client) })
	both.Go(func() { w.pass(client, server) })
	both.Wait()
}

func (w *wire) pass(to, from net.Conn) {
	block := make([]byte, 32<<10)
	for {
		n, err := from.Read(block)
		if n > 0 && w.wait(n) {
			if _, err := to.Write(block[:n]); err != nil {
				reset(from)
				return
			}
		}
		if err != nil {
			if t, ok := to.(*net.TCPConn); ok {
				_ = t.CloseWrite() // the other direction may have more to say
			}
			return
		}
	}
}

// wait holds n bytes back as long as the mode wants; false if the wire was cut.
func (w *wire) wait(n int) bool {
	m, changed := w.now()
	if m == slow {
		select {
		case <-time.After(slowDelay + time.Duration(n)*time.Second/slowRate):
		case <-changed:
		}
	}
	for m == paused {
		<-changed
		m, changed = w.now()
	}
	return m != cut
}
