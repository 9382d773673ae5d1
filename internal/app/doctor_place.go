package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"vitrine/internal/vitrine"
)

// Bounds of what the place where the program runs should have.
const (
	littleMemory = 1 << 30 // bytes: weak
	noMemory     = 512 << 20
	fewInodes    = 100_000 // free: weak; each upload takes up to four
	noInodes     = 1_000
)

// examinePlace looks at the machine: data folder, disk, memory, limits, addresses.
func examinePlace(c Config) []Finding {
	return []Finding{examineFolder(c.Data), examineDisk(c.Data), examineMemory(), examineLimits(), examineAddress(c)}
}

// examineFolder looks whose the data folder is, and who else may look into it.
func examineFolder(path string) Finding {
	const name = "folder"
	fi, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Finding{name, Good, fmt.Sprintf("the data folder %s is not there yet; the first start makes it", path), ""}
	}
	if err != nil || !fi.IsDir() {
		return Finding{name, Broken, fmt.Sprintf("the data folder %s is no folder that can be looked at", path), "give another one by --data or VITRINE_DATA"}
	}
	if err := syscall.Access(path, 2|1); err != nil { // write and search: access(2)
		return Finding{name, Broken, fmt.Sprintf("the data folder %s cannot be written by this user (%d)", path, os.Geteuid()),
			fmt.Sprintf("run as the user of the server, or: chown -R USER %s", path)}
	}
	if st, ok := fi.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return Finding{name, Weak, fmt.Sprintf("the data folder belongs to user %d, and this is user %d", st.Uid, os.Geteuid()),
			"run the doctor and all commands as the user of the server, so that no files of another one get in its way"}
	}
	if fi.Mode().Perm()&0o077 != 0 {
		return Finding{name, Weak, fmt.Sprintf("others may look into the data folder (%04o)", fi.Mode().Perm()), "chmod 700 " + path}
	}
	return Finding{name, Good, "the data folder is ours alone", ""}
}

func examineDisk(path string) Finding {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		if errors.Is(err, syscall.ENOENT) {
			return Finding{"disk", Good, "not looked at, since the data folder is not there yet", ""}
		}
		return Finding{"disk", Broken, "the data folder cannot be looked at: " + err.Error(), ""}
	}
	const room = "make room, or move files to another storage: vitrine storage move"
	free := vitrine.Size(int64(s.Bavail) * int64(s.Bsize)) //nolint:unconvert // the types differ between systems
	inodes := int64(s.Ffree)
	if s.Files == 0 {
		inodes = fewInodes // the file system has no such bound
	}
	switch {
	case free < noSpace:
		return Finding{"disk", Broken, fmt.Sprintf("only %s are free for the data folder", free), room}
	case inodes < noInodes:
		return Finding{"disk", Broken, fmt.Sprintf("only %d more files fit on the disk of the data folder (inodes)", inodes), room}
	case free < littleSpace:
		return Finding{"disk", Weak, fmt.Sprintf("%s are free for the data folder, which will not last", free), room}
	case inodes < fewInodes:
		return Finding{"disk", Weak, fmt.Sprintf("%d more files fit on the disk of the data folder (inodes), which will not last", inodes), room}
	}
	return Finding{"disk", Good, fmt.Sprintf("%s are free for the data folder", free), ""}
}

// examineMemory looks at the machine's memory, or the control group's if that is less.
func examineMemory() Finding {
	total := boundMemory(machineMemory(), "/sys/fs/cgroup")
	size := vitrine.Size(total)
	switch {
	case total == 0:
		return Finding{"memory", Good, "how much there is cannot be seen on this system", ""}
	case total < noMemory:
		return Finding{"memory", Broken, fmt.Sprintf("%s may be used; large pictures need more", size), "give it 1 GB, or set VITRINE_DECODERS=1 and lower max_pixels"}
	case total < littleMemory:
		return Finding{"memory", Weak, fmt.Sprintf("%s may be used; server and decoders together may need 600 MB", size), "set VITRINE_DECODERS=1, or give it 1 GB"}
	}
	return Finding{"memory", Good, fmt.Sprintf("%s may be used", size), ""}
}

// boundMemory is total, or the control group's bound if that is less or total is 0. A
// container sees its own group at root, in the first or the second version of
// cgroups(7).
func boundMemory(total int64, root string) int64 {
	for _, name := range []string{"memory.max", "memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && (total == 0 || n < total) {
			total = n
		}
	}
	return total
}

// machineMemory is MemTotal of /proc/meminfo (proc(5)) in bytes, 0 if unknown.
func machineMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte("MemTotal:"))
	fields := strings.Fields(string(rest))
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}

func examineLimits() Finding {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return Finding{"limits", Weak, "the limit of open files is unknown", ""}
	}
	// Go raises the soft limit to the hard one at start, and says what it made.
	const raise = "raise it with ulimit -n, or LimitNOFILE= of the service"
	files := fmt.Sprintf("%d files may be open at once", l.Cur)
	switch {
	case l.Cur < tooFewFiles:
		return Finding{"limits", Broken, "only " + files, raise}
	case l.Cur < fewOpenFiles:
		return Finding{"limits", Weak, fmt.Sprintf("%s; a busy site needs %d", files, fewOpenFiles), raise}
	case os.Getuid() == 0:
		return Finding{"limits", Weak, files + "; the program runs as root, which it does not need", "run it as a user of its own"}
	}
	return Finding{"limits", Good, files, ""}
}

// examineAddress looks whether the public address fits how the server is reached.
func examineAddress(c Config) Finding {
	const name = "address"
	host, _, _ := net.SplitHostPort(c.Listen) // it was checked when it was read
	ip, err := netip.ParseAddr(host)
	local := host == "localhost" || err == nil && ip.IsLoopback()
	switch {
	case c.URL == nil && local:
		return Finding{name, Good, "the site is for this machine alone", ""}
	case c.URL == nil:
		return Finding{name, Weak, "others can reach the server, but its public address is not known, so that links lead to localhost", "set VITRINE_URL"}
	case isLocalHost(c.URL.Hostname()):
		return Finding{name, Good, c.URL.String() + " is for this machine alone", ""}
	case c.URL.Scheme == "http":
		return Finding{name, Weak, c.URL.String() + " is without encryption: passwords and keys can be read on the way", "put a proxy with TLS in front of it, and set VITRINE_URL=https://…"}
	case len(c.TrustedProxies) == 0:
		return Finding{name, Weak, "there must be a proxy in front that speaks TLS, and it is not trusted: every client looks like the proxy, so that limits and bans hit all",
			"set VITRINE_TRUSTED_PROXIES to the proxy's address"}
	}
	return Finding{name, Good, c.URL.String() + ", behind a proxy that is trusted", ""}
}

func isLocalHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
