// Package fileserver is the door for raw bytes: originals and variants under
// /images/, for browsers, players and caches, and archives of albums under /zip/.
//
// It owns the headers that make strangers' bytes safe to serve and long to
// cache, ranges, and conditional requests. Who may see what is decided by
// catalog; where bytes lie, nobody here knows. Bytes of a disk go from the file
// to the socket inside the kernel: nothing may wrap the file on that way.
//
// Start reading at Handler.ServeHTTP; archives are in archive.go.
package fileserver
