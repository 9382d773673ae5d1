package web

// policy is a Content-Security-Policy up to the nonce and from there on.
type policy struct{ before, after string }

// newPolicy allows pages their own styles and scripts, pictures and films from
// where raw files are (media: more sources of these, each with a blank before
// it), and nothing else. What scripts load themselves is trusted ('strict-dynamic').
// Previews of files that are not uploaded yet are blob:, placeholders are data:.
func newPolicy(media string) policy {
	return policy{
		before: "default-src 'none'; script-src 'nonce-",
		after: "' 'strict-dynamic'; style-src 'self'; font-src 'self'" +
			"; img-src 'self' data: blob:" + media + "; media-src 'self' blob:" + media + "; connect-src 'self'" + media +
			"; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ",
	}
}

// header is the policy for one answer. A page made for it may stand in frames of
// other sites.
func (p policy) header(nonce string, framed bool) string {
	if framed {
		return p.before + nonce + p.after + "*"
	}
	return p.before + nonce + p.after + "'none'"
}
