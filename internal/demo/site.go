package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"vitrine/internal/vitrine"
)

// Site is a site with very many files as it might have grown over years: few users,
// albums, tags and words have most of the files, and most have few. The same values
// make the same site, but for its instants, which end at Until.
type Site struct {
	Files   int    // how many
	Seed    uint64 // another number, another site
	Until   time.Time
	Storage string // where the files say that they are

	// People and Albums are those that exist. The first people are the most active
	// ones. An album of nobody is one of a guest.
	People     []int64
	Albums     []vitrine.Album
	Categories []int64
}

// Counts of things for so many files.
func (s *Site) newUsers() int  { return s.Files / 200 }
func (s *Site) newAlbums() int { return s.Files / 100 }
func (s *Site) tags() int      { return min(60_000, 200+s.Files/150) }

// fondest is how many of the first albums the most active one has, in addition to a
// share of the others: more than a page shows, on all but tiny sites.
func (s *Site) fondest() int { return min(60, s.newAlbums()/10) }

// years is how long the site has been growing.
const years = 4

// at is the instant of the i-th of n things: the site grows ever faster.
func (s *Site) at(i, n int) time.Time {
	const span = years * 365 * 24 * time.Hour
	x := float64(i+1) / float64(n+1)
	past := time.Duration((1 - x) * (1.5 - 0.5*x) / 1.5 * float64(span))
	return s.Until.Add(-past).UTC().Truncate(time.Microsecond)
}

// random is a source of its own for each sort of things, so that none depends on how
// many of another there are.
func (s *Site) random(sort uint64) *rand.Rand {
	return rand.New(rand.NewPCG(s.Seed*1_000_003+uint64(s.Files), sort))
}

// Users makes the users that join those in People, oldest first. Each index appears in
// a name, after base, so that names of two sites differ if base does.
func (s *Site) Users(base int64) []vitrine.User {
	r := s.random(1)
	word := zipf(r, NameExponent, NameOffset, 5000)
	list := make([]vitrine.User, s.newUsers())
	for i := range list {
		w := Word(word())
		name := fmt.Sprintf("%s_%d", w[:min(len(w), 6)], base+int64(i))
		list[i] = vitrine.User{
			Username: name, Email: name + "@example.org", Role: vitrine.RoleUser, Status: vitrine.UserValid,
			CreatedAt: s.at(i, len(list)), Private: r.IntN(25) == 0,
		}
		if r.IntN(3) == 0 {
			list[i].Name = s.name(r, word)
		}
		if r.IntN(6) == 0 {
			list[i].Bio = "Mostly " + Word(word()) + " and " + Word(word()) + "."
		}
	}
	return list
}

func (s *Site) name(r *rand.Rand, word func() int) string {
	switch r.IntN(12) {
	case 0:
		return japanese[r.IntN(len(japanese))] + japanese[r.IntN(len(japanese))]
	case 1:
		return russian[r.IntN(len(russian))] + " " + russian[r.IntN(len(russian))]
	}
	return Word(word()) + " " + Word(word())
}

// NewAlbum is an album, and which album of the same list it lies in: -1 for none.
type NewAlbum struct {
	vitrine.Album
	Parent int
}

// NewAlbums makes the albums that join those in Albums, oldest first, for the users in
// People. Every slug and pass is to be given by the caller.
func (s *Site) NewAlbums() []NewAlbum {
	r := s.random(2)
	word := zipf(r, NameExponent, AlbumOffset, vocabulary)
	owner := zipf(r, 1.02, 60, len(s.People))
	list, of := make([]NewAlbum, s.newAlbums()), map[int64][]int{}
	depth := make([]int, len(list))
	for i := range list {
		a := vitrine.Album{
			Name: s.name(r, word), Privacy: privacy(r), Sort: vitrine.SortNewest, Views: int64(r.ExpFloat64() * 30), CreatedAt: s.at(i, len(list)),
		}
		if r.IntN(50) > 0 && len(s.People) > 0 {
			a.OwnerID = s.People[owner()]
			if i < s.fondest() {
				a.OwnerID = s.People[0]
			}
		} else if a.Privacy == vitrine.PrivacyPrivate || a.Privacy == vitrine.PrivacyPassword {
			a.Privacy = vitrine.PrivacyPublic // a guest has no other
		}
		if r.IntN(3) == 0 {
			a.Description = sentence(r, word, 6+r.IntN(10))
		}
		if r.IntN(8) == 0 {
			a.Sort = [...]vitrine.Sort{vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle}[r.IntN(3)]
		}
		parent := -1
		if earlier := of[a.OwnerID]; a.OwnerID != 0 && len(earlier) > 0 && r.IntN(7) == 0 {
			if p := earlier[r.IntN(len(earlier))]; depth[p] < 3 {
				parent, depth[i] = p, depth[p]+1
			}
		}
		of[a.OwnerID] = append(of[a.OwnerID], i)
		list[i] = NewAlbum{a, parent}
	}
	return list
}

func privacy(r *rand.Rand) vitrine.Privacy {
	switch n := r.IntN(100); {
	case n < 72:
		return vitrine.PrivacyPublic
	case n < 84:
		return vitrine.PrivacyUnlisted
	case n < 95:
		return vitrine.PrivacyPrivate
	}
	return vitrine.PrivacyPassword
}
