package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"vitrine/internal/vitrine"
)

// Argon2id parameters: the second of the equivalent sets of the OWASP Password
// Storage Cheat Sheet (19 MiB, 2 passes, 1 lane). Others in stored strings are
// honoured up to maxMemory.
const (
	passes    = 2
	memory    = 19 * 1024 // KiB
	lanes     = 1
	saltBytes = 16
	hashBytes = 32

	maxMemory = 256 * 1024 // KiB, of a stored string
	maxPasses = 16

	// hashers is how many passwords are hashed at once; the others wait. It bounds
	// the memory that sign-ins can ask for.
	hashers = 2
)

var unpadded = base64.RawStdEncoding

// hashPassword makes a PHC string: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (s *Service) hashPassword(ctx context.Context, password string) (string, error) {
	release, err := s.hashTurn(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	hash := argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
		unpadded.EncodeToString(salt), unpadded.EncodeToString(hash)), nil
}

// hashTurn waits for one of the hashers.
func (s *Service) hashTurn(ctx context.Context) (release func(), err error) {
	select {
	case s.hashing <- struct{}{}:
		return func() { <-s.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// CheckPassword returns the account if the password is right and the account
// works, else CodeUnauthorized with one text for every reason. An unknown name
// takes as long as a wrong password.
func (s *Service) CheckPassword(ctx context.Context, username, password string) (*vitrine.User, error) {
	wrong := vitrine.Errorf(vitrine.CodeUnauthorized, "Wrong username or password")
	u, err := s.userNamed(ctx, username)
	if err != nil && !vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, err
	}
	stored := nobody
	if u != nil {
		if stored, err = s.db.PasswordHash(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	if len(password) > 4*128 { // no password is longer: 128 characters of up to 4 bytes
		password = ""
	}
	right, err := s.verify(ctx, stored, password)
	if err != nil {
		return nil, err
	}
	if !right || u == nil || u.Status != vitrine.UserValid {
		return nil, wrong
	}
	return u, nil
}

// nobody is a hash that no password has, with our own parameters.
var nobody = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
	strings.Repeat("A", unpadded.EncodedLen(saltBytes)), strings.Repeat("A", unpadded.EncodedLen(hashBytes)))

// verify compares a password with a PHC string in constant time. A string that
// is not one of argon2id matches nothing.
func (s *Service) verify(ctx context.Context, phc, password string) (bool, error) {
	p, ok := parsePHC(phc)
	if !ok {
		return false, nil
	}
	release, err := s.hashTurn(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	hash := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.hash)))
	return subtle.ConstantTimeCompare(hash, p.hash) == 1, nil
}

type phcString struct {
	memory, passes uint32
	lanes          uint8
	salt, hash     []byte
}

func parsePHC(phc string) (p phcString, ok bool) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); n != 3 || err != nil {
		return p, false
	}
	var err1, err2 error
	p.salt, err1 = unpadded.DecodeString(parts[4])
	p.hash, err2 = unpadded.DecodeString(parts[5])
	ok = err1 == nil && err2 == nil && len(p.salt) >= 8 && len(p.hash) >= 16 && len(p.hash) <= 64 &&
		p.memory >= 8 && p.memory <= maxMemory && p.passes >= 1 && p.passes <= maxPasses && p.lanes >= 1
	return p, ok
}
