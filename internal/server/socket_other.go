//go:build !linux

package server

import (
	"context"
	"net"
)

// Listen binds an address for Config.Listener.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", address)
}
