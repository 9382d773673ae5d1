package s3

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"vitrine/internal/vitrine"
)

// A server that keeps its connections and says nothing must not hold anybody for
// ever.
const (
	dialPatience = 5 * time.Second
	// readPatience is how long an answer to a question may take, and storePatience
	// how long one to an object that was sent: some servers copy it three times first.
	// Lists of a thousand objects may take as long.
	readPatience  = 6 * time.Second
	storePatience = time.Minute
	// askPatience bounds a question with all its tries.
	askPatience = 10 * time.Second
	// putPatience and putRate bound sending an object, with all its tries: the bytes
	// per second at least.
	putPatience = 45 * time.Second
	putRate     = 256 << 10
)

// patient gives a transport these limits: for an answer, and for a connection that
// stands still while something is to be sent or received.
func patient(t *http.Transport, patience time.Duration) *http.Transport {
	t.ResponseHeaderTimeout = patience
	dialer := &net.Dialer{Timeout: dialPatience, KeepAlive: 15 * time.Second}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return stalling{c, patience + time.Second}, nil
	}
	return t
}

// stalling is a connection that breaks when it stands still.
type stalling struct {
	net.Conn
	limit time.Duration
}

// Read implements net.Conn.
func (c stalling) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// Write implements net.Conn.
func (c stalling) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// away reports whether the error says that the server does not answer, or that it
// has troubles of its own or with other writers.
func away(err error) bool {
	if a, ok := errors.AsType[minio.ErrorResponse](err); ok {
		return contested(a) || a.StatusCode >= http.StatusInternalServerError && a.StatusCode != http.StatusNotImplemented && a.StatusCode != http.StatusInsufficientStorage
	}
	_, onWire := errors.AsType[net.Error](err)
	return onWire || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// noAnswer tells people to try again; the cause is for the log.
func noAnswer(cause error) error {
	return &vitrine.Error{Code: vitrine.CodeBusy, Message: "The storage does not answer, please try again in a moment", RetryAfter: 5, Err: cause}
}
