package vitrine

import (
	"crypto/subtle"
	"net/netip"
)

// Actor is the person or program on whose behalf a deed is done.
// The zero Actor is a guest from an unknown address.
type Actor struct {
	User    *User      // nil for a guest
	Address netip.Addr // the client's address, after trusted proxies
	Passes  []string   // of albums whose password the actor has given
}

// Guest reports whether nobody is signed in.
func (a Actor) Guest() bool { return a.User == nil }

// Admin reports whether the actor runs the site.
func (a Actor) Admin() bool { return a.User != nil && a.User.Role == RoleAdmin }

// UserID is the actor's user id, 0 for a guest.
func (a Actor) UserID() int64 {
	if a.User == nil {
		return 0
	}
	return a.User.ID
}

// Owns reports whether the thing with this owner id belongs to the actor.
// Nothing belongs to guests.
func (a Actor) Owns(ownerID int64) bool { return a.User != nil && ownerID != 0 && a.User.ID == ownerID }

// MayUpload refuses an actor who may not upload at all under these settings.
func (a Actor) MayUpload(s *Settings) error {
	switch {
	case s.Maintenance && !a.Admin():
		return Errorf(CodeMaintenance, "The site is being maintained, please try again later")
	case a.Admin():
		return nil
	case a.User != nil && a.User.Status != UserValid:
		return Errorf(CodeUnauthorized, "Invalid API key.")
	case !s.Uploads:
		return &Error{Code: CodeForbidden, Field: "uploads", Message: "Request denied"}
	case a.Guest() && !s.GuestUploads:
		return &Error{Code: CodeForbidden, Field: "guest_uploads", Message: "Request denied"}
	}
	return nil
}

// MayMakeAlbums refuses an actor who may not put files into a new album.
func (a Actor) MayMakeAlbums(s *Settings) error {
	if a.Guest() && !s.GuestAlbums {
		return &Error{Code: CodeForbidden, Field: "guest_albums", Message: "Sign in to make albums"}
	}
	return nil
}

// MayUploadByURL reports whether the actor may name a URL as the source.
func (a Actor) MayUploadByURL(s *Settings) bool {
	switch s.URLUpload {
	case URLUploadUsers:
		return !a.Guest()
	case URLUploadAdmins:
		return a.Admin()
	}
	return false
}

// MaxUploadSize is the most bytes that one file of the actor may have.
func (a Actor) MaxUploadSize(s *Settings) Size {
	if a.Guest() {
		return s.UploadMaxSizeGuest
	}
	return s.UploadMaxSize
}

// MaySee reports whether the actor may see what stands in an album of this
// privacy, owner and pass. Knowing the address is enough for unlisted albums.
func (a Actor) MaySee(p Privacy, ownerID int64, pass string) bool {
	switch p {
	case PrivacyPublic, PrivacyUnlisted:
		return true
	case PrivacyPassword:
		if a.holds(pass) {
			return true
		}
	}
	return a.Owns(ownerID) || a.Admin()
}

// holds compares in constant time. The empty pass opens nothing.
func (a Actor) holds(pass string) bool {
	held := false
	for _, p := range a.Passes {
		if pass != "" && subtle.ConstantTimeCompare([]byte(p), []byte(pass)) == 1 {
			held = true
		}
	}
	return held
}

// MayChange reports whether the actor may edit or delete a thing of this owner.
func (a Actor) MayChange(ownerID int64) bool {
	return a.Owns(ownerID) || a.Admin() || (a.User != nil && a.User.Role == RoleManager)
}
