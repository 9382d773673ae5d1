package server

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stalled is how long a client may take nothing of what is sent to it.
const stalled = time.Minute

// Listen binds an address for Config.Listener. What is set on a listener its
// connections inherit: the kernel ends those whose client takes nothing for a
// minute, whatever is in their buffers (TCP_USER_TIMEOUT, tcp(7)).
func Listen(ctx context.Context, address string) (net.Listener, error) {
	l := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		failed := c.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(stalled/time.Millisecond))
		})
		return errors.Join(failed, err)
	}}
	return l.Listen(ctx, "tcp", address)
}
