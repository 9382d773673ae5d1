package s3_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"vitrine/internal/storage/s3"
	"vitrine/internal/vitrine"
)

// hangingUp takes connections, and ends each as soon as something was asked.
func hangingUp(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = http.ReadRequest(bufio.NewReader(c)) // whatever it was
			}()
		}
	}()
	return l.Addr().String()
}

// TestServerAway: a server that cannot be reached, one that takes connections and never
// answers, and one that hangs up are reasons to try again later, told within bounds.
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
	for name, address := range map[string]string{"silent": l.Addr().String(), "not there": gone.Addr().String(), "hanging up": hangingUp(t)} {
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
				if !vitrine.Is(err, vitrine.CodeBusy) || strings.Contains(err.Error(), "a.jpg") {
					t.Errorf("%s: %v", what, err)
				}
			}
			if took := time.Since(start); took > 100*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
