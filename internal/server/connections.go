package server

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// refusedText is what a connection beyond all bounds is told, without a look at
// what it wants.
const refusedText = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 55\r\n\r\n" +
	"Too many connections, please try again in a few seconds"

// connections bounds how many connections there are, in all and from one
// address. Where there are too many, those that wait for a request, or for the
// rest of its head, make room: the one that has waited longest goes first. Only
// where all are busy is the new one refused.
type connections struct {
	most, each int
	exempt     func(netip.Addr) bool // from the bound for one address

	mu      sync.Mutex
	all     map[net.Conn]*connection
	waiting list.List // of *connection; the one that has waited longest in front
	from    map[netip.Prefix]*address
	refused uint64
	evicted uint64
}

// connection is one of them.
type connection struct {
	conn    net.Conn
	address *address
	place   *list.Element // in connections.waiting; nil: it is busy
	beside  *list.Element // in address.waiting
}

// address is where connections come from.
type address struct {
	prefix  netip.Prefix
	count   int
	waiting list.List // as that of connections
}

func newConnections(c Config, trusted proxies) *connections {
	return &connections{
		most: c.MaxConnections, each: c.MaxConnectionsPerAddress, exempt: trusted.trusts,
		all: make(map[net.Conn]*connection), from: make(map[netip.Prefix]*address),
	}
}

// watch is for http.Server.ConnState.
func (c *connections) watch(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if !c.add(conn) {
			refuseConnection(conn)
		}
	case http.StateActive:
		c.busy(conn)
	case http.StateIdle:
		c.idle(conn)
	case http.StateClosed, http.StateHijacked:
		c.remove(conn)
	}
}

// refuseConnection does not wait: what it sends fits into the buffer of every
// socket.
func refuseConnection(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write([]byte(refusedText))
	_ = conn.Close()
}

// add takes a connection in, if there is room or can be made.
func (c *connections) add(conn net.Conn) bool {
	prefix, free := c.prefixOf(conn)
	c.mu.Lock()
	var evict []net.Conn
	defer func() {
		c.mu.Unlock()
		for _, old := range evict {
			_ = old.Close() // its reader hears of it and removes it
		}
	}()
	a := c.from[prefix]
	if a == nil {
		a = &address{prefix: prefix}
	}
	if c.each > 0 && !free && a.count >= c.each {
		if a.waiting.Len() == 0 {
			c.refused++
			return false
		}
		evict = append(evict, c.evict(a.waiting.Front().Value.(*connection)))
	}
	if c.most > 0 && len(c.all) >= c.most {
		if c.waiting.Len() == 0 {
			c.refused++
			return false
		}
		evict = append(evict, c.evict(c.waiting.Front().Value.(*connection)))
	}
	n := &connection{conn: conn, address: a}
	c.all[conn] = n
	c.from[prefix] = a
	a.count++
	c.wait(n)
	return true
}

// prefixOf is whom a connection counts for: an IPv4 address or an IPv6 network;
// free: proxies speak for many.
func (c *connections) prefixOf(conn net.Conn) (prefix netip.Prefix, free bool) {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return prefix, true
	}
	from := tcp.AddrPort().Addr().Unmap().WithZone("")
	bits := 64
	if from.Is4() {
		bits = 32
	}
	prefix, _ = from.Prefix(bits) // the address of a connection is valid
	return prefix, c.exempt(from)
}

func (c *connections) wait(n *connection) {
	if n.place == nil {
		n.place, n.beside = c.waiting.PushBack(n), n.address.waiting.PushBack(n)
	}
}

func (c *connections) unwait(n *connection) {
	if n.place != nil {
		c.waiting.Remove(n.place)
		n.address.waiting.Remove(n.beside)
		n.place, n.beside = nil, nil
	}
}

// evict forgets a connection that is about to be closed.
func (c *connections) evict(n *connection) net.Conn {
	c.evicted++
	c.forget(n)
	return n.conn
}

func (c *connections) forget(n *connection) {
	c.unwait(n)
	delete(c.all, n.conn)
	if n.address.count--; n.address.count == 0 {
		delete(c.from, n.address.prefix)
	}
}

func (c *connections) busy(conn net.Conn) { c.change(conn, c.unwait) }
func (c *connections) idle(conn net.Conn) { c.change(conn, c.wait) }

func (c *connections) remove(conn net.Conn) { c.change(conn, c.forget) }

// change does something to a connection that is still known.
func (c *connections) change(conn net.Conn, what func(*connection)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := c.all[conn]; n != nil {
		what(n)
	}
}

// Connections is how many clients are connected.
type Connections struct {
	Open    int    // connections
	Waiting int    // of them: those that wait for a request
	Most    int    // that there may be; 0: no bound
	Refused uint64 // since the start, because all were busy
	Evicted uint64 // that made room for others, since the start
}

// Connections tells how many clients are connected at this moment.
func (s *Server) Connections() Connections {
	c := s.connections
	c.mu.Lock()
	defer c.mu.Unlock()
	return Connections{Open: len(c.all), Waiting: c.waiting.Len(), Most: c.most, Refused: c.refused, Evicted: c.evicted}
}
