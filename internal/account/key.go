package account

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// maxKeys is how many keys an account may have.
const maxKeys = 100

// KeyInfo is what may be shown of a key.
type KeyInfo struct {
	PublicID   string
	Name       string
	Username   string
	CreatedAt  time.Time
	LastUsedAt time.Time // to the minute; zero: never
}

// CreateKey makes a key for an account that works and has fewer than 100, else
// CodeConflict with Field "keys". The secret is returned once and not kept. The name is for people, up to 100 characters.
func (s *Service) CreateKey(ctx context.Context, username, name string) (secret string, key *vitrine.APIKey, err error) {
	name = strings.TrimSpace(name)
	if utf8.RuneCountInString(name) > 100 || !utf8.ValidString(name) {
		return "", nil, vitrine.Invalid("name", "Invalid key name: use up to 100 characters")
	}
	u, err := s.userNamed(ctx, username)
	if err != nil {
		return "", nil, err
	}
	if u.Status != vitrine.UserValid {
		return "", nil, vitrine.Errorf(vitrine.CodeForbidden, "The account %s is suspended: restore it first", u.Username)
	}
	if have, err := s.db.Keys(ctx, u.ID); err != nil {
		return "", nil, err
	} else if len(have) >= maxKeys {
		return "", nil, &vitrine.Error{Code: vitrine.CodeConflict, Field: "keys", Message: "This account has 100 keys: revoke one first"}
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		secret, key, err = s.createKey(ctx, tx, u.ID, name)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("create key: %w", err)
	}
	return secret, key, nil
}

func (s *Service) createKey(ctx context.Context, tx *db.Tx, userID int64, name string) (string, *vitrine.APIKey, error) {
	publicID, text := newKey()
	key := &vitrine.APIKey{PublicID: publicID, UserID: userID, Name: name, CreatedAt: s.clock().UTC()}
	hash := digest(text)
	return text, key, tx.CreateKey(ctx, key, hash[:])
}

// Keys lists the keys of an account, or of everybody if username is empty.
func (s *Service) Keys(ctx context.Context, username string) ([]KeyInfo, error) {
	var userID int64
	if username != "" {
		u, err := s.userNamed(ctx, username)
		if err != nil {
			return nil, err
		}
		userID = u.ID
	}
	records, err := s.db.Keys(ctx, userID)
	if err != nil {
		return nil, err
	}
	list := make([]KeyInfo, len(records))
	for i, r := range records {
		list[i] = KeyInfo{r.Key.PublicID, r.Key.Name, r.User.Username, r.Key.CreatedAt, r.Key.LastUsedAt}
	}
	return list, nil
}

// RevokeKey makes a key invalid: in this process at once, in others within
// RevocationDelay. CodeNotFound if there is no such key.
func (s *Service) RevokeKey(ctx context.Context, publicID string) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.RevokeKey(ctx, publicID) })
	s.keys.forget()
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return vitrine.Errorf(vitrine.CodeNotFound, "No such key: %q ('vitrine key list' shows them)", publicID)
	}
	return err
}

// RevokeKeyOf is RevokeKey for a user's own key: CodeNotFound if it is another's.
func (s *Service) RevokeKeyOf(ctx context.Context, userID int64, publicID string) error {
	if _, ok := vitrine.ParseSlug(publicID); !ok {
		return vitrine.NotFound("key")
	}
	record, err := s.db.Key(ctx, publicID)
	if err != nil {
		return err
	}
	if record.Key.UserID != userID {
		return vitrine.NotFound("key")
	}
	return s.RevokeKey(ctx, publicID)
}

// CreateGuestKey makes a new public key, which replaces the old one, and lets
// guests use the API. It is kept as text, since pages show it.
func (s *Service) CreateGuestKey(ctx context.Context) (string, error) {
	key := randomHex(secretBytes)
	if err := s.settings.Set(ctx, "guest_key", key); err != nil {
		return "", err
	}
	if s.settings.Current().GuestAPI { // on already, perhaps pinned so
		return key, nil
	}
	return key, s.settings.Set(ctx, "guest_api", "on")
}
