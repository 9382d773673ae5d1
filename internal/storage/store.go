package storage

import (
	"context"
	"io"
	"time"
)

// Store keeps objects: immutable runs of bytes under keys. It is safe for many
// goroutines. Every method refuses a key that ParseKey refuses with ErrKey.
type Store interface {
	// Put stores exactly size bytes (0 or more) of r under the key, which is
	// durable when Put returns nil. A taken key gives ErrExists, a full store
	// ErrNoSpace; a reader that fails, or that has fewer or more bytes than
	// size, gives an error too. After an error nothing has changed. Of several
	// Puts of one key exactly one succeeds. mime is kept where the store can.
	// Not safe to repeat: after an error of the network the key may be taken by
	// the caller's own first try.
	Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error

	// Open gives the object to read, ErrNotFound if there is none. The caller
	// closes Content.
	Open(ctx context.Context, key string) (*Object, error)

	// Stat describes the object, ErrNotFound if there is none.
	Stat(ctx context.Context, key string) (Info, error)

	// Delete removes the object; it is no error if there is none. Safe to repeat.
	Delete(ctx context.Context, key string) error

	// List calls fn with every object whose key is greater than after, in the
	// byte order of the keys, without holding them all in memory. It ends with
	// fn's first error, which it returns. Objects that come or go meanwhile may
	// be seen or not.
	List(ctx context.Context, after string, fn func(Info) error) error

	// Check reports in one sentence what is wrong, if objects cannot be read or
	// written now.
	Check(ctx context.Context) error
}

// Info describes an object.
type Info struct {
	Key     string
	Size    int64     // bytes
	ModTime time.Time // UTC
}

// Object is an object opened for reading.
type Object struct {
	Info
	// Content is exactly an *os.File where the store is a disk, so that the
	// kernel can send it; elsewhere it fetches no more than is read.
	Content io.ReadSeekCloser
}

// Adopter is a Store that can take over a local file instead of copying it.
type Adopter interface {
	// Adopt stores the regular file at path under the key with all guarantees
	// of Put. After success the file belongs to the store and path may be gone;
	// after an error it stands where it stood.
	Adopt(ctx context.Context, key, path string) error
}

// Linker is a Store that can let clients fetch an object without the server.
type Linker interface {
	// Link gives an address that serves the object to whoever has it until it
	// expires. It does not look whether the object exists.
	Link(ctx context.Context, key string, o LinkOptions) (string, error)
}

// LinkOptions say what an address made by Link answers.
type LinkOptions struct {
	Expires  time.Duration // from now, 1 second to 7 days
	MIME     string        // Content-Type of the answer; empty: as stored
	Filename string        // proposed name of the file, shown inline; empty: none
}

// Sweeper is a Store that may hold the remains of writes which a crash broke
// off. They are not objects: List does not show them.
type Sweeper interface {
	// Sweep removes remains older than that and says how many. Safe to repeat,
	// and while others write.
	Sweep(ctx context.Context, olderThan time.Duration) (int, error)
}

// Measurer is a Store that knows how much room its place has.
type Measurer interface {
	// Free is how many bytes more would fit for sure: on the disk, not of a capacity.
	Free(ctx context.Context) (int64, error)
}

// Free is how many bytes more would fit into the store's place, also if the store is
// wrapped by one with an Unwrap method. known is false if nobody can tell.
func Free(ctx context.Context, st Store) (bytes int64, known bool) {
	for st != nil {
		if m, ok := st.(Measurer); ok {
			bytes, err := m.Free(ctx)
			return bytes, err == nil
		}
		w, ok := st.(interface{ Unwrap() Store })
		if !ok {
			break
		}
		st = w.Unwrap()
	}
	return 0, false
}
