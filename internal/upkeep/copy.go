package upkeep

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// contested is how long another object under the key of a copy is left alone: it may be
// of an upload that has not yet found out that the name is taken. What is older is the
// remains of something.
const contested = time.Hour

// blocks are the buffers of digests.
var blocks = sync.Pool{New: func() any { b := make([]byte, 256<<10); return &b }}

// copy makes the object stand at the destination, and proves it by reading it back. It
// reports whether it put the object there itself.
func (m *move) copy(ctx context.Context, f *vitrine.File, o vitrine.Object) (mine bool, err error) {
	digest, err := m.put(ctx, f, o)
	if mine = err == nil; errors.Is(err, storage.ErrExists) {
		if digest, err = m.digestOfSource(ctx, f, o); err != nil {
			return false, err
		}
		same, err := m.standsAlready(ctx, o, digest)
		if same || err != nil {
			return false, err
		}
		digest, err = m.put(ctx, f, o)
		if mine = err == nil; err != nil {
			return false, err
		}
	}
	if err != nil {
		return mine, err
	}
	if o.Variant == "" && digest != f.MD5 {
		return mine, damage(o, "its bytes are not those that were uploaded")
	}
	back, _, err := digestOf(ctx, m.to, o.Key)
	if err != nil {
		return mine, fmt.Errorf("reading the copy back: %w", err)
	}
	if back != digest {
		return mine, fmt.Errorf("the copy of %s in %s reads differently", o.Key, m.o.To)
	}
	return mine, nil
}

// put copies the object and gives the digest of what was read.
func (m *move) put(ctx context.Context, f *vitrine.File, o vitrine.Object) (string, error) {
	src, err := m.from.Open(ctx, o.Key)
	if err != nil {
		return "", sourceError(o, err)
	}
	defer src.Content.Close()
	if src.Size != o.Size {
		return "", damage(o, fmt.Sprintf("it has %d bytes instead of %d", src.Size, o.Size))
	}
	sum := md5.New()
	r := &pacedReader{ctx: ctx, r: io.TeeReader(src.Content, sum), pace: &m.pace, seen: m.read}
	if err := m.to.Put(ctx, o.Key, r, o.Size, o.MIME); err != nil {
		return "", fmt.Errorf("copying to %s: %w", m.o.To, err)
	}
	return hexOf(sum), nil
}

// digestOfSource reads the object where it is.
func (m *move) digestOfSource(ctx context.Context, f *vitrine.File, o vitrine.Object) (string, error) {
	digest, n, err := digestOf(ctx, m.from, o.Key)
	if err != nil {
		return "", sourceError(o, err)
	}
	if n != o.Size || o.Variant == "" && digest != f.MD5 {
		return "", damage(o, "its bytes are not those that were uploaded")
	}
	return digest, nil
}

// standsAlready reports whether the very object is at the destination. One that is
// another, and old, is removed.
func (m *move) standsAlready(ctx context.Context, o vitrine.Object, digest string) (bool, error) {
	back, _, err := digestOf(ctx, m.to, o.Key)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading what is at the destination: %w", err)
	}
	if back == digest {
		return true, nil
	}
	info, err := m.to.Stat(ctx, o.Key)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return false, fmt.Errorf("looking at the destination: %w", err)
	}
	if err == nil && m.s.c.Clock().Sub(info.ModTime) < contested {
		return false, damage(o, "something else stands in its place in "+m.o.To+" since less than an hour: try again later")
	}
	if err := m.to.Delete(ctx, o.Key); err != nil {
		return false, fmt.Errorf("removing what is in the way: %w", err)
	}
	return false, nil
}

// digestOf reads an object: its MD5 in hex digits, and how many bytes it has.
func digestOf(ctx context.Context, st storage.Store, key string) (string, int64, error) {
	o, err := st.Open(ctx, key)
	if err != nil {
		return "", 0, err
	}
	defer o.Content.Close()
	block := blocks.Get().(*[]byte)
	defer blocks.Put(block)
	sum := md5.New()
	n, err := io.CopyBuffer(sum, struct{ io.Reader }{o.Content}, *block)
	if err != nil {
		return "", n, fmt.Errorf("reading an object: %w", err)
	}
	return hexOf(sum), n, nil
}

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
