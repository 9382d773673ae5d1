package fetch

import "errors"

// The refusals that callers tell apart with errors.Is. ErrAddress and
// ErrUnreachable read alike, and so do all errors of either kind, so that nobody
// learns from them which inner addresses and ports exist.
var (
	ErrURL         = errors.New("not a usable URL")                // cannot be parsed, names no host or carries user info
	ErrScheme      = errors.New("unsupported URL scheme")          // neither http nor https
	ErrSelf        = errors.New("the URL leads to this site")      // directly or by a redirect
	ErrAddress     = errors.New("the address cannot be fetched")   // its address or port is not public
	ErrUnreachable = errors.New("the address cannot be fetched")   // name, connection, TLS, protocol or time
	ErrStatus      = errors.New("the address gave no file")        // an answer other than 200
	ErrRedirects   = errors.New("the address redirects too often") // more than MaxRedirects
)

// failure reads like its kind and keeps the cause for errors.Is and the log.
type failure struct{ kind, cause error }

func (f *failure) Error() string { return f.kind.Error() }

// Unwrap lets errors.Is find kind and cause.
func (f *failure) Unwrap() []error { return []error{f.kind, f.cause} }

// Cause is what really went wrong, in words for the log only; nil if err tells
// all. It may hold addresses.
func Cause(err error) error {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.cause
	}
	return nil
}
