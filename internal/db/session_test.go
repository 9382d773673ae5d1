package db_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna, bo := aUser(t, d, "anna"), aUser(t, d, "bo")
		create := func(user int64, token string, seen int64) *vitrine.Session {
			s := &vitrine.Session{UserID: user, CreatedAt: at(1), LastSeenAt: at(seen), ExpiresAt: at(seen + 100),
				Address: netip.MustParseAddr("2001:db8::7"), UserAgent: "Browser " + token}
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateSession(ctx, s, []byte(token)) }))
			return s
		}
		one, two, three := create(anna.ID, "one", 5), create(anna.ID, "two", 9), create(anna.ID, "three", 7)
		other := create(bo.ID, "other", 7)
		s, u, err := d.SessionByToken(ctx, []byte("one"))
		must(t, err)
		same(t, "session", one, s)
		same(t, "user", anna, u)

		must(t, d.TouchSession(ctx, one.ID, at(20), at(200)))
		must(t, d.TouchSession(ctx, one.ID, at(19), at(150))) // older: changes nothing
		must(t, d.TouchSession(ctx, 99, at(20), at(200)))
		one.LastSeenAt, one.ExpiresAt = at(20), at(200)
		list := func(user int64, want ...vitrine.Session) {
			t.Helper()
			got, err := d.SessionsOf(ctx, user)
			must(t, err)
			same(t, "sessions", want, got)
		}
		list(anna.ID, *one, *two, *three)

		tx := func(fn func(ctx context.Context, tx *db.Tx) error) error { t.Helper(); return inTx(t, d, fn) }
		for name, err := range map[string]error{
			"unknown token":     second3(d.SessionByToken(ctx, []byte("four"))),
			"another's session": tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessionOf(ctx, bo.ID, one.ID) }),
			"session of nobody": tx(func(ctx context.Context, tx *db.Tx) error {
				return tx.CreateSession(ctx, &vitrine.Session{UserID: 99}, []byte("x"))
			}),
			"no session at all":   tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessionOf(ctx, anna.ID, 99) }),
			"token in upper case": second3(d.SessionByToken(ctx, []byte("ONE"))),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantConflict(t, "same token", tx(func(ctx context.Context, tx *db.Tx) error {
			return tx.CreateSession(ctx, &vitrine.Session{UserID: bo.ID}, []byte("one"))
		}), "token")

		must(t, tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessionOf(ctx, anna.ID, three.ID) }))
		must(t, tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSession(ctx, []byte("nothing")) }))
		list(anna.ID, *one, *two)
		three = create(anna.ID, "three", 3)
		must(t, tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessions(ctx, anna.ID, []byte("two")) }))
		list(anna.ID, *two)
		must(t, tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSession(ctx, []byte("two")) }))
		list(anna.ID)
		create(anna.ID, "last", 3)
		must(t, tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessions(ctx, anna.ID, nil) }))
		list(anna.ID)
		list(bo.ID, *other)

		create(anna.ID, "over", 3)
		var n int
		must(t, tx(func(ctx context.Context, tx *db.Tx) (err error) { n, err = tx.PurgeSessions(ctx, at(103)); return err }))
		list(anna.ID)
		list(bo.ID, *other)
		if n != 1 {
			t.Errorf("%d purged", n)
		}
		must(t, tx(func(ctx context.Context, tx *db.Tx) error { return tx.DeleteUser(ctx, bo.ID) }))
		list(bo.ID)
	})
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		try := func(key string, now time.Time, wantN int, wantEnds time.Time) {
			t.Helper()
			var n int
			var ends time.Time
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				n, ends, err = tx.CountAttempt(ctx, key, now, 10*time.Second)
				return err
			}))
			if n != wantN || !ends.Equal(wantEnds) {
				t.Errorf("%s: %d until %v, want %d until %v", key, n, ends, wantN, wantEnds)
			}
		}
		counted := func(key string, now time.Time, wantN int, wantEnds time.Time) {
			t.Helper()
			if n, ends, err := d.Attempts(t.Context(), key, now); n != wantN || !ends.Equal(wantEnds) || err != nil {
				t.Errorf("%s: %d until %v, %v", key, n, ends, err)
			}
		}
		counted("a", at(0), 0, time.Time{})
		try("a", at(0), 1, at(10))
		try("a", at(5), 2, at(10))
		try("b", at(5), 1, at(15))
		try("a", at(9), 3, at(10))
		counted("a", at(9), 3, at(10))
		counted("a", at(10), 0, time.Time{})
		try("a", at(10), 1, at(20))
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.PurgeAttempts(ctx, at(16)) }))
		counted("b", at(0), 0, time.Time{})
		try("a", at(16), 2, at(20))
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.ForgetAttempts(ctx, "a") }))
		try("a", at(17), 1, at(27))
	})
}
