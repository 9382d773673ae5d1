package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io"
)

// newNonce is a value that nobody can guess, in 22 characters.
func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Pages are rendered, and some remembered, with a mark where the nonce goes,
// which is put in when they are sent. The mark is as long as a nonce, and as
// secret: no text that somebody puts on a page can hold it.

// writeWithNonce writes a page with the nonce in place of the mark.
func writeWithNonce(w io.Writer, html []byte, mark, nonce string) {
	for {
		i := bytes.Index(html, []byte(mark))
		if i < 0 {
			_, _ = w.Write(html) // a visitor who went away sees nothing
			return
		}
		_, _ = w.Write(html[:i])
		_, _ = io.WriteString(w, nonce)
		html = html[i+len(mark):]
	}
}
