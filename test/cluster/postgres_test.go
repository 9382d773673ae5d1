package cluster_test

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
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// postgres is a PostgreSQL cluster of this test. It survives the end of its
// processes, not of the machine: it does not sync, but commits are written before
// they are acknowledged.
type postgres struct {
	programs string // folder of initdb and postgres
	folder   string
	address  string
	password string
	as       *syscall.Credential // nil: ourselves
	process  *process
	audit    *sql.DB // past all wires
}

// newPostgres makes a cluster, runs it until the test ends and makes a database.
func newPostgres(t testing.TB, folder string) *postgres {
	t.Helper()
	p := &postgres{folder: filepath.Join(folder, "postgres"), address: freeAddress(t), password: "cluster"}
	if err := p.make(); err != nil {
		t.Fatalf("PostgreSQL is needed for this test: %v", err)
	}
	t.Cleanup(func() {
		if p.audit != nil {
			p.audit.Close()
		}
		if p.process != nil {
			_ = p.process.end(syscall.SIGQUIT, 20*time.Second)
		}
	})
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	admin, err := sql.Open("pgx", p.url(p.address, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE vitrine"); err != nil {
		t.Fatal(err)
	}
	if p.audit, err = sql.Open("pgx", p.url(p.address, "vitrine")); err != nil {
		t.Fatal(err)
	}
	p.audit.SetMaxIdleConns(0) // the next question may come after a restart
	return p
}

// url is the address of a database, as seen through a wire.
func (p *postgres) url(address, name string) string {
	return fmt.Sprintf("postgres://vitrine:%s@%s/%s?sslmode=disable", p.password, address, name)
}

// make makes the files of the cluster.
func (p *postgres) make() (err error) {
	if p.programs, err = postgresPrograms(); err != nil {
		return err
	}
	if os.Geteuid() == 0 { // which PostgreSQL refuses to run as
		if p.as, err = otherUser(); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(p.folder, 0o700); err != nil {
		return err
	}
	secret := filepath.Join(p.folder, "password")
	if err := os.WriteFile(secret, []byte(p.password), 0o600); err != nil {
		return err
	}
	if p.as != nil {
		err := errors.Join(os.Chown(p.folder, int(p.as.Uid), int(p.as.Gid)), os.Chown(secret, int(p.as.Uid), int(p.as.Gid)))
		if err != nil {
			return err
		}
	}
	cmd := p.command("initdb", "-D", p.data(), "-U", "vitrine", "--auth=scram-sha-256", "--pwfile="+secret,
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

func (p *postgres) data() string { return filepath.Join(p.folder, "data") }

func (p *postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.programs, name), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as}
	return cmd
}

// start starts the server and waits until it answers.
func (p *postgres) start() (err error) {
	host, port, _ := strings.Cut(p.address, ":")
	cmd := p.command("postgres", "-D", p.data(), "-k", "", "-h", host, "-p", port, "-c", "max_connections=100",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB", "-c", "log_min_messages=fatal")
	log := filepath.Join(filepath.Dir(p.folder), "postgres.log")
	if p.process, err = spawn("postgres", cmd, log, syscall.SIGQUIT); err != nil {
		return err
	}
	probe, err := sql.Open("pgx", p.url(p.address, "postgres"))
	if err != nil {
		return err
	}
	defer probe.Close()
	return waitFor(time.Minute, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return probe.PingContext(ctx)
	})
}

// stop ends the server: SIGINT is a fast shutdown, SIGQUIT an immediate one, which
// needs recovery at the next start.
func (p *postgres) stop(signal syscall.Signal) error { return p.process.end(signal, 30*time.Second) }

// postgresPrograms is the folder of the newest version where Debian puts them, or of the one
// in PATH.
func postgresPrograms() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if path, err := exec.LookPath("postgres"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", errors.New("postgres is neither in /usr/lib/postgresql nor in PATH: install the package postgresql")
	}
	return filepath.Dir(found[0]), nil
}

func otherUser() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres")
}
