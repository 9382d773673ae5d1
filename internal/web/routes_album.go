package web

// albumRoute serves what stands below "album": pages, forms.
func (q *visit) albumRoute(first, rest string) error { return q.nothing() }
