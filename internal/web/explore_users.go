package web

import "strconv"

// userCards is a list of users as the partial "users" shows it.
type userCards struct {
	Cards []userCard
	Next  string // path of the next part; empty: this is all
	Empty string
	Way   listLink
}

// userCard is one user in a list.
type userCard struct {
	Path, Name, Username string
	Count                string // "12 files"
	Initials             string
	Tone                 int // as on the profile
}

// userCards lists public profiles, those whose name begins with the search.
func (q *visit) userCards(search string, o listOptions) (*userCards, error) {
	before, _ := strconv.ParseInt(q.r.URL.Query().Get("after"), 10, 64) // rubbish begins at the beginning
	page, err := q.Account.PublicUsers(q.r.Context(), search, before, 60)
	if err != nil {
		return nil, err
	}
	c := &userCards{Empty: o.Empty, Way: q.wayOn(o.Way)}
	if c.Empty == "" {
		c.Empty = q.texts.T("explore.no_users")
	}
	if page.Next != 0 {
		c.Next = o.address("", strconv.FormatInt(page.Next, 10))
	}
	for i := range page.Users {
		u := &page.Users[i]
		c.Cards = append(c.Cards, userCard{
			Path: q.Links.Profile(u.Username), Name: u.DisplayName(), Username: u.Username,
			Count: q.texts.N("list.files", int(u.ListedCount)), Initials: initials(u.DisplayName()), Tone: int(u.ID % 8),
		})
	}
	q.offer("users-part", c)
	return c, nil
}
