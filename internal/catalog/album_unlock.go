package catalog

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// How often a password may be guessed, counted on all nodes together.
const (
	triesOfAddress  = 10 // of one address at one album, right ones apart
	windowOfAddress = 15 * time.Minute
	triesOfAlbum    = 100 // wrong ones of everybody at one album
	windowOfAlbum   = time.Hour

	maxPassword = 128 // characters
)

// UnlockAlbum returns the pass that opens a password album, for Actor.Passes; an
// empty one for an album that needs none. CodePassword for a wrong password,
// CodeFlood with RetryAfter after too many.
func (s *Service) UnlockAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, password string) (pass string, err error) {
	// The album comes first: a password that is changed meanwhile opens nothing.
	a, err := s.c.DB.AlbumBySlug(ctx, slug)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return "", noAlbum()
	}
	if err != nil {
		return "", fmt.Errorf("finding an album: %w", err)
	}
	if a.Privacy != vitrine.PrivacyPassword {
		if !actor.MaySee(a.Privacy, a.OwnerID, a.Pass) {
			return "", noAlbum()
		}
		return "", nil
	}
	hash, _, err := s.c.DB.AlbumSecrets(ctx, a.ID)
	if err != nil {
		return "", noAlbumOr(err, "reading the password of an album")
	}
	ofAlbum, ofAddress := attemptKey(a.ID, "everybody"), attemptKey(a.ID, household(actor.Address).String())
	if err := s.mayTry(ctx, ofAlbum, ofAddress); err != nil {
		return "", err
	}
	right, err := s.c.Passwords.Verify(ctx, hash, password)
	if err != nil {
		return "", fmt.Errorf("comparing the password of an album: %w", err)
	}
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if right {
			return tx.ForgetAttempts(ctx, ofAddress)
		}
		_, _, err := tx.CountAttempt(ctx, ofAlbum, s.c.Clock(), windowOfAlbum)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("counting attempts: %w", err)
	}
	if !right || a.Pass == "" {
		return "", &vitrine.Error{Code: vitrine.CodePassword, Field: "password", Message: "This is not the password of the album"}
	}
	return a.Pass, nil
}

// mayTry counts a try of the address before it is made, so that many at the same
// moment cannot slip through, and refuses one too many.
func (s *Service) mayTry(ctx context.Context, ofAlbum, ofAddress string) error {
	now := s.c.Clock()
	n, ends, err := s.c.DB.Attempts(ctx, ofAlbum, now)
	if err != nil {
		return fmt.Errorf("reading attempts: %w", err)
	}
	if n >= triesOfAlbum {
		return tooManyTries(ends.Sub(now))
	}
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		n, ends, err = tx.CountAttempt(ctx, ofAddress, now, windowOfAddress)
		return err
	})
	if err != nil {
		return fmt.Errorf("counting an attempt: %w", err)
	}
	if n > triesOfAddress {
		return tooManyTries(ends.Sub(now))
	}
	return nil
}

func tooManyTries(wait time.Duration) error {
	e := vitrine.Errorf(vitrine.CodeFlood, "Too many wrong passwords, please try again later")
	e.RetryAfter = max(1, int((wait+time.Second-1)/time.Second))
	return e
}

// attemptKey is what tries at an album are counted under.
func attemptKey(albumID int64, by string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "album:%d:%s", albumID, by))
	return hex.EncodeToString(sum[:16])
}

// household is an address, or the first of the 64 bits of addresses that a home
// with IPv6 has for itself.
func household(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		p, _ := a.Prefix(64)
		return p.Addr()
	}
	return a
}

// newPass makes 26 characters with 130 random bits, which no cookie needs to quote.
func newPass() string { return rand.Text() }

// hashAlbumPassword accepts 1 to 128 characters.
func (s *Service) hashAlbumPassword(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < 1 || n > maxPassword || !utf8.ValidString(password) {
		return "", vitrine.Invalid("password", "Invalid password: use 1 to %d characters", maxPassword)
	}
	hash, err := s.c.Passwords.Hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("hashing the password of an album: %w", err)
	}
	return hash, nil
}

// noAlbumOr hides why a row is not there, and passes on every other error.
func noAlbumOr(err error, doing string) error {
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return noAlbum()
	}
	return fmt.Errorf("%s: %w", doing, err)
}
