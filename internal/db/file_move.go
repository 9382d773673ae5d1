package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"vitrine/internal/vitrine"
)

// FileWalk asks for files in the order of their ids, whatever their state.
type FileWalk struct {
	After   int64        // only ids above
	Through int64        // only ids up to this one; 0: all
	Storage string       // empty: all
	Kind    vitrine.Kind // empty: both
	OwnerID int64        // 0: all
	Limit   int
}

const walkEnd = 1<<63 - 1

var (
	selectWalk        = `SELECT ` + fileFields + ` FROM files f WHERE f.id > $1 AND f.id <= $2 AND f.kind BETWEEN $3 AND $4 ORDER BY f.id LIMIT $5`
	selectWalkStorage = `SELECT ` + fileFields + ` FROM files f
		WHERE f.id > $1 AND f.id <= $2 AND f.kind BETWEEN $3 AND $4 AND f.storage = $6 ORDER BY f.id LIMIT $5`
	selectWalkOwner = `SELECT ` + fileFields + ` FROM files f
		WHERE f.owner_id > 0 AND f.owner_id = $7 AND f.id > $1 AND f.id <= $2 AND f.kind BETWEEN $3 AND $4 AND f.storage = $6 ORDER BY f.id LIMIT $5`
	selectFilesByMD5 = `SELECT ` + fileFields + ` FROM files f WHERE f.md5 = $1 AND f.id <> $2 LIMIT $3`
)

const (
	selectWalkTotal = `SELECT count(*), CAST(COALESCE(sum(f.size + f.thumb_size + f.medium_size + f.frame_size), 0) AS BIGINT) FROM files f
		WHERE f.id > $1 AND f.id <= $2 AND f.kind BETWEEN $3 AND $4 AND f.storage = $5 AND ($6 = 0 OR f.owner_id = $6)`
	selectNewestFile = `SELECT COALESCE(max(f.id), 0) FROM files f`

	updateStorage = `UPDATE files SET storage = $3 WHERE id = $1 AND storage = $2
		AND md5 = $4 AND size = $5 AND thumb_size = $6 AND medium_size = $7 AND frame_size = $8`
	updateVariants = `UPDATE files SET thumb_size = $6, thumb_width = $7, thumb_height = $8, medium_size = $9, medium_width = $10,
		medium_height = $11, frame_size = $12, frame_width = $13, frame_height = $14
		WHERE id = $1 AND storage = $2 AND thumb_size = $3 AND medium_size = $4 AND frame_size = $5 RETURNING owner_id`
)

func scanWalked(row scanner) (vitrine.File, error) {
	var s fileScan
	if err := row.Scan(s.targets()...); err != nil {
		return vitrine.File{}, err
	}
	return *s.done(), nil
}

// bounds are the first four arguments of a walk.
func (w FileWalk) bounds() []any {
	through, from, to := w.Through, kindStill, kindFilm
	if through == 0 {
		through = walkEnd
	}
	switch w.Kind {
	case vitrine.KindImage:
		to = kindAnimation
	case vitrine.KindVideo:
		from = kindFilm
	}
	return []any{w.After, through, from, to}
}

// WalkFiles returns up to w.Limit files without tags, texts and privacy, lowest id
// first. A walk through the files of one storage may read many others between two of
// them: storages have no index, which each upload would pay for.
func (d *DB) WalkFiles(ctx context.Context, w FileWalk) ([]vitrine.File, error) {
	text, args := selectWalk, append(w.bounds(), w.Limit)
	switch {
	case w.OwnerID != 0:
		text, args = selectWalkOwner, append(args, w.Storage, w.OwnerID)
	case w.Storage != "":
		text, args = selectWalkStorage, append(args, w.Storage)
	}
	rows, err := d.reader.query(ctx, text, args...)
	files, err := collect(rows, err, scanWalked)
	if err != nil {
		return nil, d.fail("walk through files", err)
	}
	return files, nil
}

// WalkTotal counts the files of a walk through one storage, and their bytes. It reads
// all files: for the whole of a storage, StorageUsage knows.
func (d *DB) WalkTotal(ctx context.Context, w FileWalk) (u StorageUsage, err error) {
	u.Storage = w.Storage
	err = d.reader.row(ctx, selectWalkTotal, append(w.bounds(), w.Storage, w.OwnerID)...).Scan(&u.Files, &u.Bytes)
	if err != nil {
		return u, d.fail("count files", err)
	}
	return u, nil
}

// NewestFile is the highest id of a file; 0 if there is none.
func (d *DB) NewestFile(ctx context.Context) (int64, error) {
	id, err := scanID(d.reader.row(ctx, selectNewestFile))
	if err != nil {
		return 0, d.fail("find the newest file", err)
	}
	return id, nil
}

// FilesByMD5 returns up to limit files whose original has the digest, as WalkFiles does
// but in no order, without that of the id.
func (d *DB) FilesByMD5(ctx context.Context, md5 string, except int64, limit int) ([]vitrine.File, error) {
	digest, ok := digestBytes(md5)
	if !ok {
		return nil, nil
	}
	rows, err := d.reader.query(ctx, selectFilesByMD5, digest, except, limit)
	files, err := collect(rows, err, scanWalked)
	if err != nil {
		return nil, d.fail("find files by their digest", err)
	}
	return files, nil
}

// MoveFile notes that the file is in another storage now and counts it there. It reports
// false, and changes nothing, if the row is no longer as f says: deleted, in another
// storage, with other variants.
func (t *Tx) MoveFile(ctx context.Context, f *vitrine.File, to string) (bool, error) {
	digest, ok := digestBytes(f.MD5)
	if !ok {
		return false, fmt.Errorf("digest %q of a file is not hex", f.MD5)
	}
	n, err := t.exec(ctx, updateStorage, f.ID, f.Storage, to, digest, f.Size, f.Thumb.Size, f.Medium.Size, f.Frame.Size)
	if err != nil {
		return false, fmt.Errorf("move a file: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	t.useFile(f, -1)
	t.use(to, 1, f.Bytes())
	return true, nil
}

// ReplaceVariants notes that the file has the variants of now instead of its own, and
// counts their bytes for its owner and storage. It reports false, and changes nothing,
// if the row is no longer as f says.
func (t *Tx) ReplaceVariants(ctx context.Context, f, now *vitrine.File) (bool, error) {
	owner, err := scanID(t.row(ctx, updateVariants, f.ID, f.Storage, f.Thumb.Size, f.Medium.Size, f.Frame.Size,
		now.Thumb.Size, now.Thumb.Width, now.Thumb.Height, now.Medium.Size, now.Medium.Width, now.Medium.Height,
		now.Frame.Size, now.Frame.Width, now.Frame.Height))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("change the variants of a file: %w", err)
	}
	more := now.Bytes() - f.Bytes()
	t.use(f.Storage, 0, more)
	var c counts
	c.users = count{bytes: more}.addTo(c.users, owner)
	return true, t.count(ctx, &c)
}
