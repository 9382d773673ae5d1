package storage

import "context"

// Excluder is a Store that may be unable to keep its promise that of several Puts of
// one key exactly one succeeds, where they come from several processes.
type Excluder interface {
	// Exclusive reports whether it can.
	Exclusive(ctx context.Context) (bool, error)
}

// Exclusive reports whether of several Puts of one key, from whatever process, exactly
// one succeeds.
func Exclusive(ctx context.Context, st Store) (bool, error) {
	for {
		switch s := st.(type) {
		case Excluder:
			return s.Exclusive(ctx)
		case interface{ Unwrap() Store }:
			st = s.Unwrap()
		default:
			return true, nil
		}
	}
}
