package s3_test

import (
	"testing"

	"vitrine/internal/storage"
	"vitrine/internal/storage/s3"
	"vitrine/internal/storage/storagetest"
)

func config(t testing.TB) s3.Config {
	t.Helper()
	c := storagetest.S3(t)
	return s3.Config{Endpoint: c.Endpoint, Bucket: c.Bucket, AccessKey: c.AccessKey, SecretKey: c.SecretKey, Region: "us-east-1", PathStyle: true, Insecure: true, Prefix: "media/of site"}
}

func newStore(t testing.TB, c s3.Config) *s3.Store {
	t.Helper()
	s, err := s3.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store { return newStore(t, config(t)) })
	})
}
