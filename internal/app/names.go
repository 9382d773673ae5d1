package app

import (
	"io"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/media"
)

// The values that the command line hands to the services.
type (
	// NewUser is what an account is made of.
	NewUser = account.NewUser
	// NewAlbum is what an album is made of.
	NewAlbum = catalog.NewAlbum
)

// NewPassword makes a random password.
func NewPassword() string { return account.NewPassword() }

// RunDecoder is the main function of a decoder process: args are those after
// "decoder". It returns the exit code.
func RunDecoder(args []string, stdin io.Reader, stdout io.Writer) int {
	return media.RunDecoder(args, stdin, stdout)
}
