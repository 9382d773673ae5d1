package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"vitrine/internal/vitrine"
)

const (
	// A counter above zero is a column of its own because indexes ask for it: it changes
	// so seldom that PostgreSQL need not touch any index to count.
	countUser = `UPDATE users SET file_count = file_count + $2, byte_count = byte_count + $3,
		listed_count = listed_count + $4, has_listed = listed_count + $4 > 0 WHERE id = $1`
	countAlbum    = `UPDATE albums SET file_count = file_count + $2 WHERE id = $1 RETURNING privacy`
	countCategory = `UPDATE categories SET file_count = file_count + $2, listed_count = listed_count + $3 WHERE id = $1`
	countTag      = `UPDATE tags SET file_count = file_count + $2, listed_count = listed_count + $3 WHERE id = $1`
	lockUser      = `UPDATE users SET file_count = file_count WHERE id = $1`
)

// errOvertaken is for who took an album for public, or not, and then finds that it was
// changed meanwhile. The transaction is tried again.
var errOvertaken = errors.New("the privacy of an album was changed meanwhile")

// count is what a counted row gains or, below zero, loses.
type count struct{ id, files, bytes, listed int64 }

// counts is what becomes of the counters of users, albums and categories, each row
// once, in the order in which they are locked. Tags are counted before.
type counts struct {
	users, albums, categories []count
	// public is what an album that gains files was taken for, if checked.
	public, checked bool
}

// add adds n times the file, and n times to what is listed if it is.
func (c *counts) add(f *vitrine.File, listed bool, n int64) {
	row := count{files: n, bytes: n * f.Bytes()}
	if listed {
		row.listed = n
	}
	c.users = row.addTo(c.users, f.OwnerID)
	c.albums = row.addTo(c.albums, f.AlbumID)
	c.categories = row.addTo(c.categories, f.CategoryID)
}

func (row count) addTo(list []count, id int64) []count {
	if id == 0 {
		return list
	}
	i, found := slices.BinarySearchFunc(list, id, func(c count, id int64) int { return cmp.Compare(c.id, id) })
	if !found {
		list = slices.Insert(list, i, count{id: id})
	}
	list[i].files += row.files
	list[i].bytes += row.bytes
	list[i].listed += row.listed
	return list
}

// count writes the counters down. An update that meets no row says that what a file
// belongs to does not exist, which matters only to files that come.
func (t *Tx) count(ctx context.Context, c *counts) error {
	for _, u := range c.users {
		if u == (count{id: u.id}) {
			continue
		}
		if err := t.change(ctx, "user", countUser, u.id, u.files, u.bytes, u.listed); err != nil && !u.missed(err) {
			return err
		}
	}
	for _, a := range c.albums {
		if a.files == 0 {
			continue
		}
		if err := t.countAlbum(ctx, a, c); err != nil && !a.missed(err) {
			return err
		}
	}
	for _, k := range c.categories {
		if k.files == 0 && k.listed == 0 {
			continue
		}
		if err := t.change(ctx, "category", countCategory, k.id, k.files, k.listed); err != nil && !k.missed(err) {
			return err
		}
	}
	return nil
}

func (t *Tx) countAlbum(ctx context.Context, a count, c *counts) error {
	var privacy vitrine.Privacy
	switch err := t.row(ctx, countAlbum, a.id, a.files).Scan(&privacy); {
	case errors.Is(err, sql.ErrNoRows):
		return vitrine.NotFound("album")
	case err != nil:
		return t.fail("change the album", err)
	case a.files > 0 && c.checked && c.public != (privacy == vitrine.PrivacyPublic):
		return errOvertaken
	}
	return nil
}

// missed reports whether the error only says that what loses a file is gone.
func (row count) missed(err error) bool {
	return row.files <= 0 && vitrine.Is(err, vitrine.CodeNotFound)
}
