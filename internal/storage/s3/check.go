package s3

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"vitrine/internal/storage"
)

// writeCheckEvery bounds what Check costs where requests are paid for: between
// two tries at writing it only asks for an object that is not there.
const writeCheckEvery = time.Minute

// Check implements storage.Store.
func (s *Store) Check(ctx context.Context) error {
	name := s.cfg.Prefix + probe + "check"
	_, err := s.core.StatObject(ctx, s.cfg.Bucket, name, minio.StatObjectOptions{})
	if err = refusal("look for an object", err); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("the S3 bucket cannot be read: %w", err)
	}
	s.mu.Lock()
	fresh := time.Since(s.checked) < writeCheckEvery
	s.mu.Unlock()
	if fresh {
		return nil
	}
	err = s.send(ctx, name, strings.NewReader("vitrine"), 7, "text/plain", "", false)
	if err == nil {
		err = s.core.RemoveObject(ctx, s.cfg.Bucket, name, minio.RemoveObjectOptions{})
	}
	if err != nil {
		return fmt.Errorf("the S3 bucket cannot be written: %w", refusal("write an object", err))
	}
	s.mu.Lock()
	s.checked = time.Now()
	s.mu.Unlock()
	return nil
}
