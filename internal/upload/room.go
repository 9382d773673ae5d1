package upload

import (
	"sync"
	"syscall"
	"time"

	"vitrine/internal/vitrine"
)

const (
	// roomKept is what uploads leave free on the disk of the spool, for what is made
	// of them and for the database beside them: a part of the disk, 1 GB at most.
	roomKept    = 20 // one part in so many
	roomKeptMax = 1 << 30
	// roomAge is how long a look at the disk is good; what uploads write meanwhile
	// is counted.
	roomAge = 100 * time.Millisecond
)

// room watches the free space of the spool's disk, so that uploads are refused
// before it is full. The zero value with a folder works.
type room struct {
	folder string

	mu     sync.Mutex
	looked time.Time
	free   int64 // bytes above what is kept
}

// look refuses with CodeNoSpace if there is no room for so many bytes.
func (r *room) look(size int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh()
	if r.free < max(size, 1) {
		return vitrine.Errorf(vitrine.CodeNoSpace, "No space left on storage")
	}
	return nil
}

// take is look for bytes that are about to be written.
func (r *room) take(size int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh()
	if r.free < size {
		return vitrine.Errorf(vitrine.CodeNoSpace, "No space left on storage")
	}
	r.free -= size
	return nil
}

// refresh asks the file system, ten times a second at most.
func (r *room) refresh() {
	if time.Since(r.looked) < roomAge {
		return
	}
	r.looked = time.Now()
	var s syscall.Statfs_t
	if syscall.Statfs(r.folder, &s) != nil {
		r.free = 1 << 62 // nothing is known: writing will tell
		return
	}
	block := int64(s.Bsize) //nolint:unconvert // the types differ between systems
	kept := min(int64(s.Blocks)*block/roomKept, roomKeptMax)
	r.free = int64(s.Bavail)*block - kept
}
