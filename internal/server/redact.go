package server

import (
	"net/url"
	"slices"
	"strings"
)

// hidden stands in the log for what must not be there.
const hidden = "REDACTED"

// maxLogged bounds a query in the log: a whole picture may stand in it. Bytes.
const maxLogged = 512

// secretParameters are those whose values give power to whoever reads the log.
var secretParameters = []string{
	"key", "password", "token", "login", "pass", "secret",
	"x-amz-signature", "x-amz-credential", "x-amz-security-token", // of links that a bucket signed
}

// redactQuery is the query for the log, with its question mark.
func redactQuery(raw string) string {
	if raw == "" {
		return ""
	}
	var b strings.Builder
	sep := byte('?')
	for pair := range strings.SplitSeq(raw, "&") {
		if b.Len() > maxLogged {
			b.WriteString("&…")
			break
		}
		b.WriteByte(sep)
		sep = '&'
		name, value, has := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if has && (err != nil || slices.Contains(secretParameters, strings.ToLower(plain))) {
			value = hidden
		}
		b.WriteString(short(name))
		if has {
			b.WriteByte('=')
			b.WriteString(short(value))
		}
	}
	return b.String()
}

// redactPath hides what follows "/delete/" in the address of a delete link.
func redactPath(path string) string {
	if before, token, ok := strings.Cut(path, "/delete/"); ok && token != "" {
		path = before + "/delete/" + hidden
	}
	return short(path)
}

func short(s string) string {
	if len(s) > maxLogged {
		return s[:maxLogged] + "…"
	}
	return s
}
