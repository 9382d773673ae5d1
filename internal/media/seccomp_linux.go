package media

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refusedCalls are what a decoder never needs and an intruder would like: the
// network, other programs and processes, other processes' memory, the machine.
// It is a list of refusals, not of permissions, because the Go runtime, the C
// library and five decoders each need calls of their own.
var refusedCalls = append([]uint32{
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
	unix.SYS_SENDTO, unix.SYS_SENDMSG, unix.SYS_SENDMMSG,
	unix.SYS_EXECVE, unix.SYS_EXECVEAT,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_KCMP,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSMOUNT,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF,
	unix.SYS_SETUID, unix.SYS_SETGID, unix.SYS_SETREUID, unix.SYS_SETREGID, unix.SYS_SETRESUID, unix.SYS_SETRESGID, unix.SYS_CAPSET,
}, refusedHere...)

// Fields of struct seccomp_data (linux/seccomp.h).
const (
	dataCall = 0
	dataArch = 4
	dataArg0 = 16 // low half, on the little-endian machines that auditArch knows
)

// filterCalls refuses system calls for every thread of the process, for good.
func filterCalls() error {
	if auditArch == 0 {
		return errors.New("not written for this processor")
	}
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		anyBit = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		least  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		answer = unix.BPF_RET | unix.BPF_K

		allow  = 0x7fff0000 // SECCOMP_RET_ALLOW
		kill   = 0x80000000 // SECCOMP_RET_KILL_PROCESS
		refuse = 0x00050000 // SECCOMP_RET_ERRNO
	)
	p := []unix.SockFilter{
		{Code: load, K: dataArch},
		{Code: equal, Jt: 1, K: auditArch},
		{Code: answer, K: kill}, // the numbers of another architecture
		{Code: load, K: dataCall},
		{Code: least, Jf: 1, K: 0x40000000}, // x32 on amd64; nothing elsewhere
		{Code: answer, K: refuse | uint32(unix.ENOSYS)},
		// The C library falls back to clone, whose flags can be seen.
		{Code: equal, Jf: 1, K: unix.SYS_CLONE3},
		{Code: answer, K: refuse | uint32(unix.ENOSYS)},
		{Code: equal, Jf: 4, K: unix.SYS_CLONE},
		{Code: load, K: dataArg0},
		{Code: anyBit, Jf: 1, K: unix.CLONE_THREAD},
		{Code: answer, K: allow},
		{Code: answer, K: refuse | uint32(unix.EPERM)},
	}
	for _, call := range refusedCalls {
		p = append(p, unix.SockFilter{Code: equal, Jf: 1, K: call}, unix.SockFilter{Code: answer, K: refuse | uint32(unix.EPERM)})
	}
	p = append(p, unix.SockFilter{Code: answer, K: allow})
	program := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}
