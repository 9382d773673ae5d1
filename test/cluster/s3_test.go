package cluster_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sys/unix"
)

const (
	region     = "us-east-1"
	bucket     = "pictures"
	bucketSize = 512 << 20 // bytes of the S3 server's disk
)

// s3 is an S3 server of this test.
type s3 struct {
	address, accessKey, secretKey string

	folder  string // of its objects, as the process sees it
	process *process
	client  *minio.Client // past all wires
	full    string        // path of the file that fills its disk
	endless error         // why its disk cannot be filled; nil: it can
}

// newS3 runs a server until the test ends, and makes a bucket.
func newS3(t testing.TB, folder string) *s3 {
	t.Helper()
	s := &s3{address: freeAddress(t), accessKey: "cluster", secretKey: rand.Text(), folder: filepath.Join(folder, "s3")}
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.process != nil {
			_ = s.process.end(syscall.SIGKILL, 10*time.Second)
		}
	})
	s.endless = noSmallDisks()
	if err := s.start(); err != nil {
		t.Fatalf("start the S3 server: %v\n%s", err, tail(s.log(), 2<<10))
	}
	var err error
	s.client, err = minio.New(s.address, &minio.Options{Creds: credentials.NewStaticV4(s.accessKey, s.secretKey, ""), Region: region})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.client.MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{Region: region}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *s3) log() string { return filepath.Join(filepath.Dir(s.folder), "s3.log") }

// start starts the server on a disk that can be filled, if there may be one.
func (s *s3) start() (err error) {
	gateway, err := filepath.Abs(filepath.Join(repository, ".tools", "versitygw"))
	if err != nil {
		return err
	}
	if _, err := os.Stat(gateway); err != nil {
		return fmt.Errorf("%w: make .tools/versitygw builds it", err)
	}
	cmd := exec.Command(gateway, "--port", s.address, "--region", region, "--keep-alive", "--quiet", "posix", s.folder)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+s.accessKey, "ROOT_SECRET_KEY="+s.secretKey)
	if s.endless == nil {
		cmd = onSmallDisk(cmd, s.folder, bucketSize)
	}
	if s.process, err = spawn("s3", cmd, s.log(), syscall.SIGKILL); err != nil {
		return err
	}
	if err := waitFor(20*time.Second, func() error { return dial(s.address) }); err != nil || s.endless != nil {
		return err
	}
	// It keeps what it knows of objects in attributes of their files.
	if err := unix.Setxattr(inside(s.process, s.folder), "user.cluster", []byte("1"), 0); err == nil {
		return nil
	}
	s.endless = fmt.Errorf("this kernel's tmpfs keeps no attributes of users, which the S3 server needs (Linux 6.6)")
	if err := s.process.end(syscall.SIGKILL, 10*time.Second); err != nil {
		return err
	}
	return s.start()
}

// fill leaves no room on the server's disk until empty.
func (s *s3) fill() error {
	s.full = inside(s.process, filepath.Join(s.folder, "full"))
	return fill(s.full)
}

func (s *s3) empty() error { return os.Remove(s.full) }

// objects are the sizes of all objects by their keys.
func (s *s3) objects(ctx context.Context) (map[string]int64, error) {
	sizes := make(map[string]int64)
	for o := range s.client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		sizes[o.Key] = o.Size
	}
	return sizes, nil
}
