package parts_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"vitrine/internal/parts"
)

var errLong = errors.New("too long")

func body(list ...string) io.Reader {
	return strings.NewReader("--b\r\n" + strings.Join(list, "\r\n--b\r\n") + "\r\n--b--\r\n")
}

func TestReader(t *testing.T) {
	t.Parallel()
	const form = "Content-Disposition: form-data; name="
	r := parts.New(body(
		form+"\"a\"\r\n\r\n"+strings.Repeat("long", 10_000),
		form+"\"b\"; filename=\"C:\\\\x\\\\y/z\xff.png\"\r\n\r\nbytes",
		form+"\"c\"; filename=\"\"\r\n\r\n",
	), "b", 1000, errLong)
	for _, want := range []struct {
		name, file string
		isFile     bool
	}{{"a", "", false}, {"b", "z\uFFFD.png", true}, {"c", "", true}} {
		part, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if file, ok := parts.Filename(part); part.FormName() != want.name || file != want.file || ok != want.isFile {
			t.Errorf("%q has the file %q, %v; want %+v", part.FormName(), file, ok, want)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(strings.NewReader("--b\r\nX: "), repeat{})
	if _, err := parts.New(endless, "b", 10_000, errLong).Next(); !errors.Is(err, errLong) {
		t.Errorf("got %v", err)
	}
	r := parts.New(body("Content-Disposition: form-data; name=a\r\n\r\nx", "X: "+strings.Repeat("x", 20_000)+"\r\n\r\ny"), "b", 10_000, errLong)
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, errLong) {
		t.Errorf("the second: %v", err)
	}
}

// repeat is a letter without end.
type repeat struct{}

func (repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
