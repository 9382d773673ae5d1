package s3_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"vitrine/internal/vitrine"
)

// TestOthersInTheWay: a server that answers 409 asks for patience, and gets all of the
// bytes again where that can be done.
func TestOthersInTheWay(t *testing.T) {
	t.Parallel()
	var tries, contested atomic.Int64
	s := newStore(t, between(t, config(t), func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, ".jpg") && tries.Add(1) <= contested.Load() {
			_, _ = io.Copy(io.Discard, r.Body) // a client that goes away shows in the answer
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `<Error><Code>OperationAborted</Code></Error>`)
			return
		}
		next.ServeHTTP(w, r)
	}))
	content := strings.Repeat("picture ", 20_000)

	contested.Store(2)
	put(t, s, "a.jpg", []byte(content))
	if got := read(t, s, "a.jpg"); got != content || tries.Load() != 3 {
		t.Errorf("got %d bytes of %d after %d tries", len(got), len(content), tries.Load())
	}

	tries.Store(0)
	err := s.Put(t.Context(), "b.jpg", io.LimitReader(strings.NewReader(content), 1<<20), int64(len(content)), "")
	if !vitrine.Is(err, vitrine.CodeBusy) || tries.Load() != 1 {
		t.Errorf("what can be read once: got %v after %d tries", err, tries.Load())
	}

	tries.Store(0)
	contested.Store(1000)
	err = s.Put(t.Context(), "c.jpg", strings.NewReader(content), int64(len(content)), "")
	if !vitrine.Is(err, vitrine.CodeBusy) || tries.Load() < 2 {
		t.Errorf("without end: got %v after %d tries", err, tries.Load())
	}
}
