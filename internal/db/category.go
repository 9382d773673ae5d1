package db

import (
	"context"

	"vitrine/internal/vitrine"
)

const (
	categoryColumns     = `c.id, c.file_count, c.name, c.url_key, c.description, c.listed_count`
	selectCategory      = `SELECT ` + categoryColumns + ` FROM categories c WHERE c.id = $1`
	selectCategoryByKey = `SELECT ` + categoryColumns + ` FROM categories c WHERE c.url_key = $1`
	selectCategories    = `SELECT ` + categoryColumns + ` FROM categories c ORDER BY c.id`
	insertCategory      = `INSERT INTO categories (name, url_key, description) VALUES ($1, $2, $3) RETURNING id`
)

func scanCategory(s scanner) (c vitrine.Category, err error) {
	err = s.Scan(&c.ID, &c.FileCount, &c.Name, &c.URLKey, &c.Description, &c.ListedCount)
	return c, err
}

// Category returns the category with the id, or CodeNotFound.
func (d *DB) Category(ctx context.Context, id int64) (*vitrine.Category, error) {
	c, err := scanCategory(d.reader.row(ctx, selectCategory, id))
	if err := d.found("category", err); err != nil {
		return nil, err
	}
	return &c, nil
}

// CategoryByKey returns the category with the URL key, or CodeNotFound.
func (d *DB) CategoryByKey(ctx context.Context, key string) (*vitrine.Category, error) {
	c, err := scanCategory(d.reader.row(ctx, selectCategoryByKey, key))
	if err := d.found("category", err); err != nil {
		return nil, err
	}
	return &c, nil
}

// Categories returns all categories, oldest first; admins make a handful of them.
func (d *DB) Categories(ctx context.Context) ([]vitrine.Category, error) {
	rows, err := d.reader.query(ctx, selectCategories)
	list, err := collect(rows, err, scanCategory)
	if err != nil {
		return nil, d.fail("list categories", err)
	}
	return list, nil
}

// CreateCategory adds a category and sets its ID; its counter begins at 0.
// CodeConflict with Field "url_key" if the key is taken.
func (t *Tx) CreateCategory(ctx context.Context, c *vitrine.Category) error {
	id, err := scanID(t.row(ctx, insertCategory, c.Name, c.URLKey, c.Description))
	if err != nil {
		return t.fail("create a category", err)
	}
	c.ID, c.FileCount, c.ListedCount = id, 0, 0
	return nil
}
