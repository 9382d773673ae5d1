//go:build !linux

package media

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// Decoders are confined on Linux only; elsewhere they are separate processes
// with a deadline, which is good enough to work on Vitrine.

func limitProcess(int64) error { return nil }

func limitJob(time.Duration) {}

func confine(string) string {
	return "decoders are not confined on this operating system: they could read any file of this user"
}

func keepForAnswers(stdout io.Writer) (io.Writer, error) { return stdout, nil }

func residentMeter() func() int64 { return func() int64 { return 0 } }

func mapFile(f *os.File) ([]byte, error) {
	data, err := io.ReadAll(f)
	if err == nil && len(data) == 0 {
		err = damaged(errors.New("no bytes"))
	}
	return data, err
}

func unmapFile([]byte) {}

func isNoSpace(err error) bool { return errors.Is(err, syscall.ENOSPC) }
