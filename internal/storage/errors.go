package storage

import "vitrine/internal/vitrine"

// The refusals that callers tell apart with errors.Is. Each is a vitrine.Error,
// so that its code travels with it.
var (
	// ErrExists says that the key is taken.
	ErrExists error = &vitrine.Error{Code: vitrine.CodeConflict, Message: "Target uploaded file already exists"}
	// ErrNotFound says that there is no object under the key.
	ErrNotFound error = &vitrine.Error{Code: vitrine.CodeNotFound, Message: "No such file"}
	// ErrNoSpace says that the store is full.
	ErrNoSpace error = &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "No space left on storage"}
	// ErrFull says that no store takes a file of the kind and size.
	ErrFull error = &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "No storage has room for this file, please try again later", RetryAfter: 60}
	// ErrKey says that a string cannot be a key.
	ErrKey error = &vitrine.Error{Code: vitrine.CodeInvalid, Field: "key", Message: "Invalid storage key"}
	// ErrSize says that a reader did not have as many bytes as announced.
	ErrSize error = &vitrine.Error{Code: vitrine.CodeSourceBroken, Message: "File was partially uploaded"}
)
