package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/netip"
	"sync"
	"time"

	"vitrine/internal/vitrine"
)

const (
	// keyCacheAge keeps cached keys well within RevocationDelay.
	keyCacheAge = RevocationDelay / 2
	// keyCacheSize bounds the cache; only keys that proved right get in.
	keyCacheSize = 1024
	// touchEvery is how exact the last use of a key is.
	touchEvery = time.Minute
)

// Authenticate says who holds the key: the user of a user key, a guest for the
// guest key if the site lets guests use the API, else CodeUnauthorized "Invalid
// API key." for every reason. It costs at most one indexed query; comparisons
// take constant time.
func (s *Service) Authenticate(ctx context.Context, key string, from netip.Addr) (vitrine.Actor, error) {
	from = from.Unmap()
	u, err := s.userOf(ctx, key)
	if err != nil {
		return vitrine.Actor{}, err
	}
	switch {
	case u != nil:
		return vitrine.Actor{User: u, Address: from}, nil
	case s.isGuestKey(key):
		return vitrine.Actor{Address: from}, nil
	}
	return vitrine.Actor{}, vitrine.Errorf(vitrine.CodeUnauthorized, "Invalid API key.")
}

// userOf is the user whose key this is, nil if it is nobody's.
func (s *Service) userOf(ctx context.Context, key string) (*vitrine.User, error) {
	publicID, ok := publicIDOf(key)
	if !ok {
		return nil, nil
	}
	hash, now := digest(key), s.clock()
	known, era := s.keys.get(publicID, now)
	if known == nil {
		record, err := s.db.Key(ctx, publicID)
		if vitrine.Is(err, vitrine.CodeNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		known = &knownKey{id: record.Key.ID, user: record.User, read: now, used: record.Key.LastUsedAt}
		copy(known.hash[:], record.Hash)
		if len(record.Hash) != sha256.Size {
			return nil, nil
		}
	}
	if subtle.ConstantTimeCompare(hash[:], known.hash[:]) != 1 || known.user.Status != vitrine.UserValid {
		return nil, nil
	}
	if s.keys.use(publicID, known, era, now) {
		select {
		case s.touches <- touch{keyID: known.id, at: now.UTC()}:
		default: // Run is behind; the next use comes soon enough
		}
	}
	u := known.user
	return &u, nil
}

// isGuestKey compares digests, so that neither content nor length of the guest
// key shows in the time it takes.
func (s *Service) isGuestKey(key string) bool {
	now := s.settings.Current()
	if !now.GuestAPI || now.GuestKey == "" || len(key) > maxKeyBytes {
		return false
	}
	given, right := digest(key), digest(now.GuestKey)
	return subtle.ConstantTimeCompare(given[:], right[:]) == 1
}

// touch is a last use, of a key or of a session, that is waiting to be written.
type touch struct {
	keyID, sessionID int64
	at               time.Time
}

// knownKey is a key that proved right a moment ago. Only used changes, under the
// cache's lock.
type knownKey struct {
	id   int64
	hash [sha256.Size]byte
	user vitrine.User
	read time.Time // when the row was read
	used time.Time // last use on record, or about to be
}

// keyCache remembers keys for keyCacheAge, so that a client that uploads many
// files does not ask the database for each.
type keyCache struct {
	mu    sync.Mutex
	known map[string]*knownKey
	era   int // how often everything was forgotten
}

func (c *keyCache) get(publicID string, now time.Time) (k *knownKey, era int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k = c.known[publicID]
	if k == nil || now.Sub(k.read) >= keyCacheAge || now.Before(k.read) {
		return nil, c.era
	}
	return k, c.era
}

// use keeps the key, unless everything was forgotten since the era in which its
// row was read, and reports whether its last use is to be written.
func (c *keyCache) use(publicID string, k *knownKey, era int, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if era != c.era {
		return false
	}
	if old := c.known[publicID]; old != nil && old.used.After(k.used) {
		k.used = old.used // not written yet when the row was read again
	}
	if len(c.known) >= keyCacheSize && c.known[publicID] == nil {
		clear(c.known)
	}
	c.known[publicID] = k
	if now.Sub(k.used) < touchEvery {
		return false
	}
	k.used = now
	return true
}

// forget empties the cache after a change of keys or accounts.
func (c *keyCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
	c.era++
}
