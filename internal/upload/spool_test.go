package upload_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestSpool(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{})
	big := strings.Repeat("x", 600<<10)
	for _, c := range []struct {
		name    string
		r       io.Reader
		limit   vitrine.Size
		code    vitrine.Code
		message string
	}{
		{"at the limit", strings.NewReader(big), vitrine.Size(len(big)), "", ""},
		{"one over", strings.NewReader(big), vitrine.Size(len(big) - 1), vitrine.CodeTooBig, "File too big - max 614.4 KB"},
		{"far over", io.LimitReader(zeros{}, 1e12), 20e6, vitrine.CodeTooBig, "File too big - max 20 MB"},
		{"empty", strings.NewReader(""), 10, vitrine.CodeSourceEmpty, "Empty source"},
		{"broken off", io.MultiReader(strings.NewReader("abc"), failing{io.ErrUnexpectedEOF}), 10, vitrine.CodeSourceBroken, "File was partially uploaded, please send it again"},
		{"reader's own refusal", failing{vitrine.Errorf(vitrine.CodeBase64, "Invalid base64 string")}, 10, vitrine.CodeBase64, "Invalid base64 string"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sp, err := k.Spool(t.Context(), c.r, c.limit)
			if vitrine.CodeOf(err) != c.code {
				t.Fatalf("got %v, want code %q", err, c.code)
			}
			if err != nil {
				if e, _ := errors.AsType[*vitrine.Error](err); e.Message != c.message {
					t.Errorf("message %q, want %q", e.Message, c.message)
				}
			} else if sp.Size != int64(len(big)) || sp.MD5 != digest(big) {
				t.Errorf("size %d, MD5 %s", sp.Size, sp.MD5)
			}
			for range 2 {
				if err := sp.Close(); err != nil {
					t.Error(err)
				}
			}
			k.empty()
		})
	}
}

// TestSpoolReadsNoMore proves that a sender who exceeds the limit is not read on.
func TestSpoolReadsNoMore(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{})
	r := &counting{r: zeros{}}
	if _, err := k.Spool(t.Context(), r, 1e6); !vitrine.Is(err, vitrine.CodeTooBig) {
		t.Fatal(err)
	}
	if r.n > 1e6+1 {
		t.Errorf("%d bytes read", r.n)
	}
}

type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
