package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"vitrine/internal/vitrine"
)

// A key is "chv_<publicID>_<64 hex>": the public id finds the row, the 256 random
// bits behind it prove the holder. Of the whole text only the SHA-256 is kept; a
// slow hash would add nothing to 256 bits of chance.
const (
	keyPrefix   = "chv_"
	secretBytes = 32
	maxKeyBytes = 512 // more is no key of ours and no guest key
)

// newKey makes a key and its public id, 7 base-62 characters.
func newKey() (publicID, text string) {
	publicID = string(vitrine.NewSlug(fill))
	return publicID, keyPrefix + publicID + "_" + randomHex(secretBytes)
}

// publicIDOf is the public id in the text of a key, if it has the form of one.
func publicIDOf(text string) (string, bool) {
	rest, ok := strings.CutPrefix(text, keyPrefix)
	if !ok {
		return "", false
	}
	id, secret, ok := strings.Cut(rest, "_")
	if _, valid := vitrine.ParseSlug(id); !ok || !valid || len(secret) != hex.EncodedLen(secretBytes) {
		return "", false
	}
	return id, true
}

func digest(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

func randomHex(n int) string {
	b := make([]byte, n)
	fill(b)
	return hex.EncodeToString(b)
}

// NewPassword makes a random password of 21 base-62 characters (125 bits).
func NewPassword() string {
	return string(vitrine.NewSlug(fill) + vitrine.NewSlug(fill) + vitrine.NewSlug(fill))
}

// cut is the text without what is too much of it, and without half characters.
func cut(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}

func fill(b []byte) { _, _ = rand.Read(b) } // never fails since Go 1.24

// asError is the domain error in err's chain, or an internal one around it.
func asError(err error) *vitrine.Error {
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		return e
	}
	return &vitrine.Error{Code: vitrine.CodeInternal, Message: "Internal error", Err: err}
}
