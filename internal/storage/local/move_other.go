//go:build !linux

package local

import "os"

// move renames a file between folder handles and never replaces: a taken name
// is EEXIST.
func move(fromDir int, from string, toDir int, to string) error {
	return moveByLink(fromDir, from, toDir, to)
}

// syncData makes the bytes of the file durable.
func syncData(f *os.File) error { return f.Sync() }
