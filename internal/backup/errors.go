package backup

import (
	"errors"
	"io/fs"
	"syscall"

	"vitrine/internal/vitrine"
)

// damaged says that something of a backup is not as it was written.
func damaged(what string) error {
	return vitrine.Errorf(vitrine.CodeDamaged, "The backup is damaged: %s", what)
}

// unusable says why a folder cannot be used, without the path that the sentence has.
func unusable(folder string, err error) error {
	reason := err
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		reason = e.Err
	}
	code := vitrine.CodeForbidden
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		code = vitrine.CodeNoSpace
	}
	return &vitrine.Error{Code: code, Err: err, Message: "The folder " + folder + " cannot be used: " + reason.Error()}
}
