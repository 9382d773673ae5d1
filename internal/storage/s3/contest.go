package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

// contestWaits are how long, about, a Put that met another writer waits before
// each further try.
var contestWaits = []time.Duration{5 * time.Millisecond, 20 * time.Millisecond, 80 * time.Millisecond, 320 * time.Millisecond, 1280 * time.Millisecond}

// contested reports whether the answer says that somebody else was changing the
// key, or what it lies in, at the same time. S3 has several codes for that, and
// servers have more of their own: one that keeps objects as files removes a
// folder with its last object, also while another one is put there.
func contested(a minio.ErrorResponse) bool { return a.StatusCode == http.StatusConflict }

// insist calls send, and again while others stand in its way if body can be read
// again.
func insist(ctx context.Context, body io.Reader, send func() error) error {
	for _, wait := range contestWaits {
		err := send()
		if answer, ok := errors.AsType[minio.ErrorResponse](err); !ok || !contested(answer) {
			return err
		}
		again, ok := body.(io.Seeker)
		if !ok {
			return err
		}
		if _, err := again.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read source: %w", err)
		}
		select {
		case <-time.After(wait/2 + rand.N(wait)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return send()
}
