package server

import (
	"crypto/rand"
	"strconv"
	"strings"
	"sync/atomic"
)

// requestIDs makes ids that differ between processes and requests. They are
// names for the log, not secrets.
type requestIDs struct {
	prefix string
	count  atomic.Uint64
}

func newRequestIDs() *requestIDs {
	return &requestIDs{prefix: strings.ToLower(rand.Text()[:10]) + "-"}
}

func (g *requestIDs) next() string { return g.prefix + strconv.FormatUint(g.count.Add(1), 36) }
