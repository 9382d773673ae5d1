package main

import (
	"math"
	"net/url"

	"vitrine/internal/demo"
)

// scalePages are measured on sites of several sizes in addition: searches for words of
// every frequency, and what is large or small. What is rare is found on about as many
// files of a site of whatever size: a page of more results takes longer to write.
func scalePages(files int) []sitePage {
	size := float64(files) / 10_000_000
	rare := demo.Word(int(150_000 * math.Pow(size, 1/demo.WordExponent)))
	// Of a hundred thousand files, as many albums and users have the first of all words.
	grown := math.Pow(max(1, float64(files)/100_000), 1/demo.NameExponent) - 1
	album, name := demo.Word(int(demo.AlbumOffset*grown)), demo.Word(int(demo.NameOffset*grown))
	rareTag := demo.TagName(int(50_000 * math.Pow(size, 1/demo.TagExponent)))
	return []sitePage{
		{what: "search, two frequent words", path: "/search?q=amber+birch"},
		{what: "search, a frequent word, second part", path: "/search?q=amber", links: []string{"after="}},
		{what: "search, a middling word", path: "/search?q=" + demo.Word(400)},
		{what: "search, a rare word", path: "/search?q=" + rare},
		{what: "search, a frequent and a rare word", path: "/search?q=amber+" + rare},
		{what: "search, a word that is not there", path: "/search?q=zzyzx"},
		{what: "search, the beginning of a word", path: "/search?q=" + demo.Word(400)[:3]},
		{what: "search, Japanese", path: "/search?q=%E6%9D%B1%E4%BA%AC"},
		{what: "search, Russian", path: "/search?q=%D0%BE%D1%81%D0%B5%D0%BD%D1%8C"},
		{what: "search, films", path: "/search?q=amber&type=videos"},
		{what: "tag, second part", path: "/tag/amber", links: []string{"after="}},
		{what: "a rare tag", path: "/tag/" + url.PathEscape(rareTag)},
		{what: "album, second part", path: oldestOfAnna, links: []string{"/image/", "/album/", "after="}},
		{what: "profile, second part", path: "/anna", links: []string{"after="}},
		{what: "albums of a user", path: "/anna/albums"},
		{what: "explore, albums, second part", path: "/explore/albums", links: []string{"after="}},
		{what: "explore, pictures, by views", path: "/explore/images?sort=views_desc"},
		{what: "explore, films, by views", path: "/explore/videos?sort=views_desc"},
		{what: "explore, popular, second part", path: "/explore/popular", links: []string{"after="}},
		{what: "viewer, the newest file", path: "/explore/recent", links: []string{"/image/"}},
		{what: "search, albums", path: "/search?q=" + album + "&type=albums"},
		{what: "search, users", path: "/search?q=" + name + "&type=users"},
	}
}
