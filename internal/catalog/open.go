package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// Stream is how the bytes of a Content leave: by Body, or from Link.
type Stream struct {
	// Body is exactly *os.File for all but small files where the storage is a disk,
	// so that the kernel can send it. The caller closes it.
	Body io.ReadSeekCloser
	Link string // if not empty, redirect there; Body is nil then
}

// linkTime is how long a signed link lives: long enough to begin a download.
const linkTime = 10 * time.Minute

// Open opens the bytes of what Locate found. Where the site delivers by redirect
// and the storage can sign links, it gives a link instead, which does not outlive
// the file. Bytes that are not there give CodeNotFound.
func (s *Service) Open(ctx context.Context, c *Content) (Stream, error) {
	store, err := s.c.Stores.Get(c.File.Storage)
	if err != nil {
		return Stream{}, fmt.Errorf("opening a file: %w", err)
	}
	if linker, ok := store.(storage.Linker); ok && s.c.Settings.Current().Delivery == vitrine.DeliveryRedirect {
		link, err := linker.Link(ctx, c.Key, storage.LinkOptions{Expires: s.linkTime(c.File), MIME: c.MIME, Filename: c.Filename})
		if err != nil {
			return Stream{}, fmt.Errorf("signing a link: %w", err)
		}
		return Stream{Link: link}, nil
	}
	body, ok := s.warm.get(c)
	if c.Size <= warmLimit {
		count(ok, s.meter.bytesHit, s.meter.bytesMiss)
	}
	if ok {
		return Stream{Body: body}, nil
	}
	o, err := s.openObject(ctx, store, c)
	if err != nil {
		return Stream{}, err
	}
	body, err = s.warm.keep(c, o)
	return Stream{Body: body}, err
}

// Read opens the bytes themselves, however the site delivers, and keeps none of
// them in memory: for archives, which hold what nobody may ask for again soon.
// The caller closes. Bytes that are not there give CodeNotFound.
func (s *Service) Read(ctx context.Context, c *Content) (io.ReadCloser, error) {
	if body, ok := s.warm.get(c); ok {
		return body, nil
	}
	store, err := s.c.Stores.Get(c.File.Storage)
	if err != nil {
		return nil, fmt.Errorf("opening a file: %w", err)
	}
	o, err := s.openObject(ctx, store, c)
	if err != nil {
		return nil, err
	}
	return o.Content, nil
}

func (s *Service) openObject(ctx context.Context, store storage.Store, c *Content) (*storage.Object, error) {
	o, err := store.Open(ctx, c.Key)
	if errors.Is(err, storage.ErrNotFound) {
		o, err = s.openMoved(ctx, c)
	}
	if errors.Is(err, storage.ErrNotFound) {
		// Deleted a moment ago, or lost: the log has to tell.
		s.c.Logger.WarnContext(ctx, "recorded object not found", "file", string(c.File.Slug), "key", c.Key)
		return nil, noFile()
	}
	if err != nil {
		return nil, fmt.Errorf("opening a file: %w", err)
	}
	return o, nil
}

// openMoved opens an object whose file has moved to another storage since its row was
// read: here within the last two seconds, or before an archive came to it.
func (s *Service) openMoved(ctx context.Context, c *Content) (*storage.Object, error) {
	now, err := s.c.DB.FileByID(ctx, c.File.ID)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && now.Storage == c.File.Storage {
		return nil, storage.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("finding a file again: %w", err)
	}
	s.cache.forget(c.File)
	store, err := s.c.Stores.Get(now.Storage)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, c.Key)
}

func (s *Service) linkTime(f *vitrine.File) time.Duration {
	if f.ExpiresAt.IsZero() {
		return linkTime
	}
	return max(time.Second, min(linkTime, f.ExpiresAt.Sub(s.c.Clock()).Truncate(time.Second)))
}
