package demo_test

import (
	"slices"
	"testing"
	"time"

	"vitrine/internal/demo"
	"vitrine/internal/vitrine"
)

func aSite(seed uint64) *demo.Site {
	s := &demo.Site{
		Files: 4000, Seed: seed, Until: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Storage: "local",
		People: []int64{1, 2, 3, 4}, Categories: []int64{1, 2, 3},
	}
	for i := range s.Users(4) {
		s.People = append(s.People, int64(i)+5)
	}
	for i, a := range s.NewAlbums() {
		a.ID = int64(i) + 1
		s.Albums = append(s.Albums, a.Album)
	}
	return s
}

// The same values make the same site, another number another one.
func TestSiteIsTheSameAgain(t *testing.T) {
	t.Parallel()
	digests := func(s *demo.Site) (list []string) {
		for u := range s.Uploads() {
			list = append(list, u.File.MD5+u.File.Title+u.File.CreatedAt.String())
		}
		return list
	}
	one, again, other := digests(aSite(1)), digests(aSite(1)), digests(aSite(2))
	if !slices.Equal(one, again) || slices.Equal(one, other) || len(one) != 4000 {
		t.Errorf("%d, %d and %d files, the same: %v, %v", len(one), len(again), len(other), slices.Equal(one, again), slices.Equal(one, other))
	}
}

// What a site consists of is valid, and skewed as people are.
func TestSiteIsLikeSites(t *testing.T) {
	t.Parallel()
	s := aSite(1)
	for _, u := range s.Users(4) {
		if _, err := vitrine.ParseUsername(u.Username); err != nil {
			t.Errorf("%q: %v", u.Username, err)
		}
	}
	names, owners, kinds, tags := map[string]int{}, map[int64]int{}, map[vitrine.Format]int{}, map[string]int{}
	last := time.Time{}
	for u := range s.Uploads() {
		f := u.File
		names[f.Title]++
		owners[f.OwnerID]++
		kinds[f.Format]++
		if f.CreatedAt.Before(last) || f.CreatedAt.After(s.Until) {
			t.Fatalf("a file of %s after %s", f.CreatedAt, last)
		}
		last = f.CreatedAt
		for _, tag := range f.Tags {
			tags[tag.Name]++
			if name, ok := vitrine.ParseTag(tag.Name); !ok || name != tag.Name {
				t.Errorf("the tag %q", tag.Name)
			}
		}
		seen := map[int64]bool{}
		for _, l := range u.Likes {
			if seen[l.UserID] || l.At.After(s.Until) {
				t.Errorf("a like of %d at %s", l.UserID, l.At)
			}
			seen[l.UserID] = true
		}
	}
	if owners[0] < 800 || owners[1] < 2*owners[20] || kinds[vitrine.JPEG] < 3000 || kinds[vitrine.GIF] == 0 || kinds[vitrine.MP4] == 0 ||
		tags["amber"] < 100 || len(tags) < 50 || len(names) < 1000 {
		t.Errorf("owners %v, kinds %v, %d tags, %d titles", owners, kinds, len(tags), len(names))
	}
}
