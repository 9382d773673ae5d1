package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// healthTimeout is more than the five seconds after which a server that cannot
// reach its database or storage says so.
const healthTimeout = 8 * time.Second

type health struct{}

// Help implements kong.HelpProvider.
func (health) Help() string {
	return `It asks /readyz at the address that the server of this configuration listens on: for the
health checks of containers. Exit code 1: it does not answer, or not well.

Example:
  vitrine health --listen 127.0.0.1:8080`
}

// Run implements the command.
func (health) Run(ctx context.Context, g *globals, t *terminal) error {
	c, err := g.load()
	if err != nil {
		return err
	}
	listen := c.Listen
	if listen == "" {
		listen = "127.0.0.1:8080"
	}
	address, err := nearby(listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("the server cannot be asked: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy of the environment
	resp, err := client.Do(req)
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // without the address, which stands in our sentence
	}
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w", address, err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // what came tells enough
	said := strings.TrimSpace(string(text))
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s says %d: %s", address, resp.StatusCode, said)
	}
	fmt.Fprintln(t.out, said)
	return nil
}

// nearby is the address to reach on this machine what listens on listen.
func nearby(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("%q is not an address: %w", listen, err)
	}
	if port == "0" {
		return "", &vitrine.Error{Code: vitrine.CodeInvalid, Message: "port 0 is another one at each start: give --listen with the port that the log of the server tells"}
	}
	if host == "" {
		host = "127.0.0.1"
	} else if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip.Is6() && !ip.Is4In6() {
			host = "::1"
		}
	}
	return net.JoinHostPort(host, port), nil
}
