package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"vitrine/internal/vitrine"
)

var insertFile = `INSERT INTO files (` + strings.Join(fileColumns, ", ") + `, variant_extension, token_hash) VALUES (` +
	placeholders(len(fileColumns)+2) + `) RETURNING id`

const (
	insertTexts = `INSERT INTO file_texts (file_id, description, exif) VALUES ($1, $2, $3)`

	countUser     = `UPDATE users SET file_count = file_count + $2, byte_count = byte_count + $3 WHERE id = $1`
	countAlbum    = `UPDATE albums SET file_count = file_count + $2 WHERE id = $1`
	countCategory = `UPDATE categories SET file_count = file_count + $2 WHERE id = $1`
	lockUser      = `UPDATE users SET file_count = file_count WHERE id = $1`
)

// hotWrites are the statements on the way of every upload; Open prepares them.
var hotWrites = []string{insertFile, insertTexts, countUser, countAlbum, countCategory, savepoint, release, rollbackTo}

// CreateFile adds a file with its tags and the SHA-256 of its delete token, counts it
// for its owner, album, category and tags, and sets its ID and those of its tags,
// which are found or created by their names. An empty tokenHash adds no token.
//
// CodeConflict with Field "slug" or "name" says that another file has the slug, or the
// name of its original or variants; CodeNotFound that the owner, album or category
// does not exist (any more).
//
// Locks are taken in the same order by all who create or delete files: names of files,
// tags by name, user, album, category. So they never wait for each other in a circle,
// and what many share is locked last and for the shortest time.
func (t *Tx) CreateFile(ctx context.Context, f *vitrine.File, tokenHash []byte) error {
	tags := distinctTags(f.Tags)
	g := *f
	g.Tags = tags
	values, err := fileValues(&g)
	if err != nil {
		return fmt.Errorf("create a file: %w", err)
	}
	var token any
	if len(tokenHash) > 0 {
		token = tokenHash
	}
	id, err := scanID(t.row(ctx, insertFile, append(values, f.VariantExtension(), token)...))
	if err != nil {
		return t.fail("create a file", err)
	}
	if f.Description != "" || f.EXIF != "" {
		if _, err := t.exec(ctx, insertTexts, id, f.Description, f.EXIF); err != nil {
			return fmt.Errorf("keep the texts of a file: %w", err)
		}
	}
	if err := t.tagFile(ctx, id, tags); err != nil {
		return err
	}
	if err := t.count(ctx, f, 1); err != nil {
		return err
	}
	f.ID, f.Tags = id, tags
	return nil
}

// count adds n times the file to the counters of its owner, album and category. An
// update that meets no row says that what the file belongs to does not exist, which
// matters only to files that come.
func (t *Tx) count(ctx context.Context, f *vitrine.File, n int64) error {
	for _, c := range []struct {
		thing, text string
		id          int64
		more        []any
	}{
		{"user", countUser, f.OwnerID, []any{n * f.Bytes()}},
		{"album", countAlbum, f.AlbumID, nil},
		{"category", countCategory, f.CategoryID, nil},
	} {
		if c.id == 0 {
			continue
		}
		err := t.change(ctx, c.thing, c.text, append([]any{c.id, n}, c.more...)...)
		if err != nil && (n > 0 || !vitrine.Is(err, vitrine.CodeNotFound)) {
			return err
		}
	}
	return nil
}

// tagRow and fileTagRow are the models of statements with many rows.
type (
	tagRow struct {
		bun.BaseModel `bun:"table:tags,alias:t"`
		ID            int64 `bun:",pk,autoincrement"`
		FileCount     int64
		Name          string
	}
	fileTagRow struct {
		bun.BaseModel `bun:"table:file_tags,alias:ft"`
		FileID        int64
		TagID         int64
		Position      int
	}
)

// tagFile finds or creates the tags, counts the file for each, ties them to it in
// their order and sets their ids.
func (t *Tx) tagFile(ctx context.Context, fileID int64, tags []vitrine.Tag) error {
	if len(tags) == 0 {
		return nil
	}
	rows := make([]tagRow, len(tags))
	for i, tag := range tags {
		rows[i] = tagRow{Name: tag.Name, FileCount: 1}
	}
	slices.SortFunc(rows, func(a, b tagRow) int { return cmp.Compare(a.Name, b.Name) })
	var stored []struct {
		ID   int64
		Name string
	}
	err := t.db.bun.NewInsert().Conn(t.built).Model(&rows).ExcludeColumn("id").
		On("CONFLICT (name) DO UPDATE").Set("file_count = t.file_count + 1").Returning("id, name").Scan(ctx, &stored)
	if err != nil {
		return fmt.Errorf("find or create tags: %w", err)
	}
	ids := make(map[string]int64, len(stored))
	for _, s := range stored {
		ids[s.Name] = s.ID
	}
	ties := make([]fileTagRow, len(tags))
	for i := range tags {
		tags[i].ID = ids[tags[i].Name]
		ties[i] = fileTagRow{FileID: fileID, TagID: tags[i].ID, Position: i}
	}
	if _, err := t.db.bun.NewInsert().Conn(t.built).Model(&ties).Exec(ctx); err != nil {
		return fmt.Errorf("tag a file: %w", err)
	}
	return nil
}

// distinctTags copies the tags without their ids, each name once.
func distinctTags(tags []vitrine.Tag) []vitrine.Tag {
	var list []vitrine.Tag
	for _, t := range tags {
		if !slices.ContainsFunc(list, func(l vitrine.Tag) bool { return l.Name == t.Name }) {
			list = append(list, vitrine.Tag{Name: t.Name})
		}
	}
	return list
}

// placeholders writes "$1, $2, …, $n".
func placeholders(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String()
}
