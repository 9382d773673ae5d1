package s3

import "net/http"

// asking lets the server answer a PUT before the body is sent. That spares the
// body of an object that exists already; and some servers take the unread body of
// a refused PUT for the next request of the connection, whose answer then goes to
// whoever uses the connection next.
// Objects and lists have connections of their own, which are more patient.
type asking struct{ ask, store http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut && r.Body != nil && r.Body != http.NoBody {
		r = r.Clone(r.Context())
		r.Header.Set("Expect", "100-continue")
		return a.store.RoundTrip(r)
	}
	if r.URL.Query().Has("list-type") {
		return a.store.RoundTrip(r)
	}
	return a.ask.RoundTrip(r)
}
