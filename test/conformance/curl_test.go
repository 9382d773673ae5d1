package conformance_test

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// curl runs the real curl in a folder and reads what came back. The exit code
// is that of curl: 22 says that --fail or --fail-with-body saw an error.
func curl(t *testing.T, folder string, args ...string) (a answer, exit int) {
	t.Helper()
	out := t.TempDir()
	body, headers := filepath.Join(out, "body"), filepath.Join(out, "headers")
	cmd := exec.CommandContext(t.Context(), "curl", append([]string{"-sS", "--max-time", "60", "-o", body, "-D", headers}, args...)...)
	cmd.Dir = folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + out}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			t.Fatalf("curl: %v", err)
		}
		exit = failed.ExitCode()
	}
	raw, err := os.ReadFile(headers)
	if err != nil {
		t.Fatalf("curl: exit %d, no headers: %s", exit, &stderr)
	}
	text, err := os.ReadFile(body)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	status, header := lastHead(t, string(raw))
	return newAnswer(status, header, text), exit
}

// lastHead reads the last head of a dump: "100 Continue" may stand before it.
func lastHead(t *testing.T, dump string) (int, http.Header) {
	t.Helper()
	i := strings.LastIndex(dump, "HTTP/")
	if i < 0 {
		t.Fatalf("curl: no answer in %q", dump)
	}
	first, rest, _ := strings.Cut(dump[i:], "\r\n")
	fields := strings.Fields(first)
	if len(fields) < 2 {
		t.Fatalf("curl: no status in %q", first)
	}
	status, err := strconv.Atoi(fields[1])
	if err != nil {
		t.Fatalf("curl: no status in %q", first)
	}
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(rest))).ReadMIMEHeader()
	if err != nil {
		t.Fatalf("curl: %v in %q", err, dump)
	}
	return status, http.Header(header)
}
