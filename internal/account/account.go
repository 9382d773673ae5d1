package account

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/passwords"
	"vitrine/internal/settings"
	"vitrine/internal/vitrine"
)

// RevocationDelay is how long a key, an account or a ban may still be seen in
// its old state by other processes after it was changed. The process that
// changes it sees it at once.
const RevocationDelay = 2 * time.Second

// Service knows accounts, sessions, keys and bans. It is safe for many goroutines.
type Service struct {
	db       *db.DB
	settings *settings.Service
	clock    func() time.Time
	log      *slog.Logger

	passwords *passwords.Hasher
	keys      keyCache
	sessions  sessionCache
	touches   chan touch    // last uses to be written by Run
	signing   chan struct{} // one token per sign-in

	bans       atomic.Pointer[banList]
	refreshing sync.Mutex // held by whoever reads the bans
}

// New builds the service. Last uses of keys and sessions are written while Run
// runs.
func New(c Config) *Service {
	c = c.withDefaults()
	return &Service{
		db: c.DB, settings: c.Settings, clock: c.Clock, log: c.Logger,
		passwords: c.Passwords,
		keys:      keyCache{known: make(map[string]*knownKey)},
		sessions:  sessionCache{known: make(map[[sha256.Size]byte]*knownSession)},
		touches:   make(chan touch, 256),
		signing:   make(chan struct{}, signers),
	}
}

// Run writes last uses of keys and sessions behind the backs of those who use them, until
// ctx ends. It then writes what is waiting and returns nil.
func (s *Service) Run(ctx context.Context) error {
	inner := context.WithoutCancel(ctx)
	for {
		select {
		case t := <-s.touches:
			s.writeTouch(inner, t)
		case <-ctx.Done():
			inner, cancel := context.WithTimeout(inner, 2*time.Second)
			defer cancel()
			for len(s.touches) > 0 && inner.Err() == nil {
				s.writeTouch(inner, <-s.touches)
			}
			return nil
		}
	}
}

// writeTouch takes at most a second.
func (s *Service) writeTouch(ctx context.Context, t touch) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if t.sessionID != 0 {
		if err := s.db.TouchSession(ctx, t.sessionID, t.at, t.at.Add(SessionLife)); err != nil {
			s.log.WarnContext(ctx, "session not prolonged", "session", t.sessionID, "err", err)
		}
		return
	}
	if err := s.db.TouchKey(ctx, t.keyID, t.at); err != nil {
		s.log.WarnContext(ctx, "last use of a key not recorded", "key", t.keyID, "err", err)
	}
}

// userNamed is the account of the name, CodeNotFound if there is none.
func (s *Service) userNamed(ctx context.Context, username string) (*vitrine.User, error) {
	u, err := s.db.UserByName(ctx, username)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, vitrine.Errorf(vitrine.CodeNotFound, "No such user: %q", username)
	}
	return u, err
}
