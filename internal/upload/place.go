package upload

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// cleanUpTime is how long taking back what was placed may take.
const cleanUpTime = 20 * time.Second

// object is one file that goes into the storage.
type object struct {
	key, path, mime string
	size            int64
	placed          bool
}

// objectsOf pairs what rendering made with the keys that the file's name gives.
func objectsOf(f *vitrine.File, made *vitrine.Rendition) []*object {
	list := []*object{{key: f.Key(), path: made.Original.Path, mime: f.Format.MIME(), size: made.Original.Size}}
	add := func(kind vitrine.VariantKind, o *vitrine.Output) {
		if o != nil {
			list = append(list, &object{key: f.VariantKey(kind), path: o.Path, mime: o.Format.MIME(), size: o.Size})
		}
	}
	add(vitrine.Thumb, made.Thumb)
	add(vitrine.Medium, made.Medium)
	add(vitrine.Frame, made.Frame)
	return list
}

// placeSomewhere places the objects in the first storage that takes them, and
// notes its name in f. A storage that turns out to be full is passed over. free must
// be called when the row is written, or has failed.
func (s *Service) placeSomewhere(ctx context.Context, f *vitrine.File, objects []*object) (st storage.Store, free func(), err error) {
	var full []string
	var refused error
	for {
		name, store, err := s.c.Stores.Place(ctx, f.Kind(), f.Bytes(), full...)
		if err != nil {
			return nil, nil, cmp.Or(refused, err)
		}
		f.Storage = name
		within, free, err := s.reserve(ctx, store, f)
		if err != nil {
			return nil, nil, err
		}
		if err = s.place(within, store, objects); err == nil {
			return store, free, nil
		}
		free()
		if !errors.Is(err, storage.ErrNoSpace) {
			return nil, nil, err
		}
		s.c.Logger.WarnContext(ctx, "a storage is full", "storage", name, "err", err)
		full, refused = append(full, name), err
	}
}

// place stores original and variants side by side: durable when it returns nil.
// It returns storage.ErrExists if one of the keys is taken. After an error none
// of the objects is left, save where the storage itself does not answer: the
// orphan sweep finds those.
func (s *Service) place(ctx context.Context, st storage.Store, objects []*object) error {
	defer s.meter.since(stepPlace, time.Now())
	errs := make([]error, len(objects))
	var all sync.WaitGroup
	for i, o := range objects {
		all.Go(func() {
			if errs[i] = put(ctx, st, o); errs[i] == nil {
				o.placed = true
			}
		})
	}
	all.Wait()
	err := firstError(errs)
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		return nil
	}
	s.takeBack(ctx, st, objects, err)
	return fmt.Errorf("storing: %w", err)
}

// firstError prefers any other error to a taken key, which would be tried again.
func firstError(errs []error) (first error) {
	for _, err := range errs {
		if first == nil || errors.Is(first, storage.ErrExists) && err != nil {
			first = err
		}
	}
	return first
}

// put hands the spooled file over where the storage can take it without a copy.
func put(ctx context.Context, st storage.Store, o *object) error {
	if a, ok := st.(storage.Adopter); ok {
		return a.Adopt(ctx, o.key, o.path)
	}
	f, err := os.Open(o.path)
	if err != nil {
		return fmt.Errorf("opening a spooled file: %w", err)
	}
	defer f.Close()
	return st.Put(ctx, o.key, f, o.size, o.mime)
}

// takeBack removes what was placed, and nothing else: a key that was taken
// belongs to another file. If the reason is a name that was taken, a storage that
// is full or bytes that were seen, files that the storage took out of the spool are brought back there, so
// that they can be placed under another name or elsewhere. It works on after the
// client has gone.
func (s *Service) takeBack(ctx context.Context, st storage.Store, objects []*object, reason error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	for _, o := range objects {
		if !o.placed {
			continue
		}
		o.placed = false
		if vitrine.Is(reason, vitrine.CodeConflict) || errors.Is(reason, storage.ErrNoSpace) || errors.Is(reason, errSeen) {
			if err := bringBack(ctx, st, o); err != nil { // the next try fails at the missing file
				s.c.Logger.WarnContext(ctx, "stored object not brought back to the spool", "key", o.key, "err", err)
			}
		}
		if err := st.Delete(ctx, o.key); err != nil {
			s.c.Logger.WarnContext(ctx, "stored object not taken back, the orphan sweep will find it", "key", o.key, "err", err)
		}
	}
}

// bringBack makes sure that the object is in the spool: whole, or not at all.
func bringBack(ctx context.Context, st storage.Store, o *object) error {
	if _, err := os.Lstat(o.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	from, err := st.Open(ctx, o.key)
	if err != nil {
		return err
	}
	defer from.Content.Close()
	to, err := os.OpenFile(o.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(to, from.Content)
	if err == nil && n != o.size {
		err = io.ErrUnexpectedEOF
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return errors.Join(err, os.Remove(o.path))
	}
	return nil
}
