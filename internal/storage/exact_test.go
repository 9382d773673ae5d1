package storage_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"vitrine/internal/storage"
)

func TestExactly(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for name, c := range map[string]struct {
		r    io.Reader
		size int64
		want error
	}{
		"exact":            {strings.NewReader("12345"), 5, nil},
		"exact, slow":      {iotest.OneByteReader(strings.NewReader("12345")), 5, nil},
		"exact, early end": {iotest.DataErrReader(strings.NewReader("12345")), 5, nil},
		"empty":            {strings.NewReader(""), 0, nil},
		"fewer":            {strings.NewReader("1234"), 5, storage.ErrSize},
		"fewer, early end": {iotest.DataErrReader(strings.NewReader("1234")), 5, storage.ErrSize},
		"more":             {strings.NewReader("123456"), 5, storage.ErrSize},
		"more, slow":       {iotest.OneByteReader(strings.NewReader("123456")), 5, storage.ErrSize},
		"some for none":    {strings.NewReader("1"), 0, storage.ErrSize},
		"negative":         {strings.NewReader(""), -1, storage.ErrSize},
		"fails":            {io.MultiReader(strings.NewReader("12"), iotest.ErrReader(cause)), 5, cause},
		"fails at the end": {io.MultiReader(strings.NewReader("12345"), iotest.ErrReader(cause)), 5, cause},
		"never gets on":    {stuck{}, 5, io.ErrNoProgress},
		"stuck at the end": {io.MultiReader(strings.NewReader("12345"), stuck{}), 5, io.ErrNoProgress},
		"nothing, stuck":   {stuck{}, 0, io.ErrNoProgress},
	} {
		b, err := io.ReadAll(io.LimitReader(storage.Exactly(c.r, c.size), 1000))
		if !errors.Is(err, c.want) || c.want == nil && int64(len(b)) != c.size {
			t.Errorf("%s: got %q, %v, want %v", name, b, err, c.want)
		}
		if c.want != nil && int64(len(b)) >= c.size && c.size > 0 {
			t.Errorf("%s: all %d bytes came before the error", name, len(b))
		}
	}
}

// stuck never gives anything.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }
