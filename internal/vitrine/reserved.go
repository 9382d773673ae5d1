package vitrine

import "strings"

// reserved are first segments of addresses, or names that such may get, that
// could be usernames by their form. Users' pages stand at the root, so nobody may
// be called so. The name of the first account, admin, is none of them.
var reserved = map[string]bool{
	// Files, albums and what leads to them.
	"image": true, "images": true, "img": true, "video": true, "videos": true, "clip": true, "clips": true,
	"file": true, "files": true, "album": true, "albums": true, "zip": true, "embed": true, "raw": true,
	"category": true, "categories": true, "tag": true, "tags": true,
	"explore": true, "search": true, "random": true, "upload": true, "uploads": true,
	"user": true, "users": true, "profile": true,
	// The own account.
	"login": true, "logout": true, "signin": true, "signout": true, "signup": true, "register": true,
	"account": true, "settings": true, "password": true, "notifications": true, "following": true,
	// The site and its programs.
	"about": true, "api": true, "assets": true, "dashboard": true, "feed": true, "feeds": true, "help": true,
	"home": true, "livez": true, "readyz": true, "metrics": true, "moderation": true, "oembed": true, "page": true, "pages": true,
	"plugin": true, "report": true, "robots": true, "sdk": true, "share": true, "sitemap": true, "static": true,
	"webmanifest": true,
}

// ReservedUsername reports whether no new account may have the name, since pages
// of the site have such an address.
func ReservedUsername(name string) bool { return reserved[strings.ToLower(name)] }
