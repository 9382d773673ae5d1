package vitrine

import (
	"errors"
	"fmt"
)

// Code says what kind of refusal an Error is. It is decided where the fact is
// known; only the doors turn it into HTTP statuses and protocol numbers.
type Code string

// The refusals that the house knows.
const (
	CodeInternal          Code = "internal"           // our own fault; the text is never shown
	CodeInvalid           Code = "invalid"            // a value is not acceptable; Field names it
	CodeUnauthorized      Code = "unauthorized"       // the key or password is not right
	CodePassword          Code = "password"           // the album's password must be given first
	CodeForbidden         Code = "forbidden"          // known, but not allowed
	CodeNotFound          Code = "not_found"          // does not exist, or must not be known to exist
	CodeConflict          Code = "conflict"           // the name is taken
	CodeSourceMissing     Code = "source_missing"     // no upload source was given
	CodeSourceEmpty       Code = "source_empty"       // the source has no bytes
	CodeSourceBroken      Code = "source_broken"      // the source ended before its time
	CodeBase64            Code = "base64"             // the text is not base64
	CodeURLDisabled       Code = "url_disabled"       // this actor may not upload by URL
	CodeURLInvalid        Code = "url_invalid"        // the URL did not yield a file
	CodeURLRefused        Code = "url_refused"        // the URL leads where we do not go
	CodeUnrecognised      Code = "unrecognised"       // the bytes are no picture or film that we know
	CodeUnavailableFormat Code = "unavailable_format" // known format, never supported
	CodeDisabledFormat    Code = "disabled_format"    // supported format, switched off here
	CodeTooBig            Code = "too_big"            // more bytes than allowed
	CodeTooManyPixels     Code = "too_many_pixels"    // more pixels than allowed
	CodeDamaged           Code = "damaged"            // truncated, corrupt, or a decoder gave up on it
	CodeInvalidVideo      Code = "invalid_video"      // no usable picture track or duration
	CodeDuplicate         Code = "duplicate"          // seen before
	CodeFlood             Code = "flood"              // too many in too short a time
	CodeStopWord          Code = "stop_word"          // a forbidden word
	CodeWidthTooLarge     Code = "width_too_large"    // would have to be enlarged
	CodeBusy              Code = "busy"               // try again soon
	CodeMaintenance       Code = "maintenance"        // closed for now
	CodeNoSpace           Code = "no_space"           // the storage is full
)

// Error is the one error type of the domain. Message is one clear sentence for
// the person who asked; Err is the cause, for the log only.
type Error struct {
	Code    Code
	Message string
	Field   string // the parameter that was wrong, if one was
	Err     error  // never shown
	Facts   Facts  // what the sentence says in numbers, for other languages
	// RetryAfter is how many seconds to wait before trying again; 0 says nothing.
	RetryAfter int
}

// Facts are the values of a refusal by the names that texts have for them.
type Facts map[string]string

// Error implements error. It is for logs: it includes the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return string(e.Code) + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf builds an Error of the code with a formatted message.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid builds a CodeInvalid error about one field.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// NotFound says that a thing (a noun such as "album") does not exist.
func NotFound(thing string) *Error {
	return &Error{Code: CodeNotFound, Message: "No such " + thing}
}

// CodeOf returns the code of the first Error in err's chain, CodeInternal for
// any other error, and the empty Code for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
