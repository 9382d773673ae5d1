package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

// Content is an original or a variant that the actor may have. It is shared with
// other callers and must not be changed.
type Content struct {
	File     *vitrine.File
	Variant  vitrine.VariantKind // empty: the original
	Key      string              // in the file's storage
	MIME     string
	ETag     string // strong, with its quotes
	Filename string
	Size     int64     // bytes
	ModTime  time.Time // UTC, whole seconds
}

// maxPath is longer than any path that we ever gave out.
const maxPath = 1024

// Locate finds what a path such as "2026/11/21/sunset.th.jpg" names: an original
// of that name if there is one, else the variant. Unknown, expired and hidden
// files give the same CodeNotFound. A path gives the same answer on other nodes
// within two seconds of a deletion; expiry is exact.
func (s *Service) Locate(ctx context.Context, actor vitrine.Actor, path string) (*Content, error) {
	c, known := s.cache.get(path)
	count(known, s.meter.rowHit, s.meter.rowMiss)
	if !known {
		mark := s.cache.begin()
		var err error
		if c, err = s.lookUp(ctx, path); err != nil {
			return nil, err
		}
		s.cache.set(mark, path, c)
	}
	if !s.visible(actor, c.File) {
		return nil, noFile()
	}
	return c, nil
}

func (s *Service) lookUp(ctx context.Context, path string) (*Content, error) {
	folder, name, ext, ok := splitPath(path)
	if !ok {
		return nil, noFile()
	}
	f, err := s.c.DB.FileByOriginal(ctx, folder, name, ext)
	if err == nil {
		return originalOf(f), nil
	}
	base, kind, isVariant := vitrine.SplitVariantName(name)
	if vitrine.Is(err, vitrine.CodeNotFound) && isVariant {
		f, err = s.c.DB.FileByVariant(ctx, folder, base, ext)
		if err == nil && f.Variant(kind).Exists() {
			return variantOf(f, kind), nil
		}
	}
	if err == nil || vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, noFile()
	}
	return nil, fmt.Errorf("finding a file by its path: %w", err)
}

func originalOf(f *vitrine.File) *Content {
	return &Content{
		File: f, Key: f.Key(), Filename: f.Filename(), MIME: f.Format.MIME(), Size: f.Size,
		ETag: `"` + f.MD5 + `"`, ModTime: f.UploadedAt.UTC().Truncate(time.Second),
	}
}

func variantOf(f *vitrine.File, kind vitrine.VariantKind) *Content {
	size := f.Variant(kind).Size
	return &Content{
		File: f, Variant: kind, Key: f.VariantKey(kind), Filename: f.VariantFilename(kind), MIME: f.VariantFormat().MIME(), Size: size,
		// The size tells a variant made again with other settings from the first.
		ETag:    fmt.Sprintf(`"%s-%s-%x"`, f.MD5, kind, size),
		ModTime: f.UploadedAt.UTC().Truncate(time.Second),
	}
}

// splitPath cuts a path into folder, base name and extension.
func splitPath(path string) (folder, name, ext string, ok bool) {
	if len(path) > maxPath || !utf8.ValidString(path) || strings.ContainsAny(path, "\x00\\") {
		return "", "", "", false
	}
	return vitrine.SplitKey(path)
}
