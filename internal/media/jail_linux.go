package media

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// limitProcess sets the limits that hold for the life of a decoder. The memory is
// counted from what programs and libraries have taken already, most of which is
// reserved and never used.
//
// There is no limit on processes: the kernel counts those of the user, on the
// whole machine. The system call filter refuses new processes instead.
func limitProcess(memory int64) error {
	size, _, err := statm()
	if err != nil {
		return err
	}
	for _, l := range []struct {
		what int
		most uint64
	}{
		{unix.RLIMIT_AS, uint64(size + memory)},
		{unix.RLIMIT_NOFILE, 64},
		{unix.RLIMIT_CORE, 0},
	} {
		if err := unix.Setrlimit(l.what, &unix.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return err
		}
	}
	return nil
}

// limitJob limits processor time until the next job: the kernel then ends the
// process, whatever it hangs in. Decoders work on one core.
func limitJob(patience time.Duration) {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return
	}
	used := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	seconds := uint64((used+2*patience)/time.Second) + 2
	_ = unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: unix.RLIM_INFINITY})
}

// confine locks the process into the spool folder, without network and without
// other programs, as far as the kernel can, and tells in words how far it came.
func confine(spool string) string {
	var words []string
	rights := landlock.AccessFSSet(ll.AccessFSReadFile | ll.AccessFSWriteFile | ll.AccessFSReadDir | ll.AccessFSMakeReg | ll.AccessFSRemoveFile | ll.AccessFSTruncate)
	abi, err := ll.LandlockGetABIVersion()
	if err == nil && abi > 0 {
		err = landlock.V8.BestEffort().Restrict(landlock.PathAccess(rights, spool))
	}
	switch {
	case err == nil && abi > 0:
		words = append(words, fmt.Sprintf("files outside the spool folder are out of reach (Landlock, version %d)", abi))
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EOPNOTSUPP), err == nil:
		words = append(words, "this kernel has no Landlock: decoders could read any file of this user")
	default:
		words = append(words, "Landlock does not work here ("+err.Error()+"): decoders could read any file of this user")
	}
	if err := filterCalls(); err != nil {
		words = append(words, "the system call filter does not work here ("+err.Error()+"): decoders could use the network")
	} else {
		words = append(words, "network and other programs are out of reach (seccomp)")
	}
	return strings.Join(words, "; ")
}

// keepForAnswers takes standard output away from everybody but the protocol:
// what a library prints goes to standard error.
func keepForAnswers(stdout io.Writer) (io.Writer, error) {
	f, ok := stdout.(*os.File)
	if !ok || f.Fd() != 1 {
		return stdout, nil
	}
	fd, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("standard output: %w", err)
	}
	if err := unix.Dup3(2, 1, 0); err != nil {
		return nil, fmt.Errorf("standard output: %w", err)
	}
	return os.NewFile(uintptr(fd), "answers"), nil
}

// residentMeter opens what tells the resident size before the jail is locked.
func residentMeter() func() int64 {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return func() int64 { return 0 }
	}
	return func() int64 {
		_, resident, _ := readStatm(f)
		return resident
	}
}

// statm tells the address space and the resident size of this process in bytes.
func statm() (size, resident int64, err error) {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	return readStatm(f)
}

func readStatm(f *os.File) (size, resident int64, err error) {
	var b [128]byte
	n, err := unix.Pread(int(f.Fd()), b[:], 0)
	if err != nil {
		return 0, 0, err
	}
	fields := strings.Fields(string(b[:n]))
	if len(fields) < 2 {
		return 0, 0, errors.New("statm is not as expected")
	}
	page := int64(os.Getpagesize())
	if size, err = strconv.ParseInt(fields[0], 10, 64); err != nil {
		return 0, 0, err
	}
	resident, err = strconv.ParseInt(fields[1], 10, 64)
	return size * page, resident * page, err
}

// mapFile maps a whole file for reading. The file must not shrink while it is
// mapped; those in the spool do not.
func mapFile(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", f.Name())
	}
	if info.Size() == 0 {
		return nil, damaged(errors.New("no bytes"))
	}
	return unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_POPULATE)
}

func unmapFile(data []byte) { _ = unix.Munmap(data) }

func isNoSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
