package db

import "context"

const selectTagOfOwner = `SELECT EXISTS (SELECT 1 FROM file_tags ft JOIN files f ON f.id = ft.file_id WHERE ft.tag_id = $1 AND f.owner_id = $2)`

// TagOfOwner reports whether a file of the user has the tag.
func (d *DB) TagOfOwner(ctx context.Context, tagID, ownerID int64) (bool, error) {
	var has bool
	if err := d.reader.row(ctx, selectTagOfOwner, tagID, ownerID).Scan(&has); err != nil {
		return false, d.fail("look for files with a tag", err)
	}
	return has, nil
}
