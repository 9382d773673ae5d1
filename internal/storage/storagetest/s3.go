package storagetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sys/unix"
)

// S3Config says how to reach the test server: plain http, path style, region
// us-east-1.
type S3Config struct{ Endpoint, Bucket, AccessKey, SecretKey string }

const region = "us-east-1"

// S3 gives a fresh bucket on the S3 server of this test process, which it
// starts if need be. The server and its folder go with the process, however it
// ends.
func S3(t testing.TB) S3Config {
	t.Helper()
	c, err := server()
	if err != nil {
		t.Fatalf("start the S3 server for tests: %v", err)
	}
	c.Bucket = "test-" + strings.ToLower(rand.Text())
	client, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Region: region})
	if err == nil {
		err = client.MakeBucket(t.Context(), c.Bucket, minio.MakeBucketOptions{Region: region})
	}
	if err != nil {
		t.Fatalf("make a bucket: %v", err)
	}
	return c
}

var server = sync.OnceValues(startServer)

func startServer() (S3Config, error) {
	binary, err := gateway()
	if err != nil {
		return S3Config{}, err
	}
	dir, err := attributeFolder()
	if err != nil {
		return S3Config{}, err
	}
	for range 3 { // another process may take the port in between
		var c S3Config
		if c, err = run(binary, dir); err == nil {
			return c, nil
		}
	}
	return S3Config{}, errors.Join(err, os.RemoveAll(dir))
}

// script starts the server and waits until its own input ends, which it does
// when the test process is gone for whatever reason; then it cleans up.
const script = `trap '' INT TERM HUP
"$@" </dev/null >"$DIR/log" 2>&1 &
pid=$!
read -r _
kill -9 $pid
wait $pid 2>/dev/null
rm -rf "$DIR"`

func run(binary, dir string) (S3Config, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return S3Config{}, err
	}
	c := S3Config{Endpoint: l.Addr().String(), AccessKey: "test-" + rand.Text(), SecretKey: rand.Text()}
	if err := l.Close(); err != nil {
		return S3Config{}, err
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return S3Config{}, err
	}
	alive, hold, err := os.Pipe()
	if err != nil {
		return S3Config{}, err
	}
	cmd := exec.Command("/bin/sh", "-c", script, "sh", binary, "--port", c.Endpoint, "--region", region, "--keep-alive", "--quiet", "posix", data)
	cmd.Env = append(os.Environ(), "DIR="+dir, "ROOT_ACCESS_KEY="+c.AccessKey, "ROOT_SECRET_KEY="+c.SecretKey)
	cmd.Stdin = alive
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return S3Config{}, err
	}
	go func() { // ends with the test process, and with it the kernel closes hold
		_ = cmd.Wait()
		_ = hold.Close()
	}()
	if err := errors.Join(alive.Close(), ready(c)); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return S3Config{}, errors.Join(fmt.Errorf("%w: %s", err, bytes.TrimSpace(log)), hold.Close())
	}
	return c, nil
}

func ready(c S3Config) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		conn, err := net.DialTimeout("tcp", c.Endpoint, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return errors.New("versitygw did not answer within 20 seconds")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// gateway is the path of the versitygw binary, which is built if it is missing.
func gateway() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(root, ".tools", "versitygw")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	temp := binary + "-" + rand.Text()
	cmd := exec.Command("go", "build", "-o", temp, "github.com/versity/versitygw/cmd/versitygw")
	cmd.Dir = filepath.Join(root, "tools")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build versitygw: %w: %s", err, bytes.TrimSpace(out))
	}
	return binary, os.Rename(temp, binary)
}

// repository is the folder of the module's go.mod, above the test's folder.
func repository() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "tools", "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("the test does not run inside the repository")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}

// attributeFolder makes a folder where files can have extended attributes, in
// which versitygw keeps its metadata.
func attributeFolder() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	places := []string{os.TempDir(), "/var/tmp", filepath.Join(root, ".tools")}
	for _, place := range places {
		dir, err := os.MkdirTemp(place, "vitrine-s3-")
		if err != nil {
			continue
		}
		if unix.Setxattr(dir, "user.vitrine", []byte("1"), 0) == nil {
			return dir, nil
		}
		if err := os.Remove(dir); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("none of %s can hold extended attributes: set TMPDIR to a folder on ext4, xfs, btrfs or a recent tmpfs", strings.Join(places, ", "))
}
