package cluster_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// smallDisk lets a command see a small file system of its own in a folder. It lives
// in memory, in a mount namespace of the process, and goes with it. The folder of
// others stays empty: from outside, the way in is inside.
const smallDisk = `mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"`

// onSmallDisk is the command with a disk of so many bytes in the folder.
func onSmallDisk(cmd *exec.Cmd, folder string, size int64) *exec.Cmd {
	args := append(namespaces(), "/bin/sh", "-c", smallDisk, "disk", fmt.Sprint(size), folder)
	small := exec.Command("unshare", append(args, cmd.Args...)...)
	small.Dir, small.Env = cmd.Dir, cmd.Env
	return small
}

// namespaces are the flags of unshare: root needs no namespace of users.
func namespaces() []string {
	if os.Geteuid() == 0 {
		return []string{"-m"}
	}
	return []string{"-Urm"}
}

// noSmallDisks says why there cannot be small disks; nil if there can.
func noSmallDisks() error {
	out, err := exec.Command("unshare", append(namespaces(), "/bin/sh", "-c", smallDisk, "disk", "1m", "/mnt", "true")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("we are not root, and may not mount in a namespace of users either: %w: %s", err, out)
	}
	return nil
}

// inside is a path as the process sees it.
func inside(p *process, path string) string {
	return filepath.Join("/proc", fmt.Sprint(p.pid()), "root", path)
}

// fill writes a file until the disk is full.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		_, err := f.Write(make([]byte, size))
		switch {
		case errors.Is(err, syscall.ENOSPC):
			size /= 4 // what is left is less
		case err != nil:
			return err
		}
	}
	return nil
}

// filesBelow lists the files in a folder and below it.
func filesBelow(folder string) (list []string, err error) {
	err = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		if errors.Is(err, os.ErrNotExist) {
			return nil // gone meanwhile
		}
		return err
	})
	return list, err
}

// tail is the end of a file.
func tail(path string, size int64) string {
	f, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > size {
		_, _ = f.Seek(-size, io.SeekEnd) // a file can seek
	}
	text, _ := io.ReadAll(f)
	return string(text)
}
