// Package links knows the public address of everything: pages, raw files, the
// API, and the links that delete.
//
// It owns the shape of addresses and nothing else: it never asks whether a thing
// exists or may be seen. Doors build every address here, so that a base path, a
// media host, renamed routes and the titles_in_urls setting are right everywhere.
//
// Start reading at Builder; the title part of viewer addresses is in title.go.
package links
