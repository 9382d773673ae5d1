package server

import (
	"context"
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

type requestKey struct{}

func withRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the id of the request that is answered with the context, for the
// log; empty outside of requests.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
