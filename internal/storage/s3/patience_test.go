package s3_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"vitrine/internal/storage/s3"
	"vitrine/internal/vitrine"
)

// TestServerAway: a server that cannot be reached, and one that takes connections
// and never answers, are reasons to try again later, told within bounds.
func TestServerAway(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) // connections wait in its queue, and nobody accepts them
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for name, address := range map[string]string{"silent": l.Addr().String(), "not there": gone.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := s3.New(s3.Config{Endpoint: address, Bucket: "pictures", AccessKey: "a", SecretKey: "b", Region: "us-east-1", PathStyle: true, Insecure: true})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, statErr := s.Stat(t.Context(), "a.jpg")
			for what, err := range map[string]error{
				"stat": statErr, "delete": s.Delete(t.Context(), "a.jpg"), "put": s.Put(t.Context(), "a.jpg", strings.NewReader("x"), 1, ""),
			} {
				if !vitrine.Is(err, vitrine.CodeBusy) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if took := time.Since(start); took > 100*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
