package upkeep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// file looks at one file and tells, or mends, what is wrong with it.
func (v *verify) file(ctx context.Context, f *vitrine.File) error {
	faults, err := v.faults(ctx, f)
	if err == nil && len(faults) > 0 {
		// It may have been deleted or moved since it was listed.
		now, again := v.s.c.DB.FileByID(ctx, f.ID)
		if vitrine.Is(again, vitrine.CodeNotFound) {
			return nil
		}
		if err = again; err == nil && (now.Storage != f.Storage || now.Bytes() != f.Bytes()) {
			f = now
			faults, err = v.faults(ctx, f)
		}
	}
	v.note(func(s *VerifyState) { s.Files++; s.Objects += int64(len(f.Objects())) })
	if err != nil {
		return fmt.Errorf("looking at file %d: %w", f.ID, err)
	}
	if len(faults) == 0 {
		return nil
	}
	var left error
	if v.o.Mend {
		left = v.s.mend(ctx, f, faults)
		var again []*damaged
		if again, err = v.faults(ctx, f); err != nil {
			return err
		}
		if left == nil && len(again) > 0 {
			left = again[0]
		}
	}
	for _, d := range faults {
		p := Problem{File: f, Storage: f.Storage, Key: d.o.Key, Text: d.Error(), Mended: v.o.Mend && left == nil}
		if left != nil {
			p.Text += "; not mended: " + plain(left)
		}
		v.tell(p)
	}
	return nil
}

// faults are what is wrong with the objects of a file. An error says that it could not
// be found out.
func (v *verify) faults(ctx context.Context, f *vitrine.File) ([]*damaged, error) {
	store, err := v.s.c.Stores.Get(f.Storage)
	if err != nil {
		if !v.o.Mend {
			return nil, nil // told for all of them together
		}
		return []*damaged{{vitrine.Object{Key: f.Key()}, "the storage " + f.Storage + " is not configured"}}, nil
	}
	var found []*damaged
	for _, o := range f.Objects() {
		err := v.object(ctx, store, f, o)
		if d, ok := errors.AsType[*damaged](err); ok {
			found = append(found, d)
		} else if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// object says what is wrong with one object.
func (v *verify) object(ctx context.Context, store storage.Store, f *vitrine.File, o vitrine.Object) error {
	info, err := store.Stat(ctx, o.Key)
	if err != nil {
		return sourceError(o, err)
	}
	if info.Size != o.Size {
		return damage(o, fmt.Sprintf("it has %d bytes instead of %d", info.Size, o.Size))
	}
	if !v.o.Deep {
		return nil
	}
	v.note(func(s *VerifyState) { s.Bytes += o.Size })
	if o.Variant != "" {
		return v.s.decodes(ctx, store, o)
	}
	digest, _, err := digestOf(ctx, store, o.Key)
	if err == nil && digest != f.MD5 {
		return damage(o, "its bytes are not those that were uploaded")
	}
	if err != nil {
		return sourceError(o, err)
	}
	return nil
}

// decodes reports whether a variant is a picture from its first to its last pixel. Rows
// have no digests of variants: a few wrong bits may pass.
func (s *Service) decodes(ctx context.Context, store storage.Store, o vitrine.Object) error {
	b, err := s.newBench()
	if err != nil {
		return err
	}
	defer b.close()
	if _, err := b.fetch(ctx, store, o.Key); err != nil {
		return sourceError(o, err)
	}
	seen, err := s.c.Processor.Inspect(ctx, b.source())
	if err == nil {
		_, err = s.c.Processor.Render(ctx, vitrine.RenderRequest{
			Source: b.source(), Folder: b.folder, Inspection: *seen, Thumb: vitrine.Dimensions{Width: 16, Height: 16},
		})
	}
	switch vitrine.CodeOf(err) {
	case "":
		return nil
	case vitrine.CodeUnrecognised, vitrine.CodeUnavailableFormat, vitrine.CodeDamaged:
		return damage(o, "it is no picture any more")
	}
	return fmt.Errorf("decoding %s: %w", o.Key, err)
}

// bench is a folder in the spool where one file is worked on.
type bench struct{ folder string }

func (s *Service) newBench() (*bench, error) {
	folder, err := os.MkdirTemp(s.c.Spool, "upkeep-")
	if err != nil {
		return nil, fmt.Errorf("making a folder in the spool: %w", err)
	}
	return &bench{folder}, nil
}

func (b *bench) source() string { return filepath.Join(b.folder, "source") }

func (b *bench) close() { _ = os.RemoveAll(b.folder) } // the next start empties the spool
