package db

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// fileColumns are the columns that a new file sets, in the order of fileValues.
var fileColumns = []string{
	"owner_id", "album_id", "category_id", "size", "created_at", "uploaded_at", "expires_at", "duration", "views", "likes",
	"width", "height", "thumb_size", "thumb_width", "thumb_height", "medium_size", "medium_width", "medium_height",
	"frame_size", "frame_width", "frame_height", "tag_count", "animated", "is_360", "resized", "nsfw", "approved",
	"slug", "storage", "storage_mode", "format", "folder", "name", "extension", "title", "original_filename",
	"uploader_ip", "md5", "source_md5",
}

var (
	fileFields = "f.id, f." + strings.Join(fileColumns, ", f.")
	// listFields are what lists read of a file; albums must be joined as a.
	listFields = fileFields + `, f.placeholder, COALESCE(a.privacy, ''), COALESCE(a.pass, '')`
	// foundFields are the same without the join, which a planner may get wrong.
	foundFields = fileFields + `, f.placeholder, COALESCE((SELECT a.privacy FROM albums a WHERE a.id = f.album_id), ''),
		COALESCE((SELECT a.pass FROM albums a WHERE a.id = f.album_id), '')`
	selectFile = `SELECT ` + listFields + `, COALESCE(x.description, ''), COALESCE(x.alt, ''), COALESCE(x.exif, '')
		FROM files f LEFT JOIN albums a ON a.id = f.album_id LEFT JOIN file_texts x ON x.file_id = f.id WHERE `

	selectFileByID   = selectFile + `f.id = $1`
	selectFileBySlug = selectFile + `f.slug = $1`
	// Both find the few files with this name by files_variant_name.
	selectFileByOriginal = selectFile + `f.folder = $1 AND f.name = $2 AND f.extension = $3`
	selectFileByVariant  = selectFile + `f.folder = $1 AND f.name = $2 AND f.variant_extension = $3`
)

const (
	selectFileTags = `SELECT t.id, t.name FROM file_tags ft JOIN tags t ON t.id = ft.tag_id WHERE ft.file_id = $1 ORDER BY ft.position`
	selectToken    = `SELECT token_hash FROM files WHERE id = $1 AND token_hash IS NOT NULL`
)

// fileValues are the values of fileColumns.
func fileValues(f *vitrine.File) ([]any, error) {
	md5, ok := digestBytes(f.MD5)
	if !ok {
		return nil, fmt.Errorf("digest %q of a file is not hex", f.MD5)
	}
	var source any // NULL where nothing differs, so that the index stays small
	if f.SourceMD5 != "" {
		b, ok := digestBytes(f.SourceMD5)
		if !ok {
			return nil, fmt.Errorf("digest %q of a source is not hex", f.SourceMD5)
		}
		source = b
	}
	return []any{
		f.OwnerID, f.AlbumID, f.CategoryID, f.Size, micros(f.CreatedAt), micros(f.UploadedAt), micros(f.ExpiresAt),
		f.Duration.Microseconds(), f.Views, f.Likes,
		f.Width, f.Height, f.Thumb.Size, f.Thumb.Width, f.Thumb.Height, f.Medium.Size, f.Medium.Width, f.Medium.Height,
		f.Frame.Size, f.Frame.Width, f.Frame.Height, len(f.Tags), f.Animated, f.Is360, f.Resized, f.NSFW, f.Approved,
		string(f.Slug), f.Storage, string(f.StorageMode), string(f.Format), f.Folder, f.Name, f.Extension, f.Title, f.OriginalFilename,
		addressBytes(f.UploaderIP), md5, source,
	}, nil
}

// fileScan reads a file's columns; instants and bytes need a second step.
type fileScan struct {
	file                                           vitrine.File
	created, uploaded, expires, duration, tagCount int64
	ip, md5, source                                []byte
}

