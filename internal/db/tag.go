package db

import (
	"context"
	"strings"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

const (
	selectTag = `SELECT t.id, t.name, t.listed_count FROM tags t WHERE t.name = $1`
	// Popular tags are the ones that somebody who types one or two letters may mean.
	selectPopularTags = `SELECT t.id, t.name, t.listed_count FROM tags t WHERE t.listed_count > 0
		ORDER BY t.listed_count DESC, t.id DESC LIMIT $1`
	selectTagsAmongPopular = `SELECT t.id, t.name, t.listed_count FROM (
			SELECT * FROM tags WHERE listed_count > 0 ORDER BY listed_count DESC, id DESC LIMIT 2000) t
		WHERE t.name_key >= $1 AND t.name_key < $2 ORDER BY t.listed_count DESC, t.id DESC LIMIT $3`
	selectTagsByPrefix = `SELECT t.id, t.name, t.listed_count FROM (
			SELECT * FROM tags WHERE name_key >= $1 AND name_key < $2 ORDER BY name_key, id LIMIT 2000) t
		WHERE t.listed_count > 0 ORDER BY t.listed_count DESC, t.id DESC LIMIT $3`
)

// shortPrefix is up to which length a prefix begins too many tags to look at all.
const shortPrefix = 2

func scanCountedTag(s scanner) (t vitrine.Tag, err error) {
	return t, s.Scan(&t.ID, &t.Name, &t.ListedCount)
}

// Tag returns the tag of exactly this name, or CodeNotFound.
func (d *DB) Tag(ctx context.Context, name string) (*vitrine.Tag, error) {
	t, err := scanCountedTag(d.reader.row(ctx, selectTag, name))
	if err := d.found("tag", err); err != nil {
		return nil, err
	}
	return &t, nil
}

// CompleteTags returns up to limit tags of listed files that begin so, in any case, the
// most used first. Of very many it looks at the most used, or the first by name.
func (d *DB) CompleteTags(ctx context.Context, prefix string, limit int) ([]vitrine.Tag, error) {
	text := selectTagsByPrefix
	if utf8.RuneCountInString(prefix) <= shortPrefix {
		text = selectTagsAmongPopular
	}
	key := strings.ToLower(prefix)
	return d.tags(ctx, text, key, key+string(utf8.MaxRune), limit)
}

// PopularTags returns up to limit tags of listed files, the most used first.
func (d *DB) PopularTags(ctx context.Context, limit int) ([]vitrine.Tag, error) {
	return d.tags(ctx, selectPopularTags, limit)
}

func (d *DB) tags(ctx context.Context, text string, args ...any) ([]vitrine.Tag, error) {
	rows, err := d.reader.query(ctx, text, args...)
	list, err := collect(rows, err, scanCountedTag)
	if err != nil {
		return nil, d.fail("list tags", err)
	}
	return list, nil
}
