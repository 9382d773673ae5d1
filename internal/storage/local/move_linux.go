package local

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// move renames a file between folder handles and never replaces: a taken name
// is EEXIST. File systems without such a rename (NFS) do it with links.
func move(fromDir int, from string, toDir int, to string) error {
	err := unix.Renameat2(fromDir, from, toDir, to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return moveByLink(fromDir, from, toDir, to)
	}
	return err
}

// syncData makes the bytes and size of the file durable; its times may lag.
func syncData(f *os.File) error {
	if err := unix.Fdatasync(int(f.Fd())); err != nil {
		return os.NewSyscallError("fdatasync", err)
	}
	return nil
}
