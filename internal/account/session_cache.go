package account

import (
	"crypto/sha256"
	"sync"
	"time"

	"vitrine/internal/vitrine"
)

const (
	// sessionCacheAge keeps cached sessions well within RevocationDelay.
	sessionCacheAge = RevocationDelay / 2
	// sessionCacheSize bounds the cache.
	sessionCacheSize = 4096
)

// knownSession is what was found for a token a moment ago; nothing, if it does
// not exist. Only seenAt changes, under the cache's lock.
type knownSession struct {
	exists  bool
	session vitrine.Session
	user    vitrine.User
	read    time.Time // when the row was read
	seenAt  time.Time // last seen, on record or about to be; zero: as in the session
}

// sessionCache remembers sessions for sessionCacheAge, so that a page with fifty
// private pictures does not ask the database fifty times.
type sessionCache struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]*knownSession
	era   int // how often everything was forgotten
}

func (c *sessionCache) get(hash [sha256.Size]byte, now time.Time) (k *knownSession, era int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k = c.known[hash]
	if k == nil || now.Sub(k.read) >= sessionCacheAge || now.Before(k.read) {
		return nil, c.era
	}
	return k, c.era
}

// set keeps what was found, unless everything was forgotten since the era in
// which it was read. Made-up tokens do not push out those of sessions.
func (c *sessionCache) set(hash [sha256.Size]byte, k *knownSession, era int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.known[hash]
	if era != c.era {
		return
	}
	if old != nil && old.seenAt.After(k.session.LastSeenAt) {
		k.seenAt = old.seenAt // not written yet when the row was read again
	}
	if old == nil && len(c.known) >= sessionCacheSize {
		if !k.exists {
			return
		}
		clear(c.known)
	}
	c.known[hash] = k
}

// seen reports whether it is to be written that the session was seen now.
func (c *sessionCache) seen(k *knownSession, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := k.session.LastSeenAt
	if k.seenAt.After(last) {
		last = k.seenAt
	}
	if now.Sub(last) < seenEvery {
		return false
	}
	k.seenAt = now
	return true
}

// forget empties the cache after a change of sessions or accounts.
func (c *sessionCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
	c.era++
}
