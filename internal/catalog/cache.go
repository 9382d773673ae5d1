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
	deleted uint64 // counts calls of forget
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
	return c.deleted
}

// set remembers what was found unless anything was deleted since the mark: the row may have
// been read before it was.
func (c *cache) set(mark uint64, path string, found *Content) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.deleted == mark {
		c.entries.Set(path, found)
	}
}

// forget drops what is known of deleted files.
func (c *cache) forget(files ...*vitrine.File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deleted++
	for _, f := range files {
		for _, key := range f.Keys() {
			c.entries.Invalidate(key)
		}
	}
}
