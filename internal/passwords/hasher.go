package passwords

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
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

	// longest is more bytes than any password has: 128 characters of up to 4.
	longest = 4 * 128

	// hashers is how many passwords are hashed at once; the others wait.
	hashers = 2
)

var unpadded = base64.RawStdEncoding

// Hasher hashes and compares, a few at once. It is safe for many goroutines.
type Hasher struct {
	turns chan struct{} // one token per password being hashed
}

// New makes a Hasher. One is enough for a process, and bounds its memory.
func New() *Hasher { return &Hasher{turns: make(chan struct{}, hashers)} }

// Hash makes a PHC string: $argon2id$v=19$m=…,t=…,p=…$salt$hash. It waits for its
// turn, as long as ctx lasts.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	release, err := h.turn(ctx)
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

// Nobody is a string that no password matches, and that takes as long to compare
// as those of Hash: for names without an account.
var Nobody = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
	strings.Repeat("A", unpadded.EncodedLen(saltBytes)), strings.Repeat("A", unpadded.EncodedLen(hashBytes)))

// Verify compares a password with a PHC string in constant time. A string that is
// not one of argon2id matches nothing, and neither does a password of more than
// 512 bytes. It waits for its turn, as long as ctx lasts.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (bool, error) {
	p, ok := parsePHC(phc)
	if !ok {
		return false, nil
	}
	fits := len(password) <= longest
	if !fits {
		password = ""
	}
	release, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	hash := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.hash)))
	return subtle.ConstantTimeCompare(hash, p.hash) == 1 && fits, nil
}

// turn waits for one of the hashers.
func (h *Hasher) turn(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
