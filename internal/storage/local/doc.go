// Package local keeps objects as files below one folder.
//
// A key is the path of its file. What arrives is written to .incoming inside
// the folder, synced, and moved to its place without ever replacing anything;
// then the folder entry is synced too. A crash leaves at worst a file in
// .incoming, which Sweep removes. Every path goes through an os.Root, so that
// neither a key nor a symbolic link leads outside.
//
// Start reading at Store.Put in put.go.
package local
