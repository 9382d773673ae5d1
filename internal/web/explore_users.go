package web

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"

	"vitrine/internal/vitrine"
)

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
	Face                 face
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
			Count: q.texts.N("list.files", int(u.ListedCount)), Face: faceOf(u),
		})
	}
	q.offer("users-part", c)
	return c, nil
}

// face stands for a user where there is no picture: letters on a colour.
type face struct {
	Initials string
	Hue      string // CSS class
}

// faceHues is how many colours the style sheet has.
const faceHues = 12

func faceOf(u *vitrine.User) face {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(u.Username)) // a hash never fails
	return face{initials(u.DisplayName()), "face-" + strconv.Itoa(int(sum.Sum32()%faceHues))}
}

// initials are the first letters of the first and the last word, or the first of
// the only one.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	first := func(w string) string {
		for _, r := range w {
			return string(unicode.ToUpper(r))
		}
		return ""
	}
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return first(words[0])
	}
	return first(words[0]) + first(words[len(words)-1])
}
