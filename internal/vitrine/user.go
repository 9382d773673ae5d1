package vitrine

import (
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// Role says what a user may do beyond their own things.
type Role string

// The roles.
const (
	RoleAdmin   Role = "admin"   // runs the site
	RoleManager Role = "manager" // moderates content
	RoleUser    Role = "user"
)

// ParseRole accepts the name of a role.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case RoleAdmin, RoleManager, RoleUser:
		return r, nil
	}
	return "", Invalid("role", "Invalid role %q: use admin, manager or user", s)
}

// UserStatus says whether an account works.
type UserStatus string

// The states of an account.
const (
	UserValid     UserStatus = "valid"
	UserSuspended UserStatus = "suspended" // cannot sign in; its keys are refused
)

// User is an account.
type User struct {
	ID        int64
	Username  string
	Email     string
	Role      Role
	Status    UserStatus
	Language  string // a language tag; empty follows the browser
	KeepEXIF  bool   // the user's own wish; the site's setting must allow it too
	CreatedAt time.Time
	FileCount int64
	ByteCount int64 // bytes of originals and variants

	Name        string // shown in place of the username; empty: that
	Bio         string // empty: none
	Website     string // an http or https address; empty: none
	Private     bool   // the profile is for its owner only
	ListedCount int64  // files that anybody may see
}

// DisplayName is the name that people read.
func (u *User) DisplayName() string {
	if u.Name != "" {
		return u.Name
	}
	return u.Username
}

// Session is one browser in which a user is signed in.
type Session struct {
	ID         int64
	UserID     int64
	CreatedAt  time.Time
	LastSeenAt time.Time // exact to an hour
	ExpiresAt  time.Time
	Address    netip.Addr // where it was begun
	UserAgent  string     // cut at 255 bytes
}

var username = regexp.MustCompile(`^[A-Za-z0-9_]{3,16}$`)

// ParseUsername accepts 3 to 16 letters, digits or underscores.
func ParseUsername(s string) (string, error) {
	if !username.MatchString(s) {
		return "", Invalid("username", "Invalid username: use 3 to 16 letters, digits or underscores")
	}
	return s, nil
}

// ParseEmail accepts what looks like one mail address of at most 254 bytes.
func ParseEmail(s string) (string, error) {
	s = strings.TrimSpace(s)
	local, host, ok := strings.Cut(s, "@")
	if !ok || local == "" || host == "" || len(s) > 254 || strings.ContainsAny(s, " \t\r\n<>,;\"") || strings.Contains(host, "@") {
		return "", Invalid("email", "Invalid email address: use the form name@example.org")
	}
	return s, nil
}

// CheckPassword refuses passwords shorter than 8 or longer than 128 characters.
func CheckPassword(s string) error {
	if n := len([]rune(s)); n < 8 || n > 128 {
		return Invalid("password", "Invalid password: use 8 to 128 characters")
	}
	return nil
}

// APIKey is the record of a key; the secret itself is not kept.
type APIKey struct {
	ID         int64
	PublicID   string // the part between the underscores of chv_<id>_<secret>
	UserID     int64
	Name       string
	CreatedAt  time.Time
	LastUsedAt time.Time // zero: never
}
