package upkeep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// mend mends what can be mended of a file, and changes f as its row changes. The error
// says why something could not be.
func (s *Service) mend(ctx context.Context, f *vitrine.File, faults []*damaged) error {
	if _, err := s.c.Stores.Get(f.Storage); err != nil {
		if err := s.adopt(ctx, f); err != nil {
			return err
		}
		// Its variants may be there or not.
		v := &verify{s: s, o: VerifyOptions{Deep: true, Mend: true}}
		if faults, err = v.faults(ctx, f); err != nil || len(faults) == 0 {
			return err
		}
	}
	store, err := s.c.Stores.Get(f.Storage)
	if err != nil {
		return err
	}
	b, err := s.newBench()
	if err != nil {
		return err
	}
	defer b.close()
	if slices.ContainsFunc(faults, func(d *damaged) bool { return d.o.Variant == "" }) {
		if err := s.bringBack(ctx, b, store, f); err != nil {
			return err
		}
	} else if err := s.fetchOriginal(ctx, b, store, f, f.Key()); err != nil {
		return err
	}
	var kinds []vitrine.VariantKind
	for _, d := range faults {
		if d.o.Variant != "" {
			kinds = append(kinds, d.o.Variant)
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	return s.mendVariants(ctx, b, store, f, kinds)
}

// mendVariants makes variants anew from the original on the bench, as uploads do.
func (s *Service) mendVariants(ctx context.Context, b *bench, store storage.Store, f *vitrine.File, kinds []vitrine.VariantKind) error {
	seen, err := s.c.Processor.Inspect(ctx, b.source())
	if err != nil {
		return fmt.Errorf("looking into the original: %w", err)
	}
	req := s.c.Settings.Current().VariantsOf(seen)
	req.Source, req.Folder = b.source(), b.folder
	made, err := s.c.Processor.Render(ctx, req)
	if err != nil {
		return fmt.Errorf("making variants: %w", err)
	}
	now := *f
	for _, kind := range kinds {
		out, at := made.Thumb, &now.Thumb
		switch kind {
		case vitrine.Medium:
			out, at = made.Medium, &now.Medium
		case vitrine.Frame:
			out, at = made.Frame, &now.Frame
		}
		if out == nil { // the settings are others now
			*at = vitrine.Variant{}
			continue
		}
		*at = vitrine.Variant{Size: out.Size, Width: out.Width, Height: out.Height}
		if err := replace(ctx, store, f.VariantKey(kind), out.Path, f.VariantFormat().MIME()); err != nil {
			return err
		}
	}
	if now.Thumb == f.Thumb && now.Medium == f.Medium && now.Frame == f.Frame {
		return nil
	}
	var done bool
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		done, err = tx.ReplaceVariants(ctx, f, &now)
		return err
	})
	if err != nil {
		return fmt.Errorf("changing the row: %w", err)
	}
	if !done {
		return errChanged
	}
	f.Thumb, f.Medium, f.Frame = now.Thumb, now.Medium, now.Frame
	return nil
}

// replace puts a file in the place of an object. For a moment there is none.
func replace(ctx context.Context, store storage.Store, key, path, mime string) error {
	r, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening what is to be stored: %w", err)
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return fmt.Errorf("opening what is to be stored: %w", err)
	}
	if err := store.Delete(ctx, key); err != nil {
		return fmt.Errorf("removing what is damaged: %w", err)
	}
	if err := store.Put(ctx, key, r, info.Size(), mime); err != nil {
		return fmt.Errorf("storing: %w", err)
	}
	return nil
}

// errNoCopy says that an original is lost.
var errNoCopy = errors.New("no storage and no other file has the same bytes, restore it from a backup")
