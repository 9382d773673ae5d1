package db

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// FileName is where a file's objects live within a storage: folder and base name.
type FileName struct{ Folder, Name string }

var (
	// Each half reads one index; together they cost nothing when, as almost always,
	// the bytes are new.
	selectFileByDigest = selectFile + `f.id = (SELECT max(d.id) FROM (
		SELECT id FROM files WHERE md5 = $1 AND uploader_ip = $2 AND uploaded_at >= $3 UNION ALL
		SELECT id FROM files WHERE source_md5 = $1 AND uploader_ip = $2 AND uploaded_at >= $3) d)`
	selectFileOfOwnerByDigest = selectFile + `f.id = (SELECT max(d.id) FROM (
		SELECT id FROM files WHERE md5 = $1 AND owner_id = $2 UNION ALL
		SELECT id FROM files WHERE source_md5 = $1 AND owner_id = $2) d)`
)

const (
	selectNameTaken = `SELECT ` + removalStands + ` OR EXISTS (
		SELECT 1 FROM files WHERE folder = $4 AND name = $5 AND (extension = $6 OR variant_extension = $7))`
	selectUploadCount  = `SELECT count(*) FROM (SELECT 1 FROM files WHERE uploader_ip = $1 AND uploaded_at >= $2 LIMIT $3) u`
	selectExpiredFiles = `SELECT id FROM files WHERE expires_at > 0 AND expires_at <= $1 ORDER BY expires_at LIMIT $2`
	selectFilesOfOwner = `SELECT id FROM files WHERE owner_id > 0 AND owner_id = $1 AND id > $2 ORDER BY id LIMIT $3`
)

// NameTaken reports whether a file has the name already, be it for its original or its
// variants, or had it and its objects are not removed yet. Ask before placing objects
// under a name; CreateFile decides.
func (d *DB) NameTaken(ctx context.Context, folder, name, ext, variantExt string) (bool, error) {
	var taken bool
	if err := d.reader.row(ctx, selectNameTaken, FileName{folder, name}.path(), keyEnd(ext), keyEnd(variantExt),
		folder, name, ext, variantExt).Scan(&taken); err != nil {
		return false, d.fail("look for the name", err)
	}
	return taken, nil
}

// FileByDigest returns the newest file with this MD5 of its original or its source
// that came from the address at since or later; nil, nil if there is none.
func (d *DB) FileByDigest(ctx context.Context, md5 string, from netip.Addr, since time.Time) (*vitrine.File, error) {
	digest, ok := digestBytes(md5)
	if !ok {
		return nil, nil
	}
	return d.maybeFile(ctx, selectFileByDigest, digest, addressBytes(from), micros(since))
}

// FileOfOwnerByDigest returns the owner's newest file with this MD5 of its original or
// its source; nil, nil if there is none.
func (d *DB) FileOfOwnerByDigest(ctx context.Context, md5 string, ownerID int64) (*vitrine.File, error) {
	digest, ok := digestBytes(md5)
	if !ok || ownerID == 0 {
		return nil, nil
	}
	return d.maybeFile(ctx, selectFileOfOwnerByDigest, digest, ownerID)
}

// UploadCount counts the files that came from the address at since or later and are
// still there. It stops at most, so that it never costs more than most index entries.
func (d *DB) UploadCount(ctx context.Context, from netip.Addr, since time.Time, most int) (int, error) {
	n, err := scanID(d.reader.row(ctx, selectUploadCount, addressBytes(from), micros(since), most))
	if err != nil {
		return 0, d.fail("count uploads", err)
	}
	return int(n), nil
}

// ExpiredFiles returns the ids of up to limit files that have expired at the instant,
// longest expired first.
func (d *DB) ExpiredFiles(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	rows, err := d.reader.query(ctx, selectExpiredFiles, micros(now), limit)
	ids, err := collect(rows, err, scanID)
	if err != nil {
		return nil, d.fail("list expired files", err)
	}
	return ids, nil
}

// FilesOfOwner returns the ids of up to limit files of the user with an id above
// after, lowest id first.
func (d *DB) FilesOfOwner(ctx context.Context, ownerID, after int64, limit int) ([]int64, error) {
	rows, err := d.reader.query(ctx, selectFilesOfOwner, ownerID, after, limit)
	ids, err := collect(rows, err, scanID)
	if err != nil {
		return nil, d.fail("list files of a user", err)
	}
	return ids, nil
}

// filesNamedBatch keeps a statement under the limits of both engines.
const filesNamedBatch = 500

// FilesNamed returns the files of the storage (empty: of all) that have one of the names, in no
// order, each once, without their tags and long texts.
func (d *DB) FilesNamed(ctx context.Context, storage string, names []FileName) ([]vitrine.File, error) {
	var found []vitrine.File
	names = distinct(names)
	for len(names) > 0 {
		n := min(len(names), filesNamedBatch)
		text, args := filesNamed(storage, names[:n])
		names = names[n:]
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		list, err := collect(rows, err, scanListed)
		if err != nil {
			return nil, d.fail("find files by their names", err)
		}
		found = append(found, list...)
	}
	return found, nil
}

// filesNamed builds a statement that looks up each name in the index. NULLs, which
// match nothing, fill the list up to a power of two, so that few different texts exist.
func filesNamed(storage string, names []FileName) (string, []any) {
	var b strings.Builder
	b.WriteString(`WITH n (folder, name) AS (VALUES ($2, $3)`)
	args := make([]any, 1, 2+2*len(names))
	args[0] = storage
	for _, name := range names {
		args = append(args, name.Folder, name.Name)
	}
	size := 1
	for ; size < len(names); size *= 2 {
	}
	for i := 1; i < size; i++ {
		b.WriteString(", ($" + strconv.Itoa(2*i+2) + ", $" + strconv.Itoa(2*i+3) + ")")
	}
	for len(args) < 1+2*size {
		args = append(args, nil)
	}
	b.WriteString(`) SELECT ` + listFields + `
		FROM n JOIN files f ON f.folder = n.folder AND f.name = n.name
		LEFT JOIN albums a ON a.id = f.album_id WHERE (f.storage = $1 OR $1 = '')`)
	return b.String(), args
}

func distinct(names []FileName) []FileName {
	seen := make(map[FileName]bool, len(names))
	list := make([]FileName, 0, len(names))
	for _, n := range names {
		if !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	return list
}
