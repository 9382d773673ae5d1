package upload

import (
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
const cleanUpTime = time.Minute

// object is one file that goes into the storage.
type object struct {
	key, path, mime string
	size            int64
	placed          bool
}

// objectsOf pairs what rendering made with the keys that the file's name gives.
func objectsOf(f *vitrine.File, made *vitrine.Rendition) []*object {
	list := []*object{{key: f.Key(), path: made.Original.Path, mime: f.Format.MIME(), size: made.Original.Size}}
	for kind, o := range map[vitrine.VariantKind]*vitrine.Output{
		vitrine.Thumb: made.Thumb, vitrine.Medium: made.Medium, vitrine.Frame: made.Frame,
	} {
		if o != nil {
			list = append(list, &object{key: f.VariantKey(kind), path: o.Path, mime: o.Format.MIME(), size: o.Size})
		}
	}
	return list
}

// place stores original and variants side by side: durable when it returns nil.
// It returns storage.ErrExists if one of the keys is taken. After an error none
// of the objects is left, save where the storage itself does not answer: the
// orphan sweep finds those.
func (s *Service) place(ctx context.Context, st storage.Store, objects []*object) error {
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
	s.takeBack(ctx, st, objects)
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
// belongs to another file. Files that the storage took out of the spool are
// brought back there, so that they can be placed under another name. It works on
// after the client has gone.
func (s *Service) takeBack(ctx context.Context, st storage.Store, objects []*object) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	for _, o := range objects {
		if !o.placed {
			continue
		}
		o.placed = false
		err := bringBack(ctx, st, o)
		if err := errors.Join(err, st.Delete(ctx, o.key)); err != nil {
			s.c.Logger.WarnContext(ctx, "stored object not taken back, the orphan sweep will find it", "key", o.key, "err", err)
		}
	}
}

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
	_, err = io.Copy(to, from.Content)
	return errors.Join(err, to.Close())
}
