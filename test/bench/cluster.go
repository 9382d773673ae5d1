package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is a PostgreSQL server of our own, durable as one in use. It is made when a
// database is first asked for; its folder stays.
type cluster struct {
	folder string
	cmd    *exec.Cmd
	ended  chan error
}

// database makes a database, unless it is there, and returns its URL.
func (c *cluster) database(ctx context.Context, name string) (string, error) {
	if c.cmd == nil {
		if err := c.start(ctx); err != nil {
			return "", err
		}
	}
	out, err := c.program(ctx, "createdb", "-h", c.folder, "-U", "vitrine", name).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "already exists") {
		return "", fmt.Errorf("createdb: %w: %s", err, out)
	}
	return c.url(name), nil
}

func (c *cluster) url(name string) string {
	return (&url.URL{Scheme: "postgres", User: url.User("vitrine"), Path: "/" + name,
		RawQuery: url.Values{"host": {c.folder}, "sslmode": {"disable"}}.Encode()}).String()
}

// program is one of PostgreSQL's own, as a user that it accepts.
func (c *cluster) program(ctx context.Context, name string, args ...string) *exec.Cmd {
	path := name
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); err == nil && len(found) > 0 {
		path = slices.MaxFunc(found, func(a, b string) int { return major(a) - major(b) })
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = "/"
	if u, err := user.Lookup("postgres"); err == nil && os.Geteuid() == 0 {
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		}
	}
	return cmd
}

func major(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

func (c *cluster) start(ctx context.Context) error {
	data := filepath.Join(c.folder, "data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil {
		if err := os.MkdirAll(c.folder, 0o755); err != nil {
			return err
		}
		initdb := c.program(ctx, "initdb", "-D", data, "-U", "vitrine", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions")
		if a := initdb.SysProcAttr; a != nil {
			if err := os.Chown(c.folder, int(a.Credential.Uid), int(a.Credential.Gid)); err != nil {
				return err
			}
		}
		if out, err := initdb.CombinedOutput(); err != nil {
			return fmt.Errorf("initdb: %w: %s", err, out)
		}
	}
	log, err := os.Create(filepath.Join(filepath.Dir(c.folder), "cluster.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.cmd = c.program(ctx, "postgres", "-D", data, "-k", c.folder, "-c", "listen_addresses=", "-c", "shared_buffers=1GB",
		"-c", "effective_cache_size=4GB", "-c", "max_wal_size=3GB", "-c", "random_page_cost=1.1")
	c.cmd.Stdout, c.cmd.Stderr = log, log
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(syscall.SIGINT) } // a fast shutdown
	c.cmd.WaitDelay = time.Minute
	if err := c.cmd.Start(); err != nil {
		return err
	}
	c.ended = make(chan error, 1)
	go func() { c.ended <- c.cmd.Wait() }() // stop waits for it
	for {
		if c.program(ctx, "pg_isready", "-h", c.folder).Run() == nil {
			return nil
		}
		select {
		case err := <-c.ended:
			c.ended <- err
			return fmt.Errorf("PostgreSQL ended, see %s: %w", log.Name(), err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the server, if it was started.
func (c *cluster) stop() error {
	if c.cmd == nil || c.ended == nil {
		return nil
	}
	if err := c.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-c.ended
	c.cmd, c.ended = nil, nil
	return nil
}

// size is the bytes of a place's database, 0 if nobody can tell.
func (p place) size(ctx context.Context) int64 {
	if p.database == "" {
		info, err := os.Stat(filepath.Join(p.data, "vitrine.db"))
		if err != nil {
			return 0
		}
		return info.Size()
	}
	out, err := exec.CommandContext(ctx, "psql", p.database, "-Atc", "SELECT pg_database_size(current_database())").Output()
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
