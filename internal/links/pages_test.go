package links_test

import (
	"net/url"
	"testing"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

func TestPages(t *testing.T) {
	t.Parallel()
	b := links.New(links.Config{Base: &url.URL{Scheme: "https", Host: "example.org", Path: "/pics"}})
	album := &vitrine.Album{Name: "Summer & sea", Slug: "abc1234"}
	for _, c := range []struct{ got, want string }{
		{b.AlbumPath(album), "/pics/album/Summer-sea.abc1234"},
		{b.On(b.AlbumPath(album)), b.Album(album)},
		{b.AlbumZIP(album), "/pics/zip/abc1234"},
		{b.Profile("ann"), "/pics/ann"},
		{b.Category("art"), "/pics/category/art"},
		{b.Explore("recent"), "/pics/explore/recent"},
		{b.Search(""), "/pics/search"},
		{b.Search("blue sky"), "/pics/search?q=blue+sky"},
		{b.SignIn(""), "/pics/login"},
		{b.SignIn("/pics/ann?a=b"), "/pics/login?next=%2Fpics%2Fann%3Fa%3Db"},
		{b.Feed(b.Path("/")), "/pics/feed.atom"},
		{b.Feed(b.Profile("ann")), "/pics/ann/feed.atom"},
		{b.OEmbed("https://example.org/pics/image/a", "json"), "https://example.org/pics/oembed?url=https%3A%2F%2Fexample.org%2Fpics%2Fimage%2Fa&format=json"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
