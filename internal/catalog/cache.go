package catalog

import (
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"vitrine/internal/vitrine"
)

const (
	// cacheTime is how long another node may go on serving what this one
	// deleted or made private. Deletions on this node are seen at once.
	cacheTime  = 2 * time.Second
	cacheFiles = 20_000 // entries of about 1 KB
)

// cache remembers which file a path names. Privacy and expiry are not its
// business: they are checked at every call. Misses are not remembered, so that a
// new file is there as soon as it is recorded.
type cache struct {
	entries *otter.Cache[string, *Content]

	mu      sync.RWMutex
	changes uint64 // counts calls of forget and forgetAll
}

func newCache() *cache {
	return &cache{entries: otter.Must(&otter.Options[string, *Content]{
		MaximumSize:      cacheFiles,
		ExpiryCalculator: otter.ExpiryWriting[string, *Content](cacheTime),
	})}
}

func (c *cache) close() { c.entries.StopAllGoroutines() }

func (c *cache) get(path string) (*Content, bool) { return c.entries.GetIfPresent(path) }

// begin returns a mark for set, to be taken before the row is read.
func (c *cache) begin() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.changes
}

// set remembers what was found unless anything was changed since the mark: the row may have
// been read before.
func (c *cache) set(mark uint64, path string, found *Content) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.changes == mark {
		c.entries.Set(path, found)
	}
}

// forget drops what is known of files that were deleted or changed.
func (c *cache) forget(files ...*vitrine.File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	for _, f := range files {
		for _, key := range f.Keys() {
			c.entries.Invalidate(key)
		}
	}
}

// forgetAll drops everything: an album's privacy has changed, and with it that of
// its files. It happens rarely, and what is dropped would have gone within seconds.
func (c *cache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.entries.InvalidateAll()
}
