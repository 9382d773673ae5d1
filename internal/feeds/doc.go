// Package feeds is the door for programs that read along: Atom feeds, oEmbed,
// the sitemap, robots.txt, the manifest of the app and the description of the
// search.
//
// It owns these formats and nothing else. It serves everybody the same and never
// asks who they are: what is private, or behind a password, does not exist here;
// what is unlisted exists for those who name it. It must not know pages.
//
// Start reading at Door, then feed.go and oembed.go.
package feeds
