package fetch

import "errors"

// The refusals that callers tell apart with errors.Is.
var (
	ErrURL         = errors.New("not a usable URL")                // cannot be parsed, has no host or carries user info
	ErrScheme      = errors.New("unsupported URL scheme")          // neither http nor https
	ErrSelf        = errors.New("the URL names this site")         // directly or by a redirect
	ErrAddress     = errors.New("the address cannot be fetched")   // not a public address
	ErrUnreachable = errors.New("the address cannot be fetched")   // name, port, connection, TLS or time
	ErrStatus      = errors.New("the address gave no file")        // an answer other than 200
	ErrRedirects   = errors.New("the address redirects too often") // more than MaxRedirects
)
