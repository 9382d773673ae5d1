package local

import (
	"golang.org/x/sys/unix"
)

// here, as a folder handle, is the working folder; absolute paths ignore it.
const here = unix.AT_FDCWD

// moveByLink gives the file a second name, which fails where that name is taken,
// and removes the first.
func moveByLink(fromDir int, from string, toDir int, to string) error {
	if err := unix.Linkat(fromDir, from, toDir, to, 0); err != nil {
		return err
	}
	return unix.Unlinkat(fromDir, from, 0)
}