// targets are where id and fileColumns go.
func (s *fileScan) targets() []any {
	f := &s.file
	return []any{
		&f.ID, &f.OwnerID, &f.AlbumID, &f.CategoryID, &f.Size, &s.created, &s.uploaded, &s.expires, &s.duration, &f.Views, &f.Likes,
		&f.Width, &f.Height, &f.Thumb.Size, &f.Thumb.Width, &f.Thumb.Height, &f.Medium.Size, &f.Medium.Width, &f.Medium.Height,
		&f.Frame.Size, &f.Frame.Width, &f.Frame.Height, &s.tagCount, &f.Animated, &f.Is360, &f.Resized, &f.NSFW, &f.Approved,
		&f.Slug, &f.Storage, &f.StorageMode, &f.Format, &f.Folder, &f.Name, &f.Extension, &f.Title, &f.OriginalFilename,
		&s.ip, &s.md5, &s.source,
	}
}

func (s *fileScan) done() *vitrine.File {
	f := &s.file
	f.CreatedAt, f.UploadedAt, f.ExpiresAt = instant(s.created), instant(s.uploaded), instant(s.expires)
	f.Duration = time.Duration(s.duration) * time.Microsecond
	f.UploaderIP, f.MD5, f.SourceMD5 = address(s.ip), hex.EncodeToString(s.md5), hex.EncodeToString(s.source)
	if f.Privacy == "" {
		f.Privacy = vitrine.PrivacyPublic
	}
	return f
}

// listTargets are where listFields go.
func (s *fileScan) listTargets() []any {
	return append(s.targets(), &s.file.Placeholder, &s.file.Privacy, &s.file.Pass)
}

// scanFile reads one row of selectFile. The tags are counted but not read.
func scanFile(row scanner) (*vitrine.File, int64, error) {
	var s fileScan
	if err := row.Scan(append(s.listTargets(), &s.file.Description, &s.file.Alt, &s.file.EXIF)...); err != nil {
		return nil, 0, err
	}
	return s.done(), s.tagCount, nil
}

// scanListed reads one row of listFields.
func scanListed(row scanner) (vitrine.File, error) {
	var s fileScan
	if err := row.Scan(s.listTargets()...); err != nil {
		return vitrine.File{}, err
	}
	return *s.done(), nil
}

// FileByID returns the file with the id, its tags, and privacy and pass of its album,
// or CodeNotFound. Expired files are found until they are deleted.
func (d *DB) FileByID(ctx context.Context, id int64) (*vitrine.File, error) {
	return d.file(ctx, selectFileByID, id)
}

// FileBySlug is FileByID for the public id.
func (d *DB) FileBySlug(ctx context.Context, slug vitrine.Slug) (*vitrine.File, error) {
	return d.file(ctx, selectFileBySlug, string(slug))
}

// FileByOriginal is FileByID for the name under which the original is stored.
func (d *DB) FileByOriginal(ctx context.Context, folder, name, ext string) (*vitrine.File, error) {
	return d.file(ctx, selectFileByOriginal, folder, name, ext)
}

// FileByVariant is FileByID for the base name (without ".th") and the extension under
// which variants are stored. Whether the variant exists, the file says.
func (d *DB) FileByVariant(ctx context.Context, folder, name, variantExt string) (*vitrine.File, error) {
	return d.file(ctx, selectFileByVariant, folder, name, variantExt)
}

func (d *DB) file(ctx context.Context, text string, args ...any) (*vitrine.File, error) {
	f, tags, err := scanFile(d.reader.row(ctx, text, args...))
	if err := d.found("file", err); err != nil {
		return nil, err
	}
	if tags > 0 {
		rows, err := d.reader.query(ctx, selectFileTags, f.ID)
		if f.Tags, err = collect(rows, err, scanTag); err != nil {
			return nil, d.fail("read the tags of a file", err)
		}
	}
	return f, nil
}

// maybeFile is file for callers who expect none most of the time: nil, nil.
func (d *DB) maybeFile(ctx context.Context, text string, args ...any) (*vitrine.File, error) {
	f, err := d.file(ctx, text, args...)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, nil
	}
	return f, err
}

func scanTag(s scanner) (t vitrine.Tag, err error) { return t, s.Scan(&t.ID, &t.Name) }

// DeleteToken returns the SHA-256 of the file's delete token, or CodeNotFound.
func (d *DB) DeleteToken(ctx context.Context, fileID int64) ([]byte, error) {
	var hash []byte
	err := d.reader.row(ctx, selectToken, fileID).Scan(&hash)
	return hash, d.found("delete token", err)
}
