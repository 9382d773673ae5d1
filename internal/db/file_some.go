package db

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// RandomFile returns any file that everybody may see, or CodeNotFound. Where ids are
// missing before a file it comes a little more often.
func (d *DB) RandomFile(ctx context.Context, now time.Time) (*vitrine.File, error) {
	q := FileList{Now: now, Limit: 0}
	newest, _, err := d.listFiles(ctx, fileListKey{ScopeAll, false, "", byIDDesc}, &q, nil)
	if err != nil {
		return nil, err
	}
	if len(newest) == 0 {
		return nil, vitrine.NotFound("file")
	}
	// Up to the newest, there is one for sure, if it is not deleted in this moment.
	q.After = &Position{ID: rand.Int64N(newest[0].file.ID)}
	list, _, err := d.listFiles(ctx, fileListKey{ScopeAll, false, "", byID}, &q, nil)
	if err != nil {
		return nil, err
	}
	return &append(list, newest...)[0].file, nil
}

// FilesOfAlbum returns up to limit files of the album with an id above after, lowest id
// first, as Files does, those that have expired too.
func (d *DB) FilesOfAlbum(ctx context.Context, albumID, after int64, limit int) ([]vitrine.File, error) {
	files, _, err := d.Files(ctx, FileList{
		Scope: ScopeAlbum, ID: albumID, All: true, Sort: vitrine.SortOldest, After: &Position{ID: after}, Limit: limit,
		Now: time.UnixMicro(1),
	})
	return files, err
}

// FilesBySlugs returns those of the files that exist, with their tags and without long
// texts, in the order of the slugs, each once.
func (d *DB) FilesBySlugs(ctx context.Context, slugs []vitrine.Slug) ([]vitrine.File, error) {
	found := map[vitrine.Slug]vitrine.File{}
	err := inBatches(slugs, func(batch []vitrine.Slug) error {
		text, args := filesWith("slug", "TEXT", batch)
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		files, err := collect(rows, err, scanListed)
		if err != nil {
			return d.fail("find files", err)
		}
		for _, f := range files {
			found[f.Slug] = f
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	files := make([]vitrine.File, 0, len(found))
	for _, slug := range slugs {
		if f, ok := found[slug]; ok {
			files = append(files, f)
			delete(found, slug)
		}
	}
	return files, d.fillTags(ctx, files)
}

// filesByIDs returns those of the files that exist by their ids, as Files does.
func (d *DB) filesByIDs(ctx context.Context, ids []int64) (map[int64]vitrine.File, error) {
	found := map[int64]vitrine.File{}
	err := inBatches(ids, func(batch []int64) error {
		text, args := filesWith("id", "BIGINT", batch)
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		files, err := collect(rows, err, scanListed)
		for _, f := range files {
			found[f.ID] = f
		}
		return err
	})
	if err != nil {
		return nil, d.fail("find files", err)
	}
	return found, nil
}

// fillTags reads the tags of the files.
func (d *DB) fillTags(ctx context.Context, files []vitrine.File) error {
	return d.fillIn(ctx, "read the tags of files", files, tagsOfFiles, func(row scanner) (id int64, add func(*vitrine.File), err error) {
		var t vitrine.Tag
		err = row.Scan(&id, &t.ID, &t.Name)
		return id, func(f *vitrine.File) { f.Tags = append(f.Tags, t) }, err
	})
}

// fillIn completes files by what a statement finds for their ids. read reads a row, which
// says whose it is and what to do to that file.
func (d *DB) fillIn(ctx context.Context, doing string, files []vitrine.File, statement func(ids []int64) (string, []any),
	read func(scanner) (id int64, add func(*vitrine.File), err error)) error {
	at := make(map[int64]*vitrine.File, len(files))
	ids := make([]int64, len(files))
	for i := range files {
		at[files[i].ID], ids[i] = &files[i], files[i].ID
	}
	return inBatches(ids, func(batch []int64) error {
		text, args := statement(batch)
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		_, err = collect(rows, err, func(row scanner) (none struct{}, err error) {
			id, add, err := read(row)
			if err == nil {
				add(at[id])
			}
			return none, err
		})
		if err != nil {
			return d.fail(doing, err)
		}
		return nil
	})
}

// filesWith builds a statement that looks up each value of a unique column.
func filesWith[T any](column, kind string, values []T) (string, []any) {
	with, args := valueList(kind, values)
	return with + ` SELECT ` + listFields + ` FROM n JOIN files f ON f.` + column + ` = n.v
		LEFT JOIN albums a ON a.id = f.album_id`, args
}

func tagsOfFiles(ids []int64) (string, []any) {
	with, args := valueList("BIGINT", ids)
	return with + ` SELECT ft.file_id, t.id, t.name FROM n JOIN file_tags ft ON ft.file_id = n.v JOIN tags t ON t.id = ft.tag_id
		ORDER BY ft.file_id, ft.position`, args
}

// valueList writes values as the rows of a table n (v) of the SQL type. NULLs, which
// match nothing, fill the list up to a power of two, so that few different texts exist.
func valueList[T any](kind string, values []T) (string, []any) {
	var b strings.Builder
	b.WriteString(`WITH n (v) AS (VALUES (CAST($1 AS ` + kind + `))`)
	size := 1
	for ; size < len(values); size *= 2 {
	}
	for i := 1; i < size; i++ {
		b.WriteString(", ($" + strconv.Itoa(i+1) + ")")
	}
	b.WriteString(")")
	args := make([]any, size)
	for i, v := range values {
		args[i] = v
	}
	return b.String(), args
}

// valueBatch keeps a statement under the limits of both engines.
const valueBatch = 512

func inBatches[T any](list []T, do func([]T) error) error {
	for len(list) > 0 {
		n := min(len(list), valueBatch)
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}
