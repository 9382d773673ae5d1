package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of CPU times in /proc: USER_HZ is 100 on every Linux.
const clockTick = 10 * time.Millisecond

// family lists a process and all that descend from it.
func family(pid int) []int {
	children := map[int][]int{}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return []int{pid}
	}
	for _, path := range stats {
		if f := statFields(path); len(f) > 2 {
			child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			parent, err2 := strconv.Atoi(f[1])
			if err == nil && err2 == nil {
				children[parent] = append(children[parent], child)
			}
		}
	}
	list := []int{pid}
	for i := 0; i < len(list); i++ {
		list = append(list, children[list[i]]...)
	}
	return list
}

// statFields are the fields of /proc/PID/stat after the name: state, parent …
func statFields(path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil // it ended
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}

// cpuOf is the CPU time of a process, of its living descendants, and of those
// that ended and were waited for.
func cpuOf(pid int) time.Duration {
	var ticks int64
	for _, p := range family(pid) {
		f := statFields(fmt.Sprintf("/proc/%d/stat", p))
		if len(f) < 15 {
			continue
		}
		for _, field := range f[11:15] { // utime stime cutime cstime, proc(5)
			n, err := strconv.ParseInt(field, 10, 64)
			if err == nil {
				ticks += n
			}
		}
	}
	return time.Duration(ticks) * clockTick
}

// memoryOf is the memory of a process and its descendants in bytes; what they
// share counts once (Pss).
func memoryOf(pid int) int64 {
	var sum int64
	for _, p := range family(pid) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
				n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
				if err == nil {
					sum += n * 1024
				}
			}
		}
	}
	return sum
}

// ownCPU is the CPU time of this process.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
