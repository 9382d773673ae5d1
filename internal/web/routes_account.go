package web

// accountRoutes are the pages of signing in and of one's own account.
var accountRoutes = area{}

// profileRoute serves what stands below a user's name.
func (q *visit) profileRoute(username, rest string) error { return q.nothing() }
