package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

const (
	superuser    = "vitrine"
	templateName = "vitrine_template"
	startLimit   = 60 * time.Second
)

// cluster is a running PostgreSQL server with a migrated template database.
type cluster struct {
	folder string // holds the socket
	admin  *sql.DB
	made   atomic.Int64
	// alive is the writing end of a pipe. When this process ends, in whatever way,
	// the kernel closes it, and the keeper at the other end cleans up.
	alive *os.File
	ended chan error
}

// keeper makes and runs the cluster until its standard input ends, then removes the
// folder. It is a session of its own, so that an interrupt at the terminal does not
// reach it.
const keeper = `
cd / && "$1/initdb" -D "$2/data" -U ` + superuser + ` --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c port=5432 -c max_connections=200 \
	-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB -c autovacuum=off \
	-c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB -c log_min_messages=fatal >>"$2/log" 2>&1 &
read -r _
kill -QUIT $! && wait $!
rm -rf "$2"
`

var startCluster = sync.OnceValues(func() (*cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	as, err := otherUser()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("/tmp", "vitrine-pg-") // socket paths end at 107 bytes
	if err != nil {
		return nil, err
	}
	if as != nil {
		if err := os.Chown(folder, int(as.Uid), int(as.Gid)); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
	c := &cluster{folder: folder}
	if err := c.start(programs, as); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := c.makeTemplate(); err != nil {
		return nil, errors.Join(err, c.alive.Close(), os.RemoveAll(folder))
	}
	return c, nil
})

func (c *cluster) start(programs string, as *syscall.Credential) error {
	theirs, ours, err := os.Pipe()
	if err != nil {
		return err
	}
	// No output of ours is passed on: "go test" waits for all who hold it.
	keep := exec.CommandContext(context.Background(), "/bin/sh", "-c", keeper, "keeper", programs, c.folder)
	keep.Dir, keep.Stdin = "/", theirs
	keep.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setsid: true}
	err = keep.Start()
	if err := errors.Join(err, theirs.Close()); err != nil {
		return errors.Join(err, ours.Close())
	}
	c.alive, c.ended = ours, make(chan error, 1)
	go func() { c.ended <- keep.Wait() }() // ends with this process
	return nil
}

// makeTemplate waits for the server and migrates the database that others copy.
func (c *cluster) makeTemplate() error {
	pool, err := sql.Open("pgx", postgresURL(c.folder, "postgres"))
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(2)
	c.admin = pool
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	for {
		if err = pool.PingContext(ctx); err == nil {
			break
		}
		select {
		case <-time.After(10 * time.Millisecond):
			continue
		case err = <-c.ended:
		case <-ctx.Done():
		}
		said, _ := os.ReadFile(filepath.Join(c.folder, "log"))
		return fmt.Errorf("the server does not start: %w: %s", err, said)
	}
	if _, err := pool.ExecContext(ctx, "CREATE DATABASE "+templateName); err != nil {
		return err
	}
	return migrated(postgresURL(c.folder, templateName))
}

// create copies a database and returns the URL of the copy and how to drop it.
func (c *cluster) create(ctx context.Context, template string) (u string, drop func(), err error) {
	name := "test_" + strconv.FormatInt(c.made.Add(1), 10)
	if _, err := c.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", nil, err
	}
	return postgresURL(c.folder, name), func() {
		// What is not dropped goes with the cluster.
		_, _ = c.admin.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}, nil
}

// findPrograms returns the folder of initdb and postgres: that of the newest version
// where Debian puts them, or the one in PATH.
func findPrograms() (string, error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(folders, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, path)
	}
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join(filepath.Dir(f), "postgres")); err == nil {
			return filepath.Dir(f), nil
		}
	}
	return "", errors.New("initdb and postgres are neither in /usr/lib/postgresql nor in PATH: install the package postgresql")
}

func majorVersion(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// otherUser is whom to run as when we are root, which PostgreSQL refuses.
func otherUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres")
		}
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}
