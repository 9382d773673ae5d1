package upload

import (
	"context"
	"fmt"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

const (
	// reserveTime is how long a reserved name is kept from others, which must be longer
	// than placing, recording and taking back together.
	reserveTime = 20 * time.Minute
	// reservePlaceTime bounds placing under a reserved name.
	reservePlaceTime = 15 * time.Minute
)

// reserve keeps other nodes from placing objects under the file's name in a storage that
// cannot refuse them itself, until free is called. It returns storage.ErrExists if
// another node has it. It asks the database only where both are shared: with a storage
// that does refuse, as folders and most buckets do, or with one node, it does nothing.
func (s *Service) reserve(ctx context.Context, store storage.Store, f *vitrine.File) (within context.Context, free func(), err error) {
	exclusive := true
	if s.c.DB.Shared() {
		if exclusive, err = storage.Exclusive(ctx, store); err != nil {
			return nil, nil, fmt.Errorf("storing: %w", err)
		}
	}
	if exclusive {
		return ctx, func() {}, nil
	}
	key, n := "name "+f.Folder+"/"+f.Name, 0
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		n, _, err = tx.CountAttempt(ctx, key, s.now(), reserveTime)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reserving a name: %w", err)
	}
	if n > 1 {
		return nil, nil, storage.ErrExists
	}
	within, cancel := context.WithTimeout(ctx, reservePlaceTime)
	return within, func() {
		cancel()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
		defer cancel()
		err := s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.ForgetAttempts(ctx, key) })
		if err != nil { // others take another name until its time is over
			s.c.Logger.WarnContext(ctx, "a reserved name was not freed", "key", key, "err", err)
		}
	}, nil
}
