package catalog

import (
	"context"
	"errors"
	"io"
	"time"

	"vitrine/internal/vitrine"
)

var errTodo = errors.New("not yet")

// Service finds, serves and deletes. It is safe for many goroutines.
type Service struct{ c Config }

// New makes a Service. The configuration must be valid.
func New(c Config) *Service { return &Service{c: c.withDefaults()} }

// Close ends the housekeeping of the cache.
func (s *Service) Close() error { return nil }

// File finds a file by its slug.
func (s *Service) File(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) (*vitrine.File, error) {
	return nil, errTodo
}

// Content is an original or a variant that the actor may have.
type Content struct {
	File     *vitrine.File
	Variant  vitrine.VariantKind // empty: the original
	Key      string
	MIME     string
	ETag     string // with its quotes
	Filename string
	Size     int64
	ModTime  time.Time
}

// Stream is how the bytes of a Content leave: by Body, or from Link.
type Stream struct {
	Body io.ReadSeekCloser // exactly *os.File where the storage is a disk; the caller closes it
	Link string            // redirect there; Body is nil then
}

// Locate finds what a path below /images/ names.
func (s *Service) Locate(ctx context.Context, actor vitrine.Actor, path string) (*Content, error) {
	return nil, errTodo
}

// Open opens the bytes.
func (s *Service) Open(ctx context.Context, c *Content) (Stream, error) { return Stream{}, errTodo }

// DeleteByToken deletes.
func (s *Service) DeleteByToken(ctx context.Context, slug, token string) (*vitrine.File, error) {
	return nil, errTodo
}

// CheckToken looks only.
func (s *Service) CheckToken(ctx context.Context, slug, token string) (*vitrine.File, error) {
	return nil, errTodo
}

// Delete deletes on behalf of an actor.
func (s *Service) Delete(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) error {
	return errTodo
}

// DeleteFilesOf deletes all files of a user.
func (s *Service) DeleteFilesOf(ctx context.Context, userID int64) (int, error) { return 0, errTodo }

// NewAlbum is what an album needs.
type NewAlbum struct {
	OwnerID     int64
	Name        string
	Description string
	Privacy     vitrine.Privacy
	Parent      vitrine.Slug
}

// CreateAlbum makes an album.
func (s *Service) CreateAlbum(ctx context.Context, n NewAlbum) (*vitrine.Album, error) {
	return nil, errTodo
}

// Albums lists.
func (s *Service) Albums(ctx context.Context, ownerID int64) ([]vitrine.Album, error) {
	return nil, errTodo
}

// CreateCategory makes a category.
func (s *Service) CreateCategory(ctx context.Context, name, urlKey string) (*vitrine.Category, error) {
	return nil, errTodo
}

// Categories lists.
func (s *Service) Categories(ctx context.Context) ([]vitrine.Category, error) { return nil, errTodo }

// PurgeExpired is the job.
type PurgeExpired struct{}

// Kind is the stable name of the job.
func (PurgeExpired) Kind() string { return "purge_expired" }

// RemoveObjects is the job.
type RemoveObjects struct{}

// Kind is the stable name of the job.
func (RemoveObjects) Kind() string { return "remove_objects" }

// SweepOrphans is the job.
type SweepOrphans struct{}

// Kind is the stable name of the job.
func (SweepOrphans) Kind() string { return "sweep_orphans" }

// PurgeExpired deletes what has expired.
func (s *Service) PurgeExpired(ctx context.Context) (int, error) { return 0, errTodo }

// RemoveObjects deletes objects of deleted rows.
func (s *Service) RemoveObjects(ctx context.Context) (int, error) { return 0, errTodo }

// SweepReport counts what a sweep saw.
type SweepReport struct {
	Seen    int   // objects looked at
	Deleted int   // objects that no row claimed
	Bytes   int64 // their bytes
	Young   int   // unclaimed, but not old enough
	Foreign int   // not named as we name objects; left alone
}

// SweepOrphans deletes objects that no row claims.
func (s *Service) SweepOrphans(ctx context.Context, olderThan time.Duration) (SweepReport, error) {
	return SweepReport{}, errTodo
}
