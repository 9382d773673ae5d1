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

// newFileColumns are the columns that a new file sets, in the order of newFileValues,
// but listed, which depends on its album.
var newFileColumns = slices.Concat(fileColumns, []string{"variant_extension", "token_hash", "kind", "title_key", "placeholder"})

// newFileValues are the values of newFileColumns.
func newFileValues(f *vitrine.File, tokenHash []byte) ([]any, error) {
	values, err := fileValues(f)
	return append(values, f.VariantExtension(), orNull(tokenHash), kindOf(f), titleKey(f.DisplayTitle()), orNull(f.Placeholder)), err
}

// insertFile lists the file by what its album is at this moment; count finds out if
// that changes before the end.
var insertFile = `INSERT INTO files (` + strings.Join(newFileColumns, ", ") + `, listed)
	VALUES (` + placeholders(len(newFileColumns)) + `, $` + strconv.Itoa(len(newFileColumns)+1) + ` AND COALESCE(
		(SELECT a.privacy = 'public' FROM albums a WHERE a.id = $` + strconv.Itoa(len(newFileColumns)+2) + `), TRUE)) RETURNING id, listed`

const insertTexts = `INSERT INTO file_texts (file_id, description, alt, exif) VALUES ($1, $2, $3, $4)`

// hotWrites are the statements on the way of every upload and every view; Open prepares
// them.
var hotWrites = []string{insertFile, insertTexts, countUser, countAlbum, countCategory, countStorage, updateFileViews, updateAlbumViews, selectNameRemoved,
	savepoint, release, rollbackTo}

// CreateFile adds a file with its tags and the SHA-256 of its delete token, counts it
// for its owner, album, category, tags and storage, makes it known to lists and search, and sets
// its ID and those of its tags, which are found or created by their names. An empty
// tokenHash adds no token. What its album allows is read here, whatever f.Privacy says.
//
// CodeConflict with Field "slug" or "name" says that another file has the slug, or the
// name of its original or variants, or had it and its objects are not removed yet;
// CodeNotFound that the owner, album or category
// does not exist (any more).
//
// Locks are taken in the same order by all who create, change or delete files: files
// and their names, tags by name, users, albums, categories, each by id, and at the end
// of the transaction the usage of storages. So they never
// wait for each other in a circle, and what many share is locked last and for the
// shortest time.
func (t *Tx) CreateFile(ctx context.Context, f *vitrine.File, tokenHash []byte) error {
	tags := distinctTags(f.Tags)
	g := *f
	g.Tags = tags
	values, err := newFileValues(&g, tokenHash)
	if err != nil {
		return fmt.Errorf("create a file: %w", err)
	}
	var listed bool
	if err := t.row(ctx, insertFile, append(values, f.Approved, f.AlbumID)...).Scan(&g.ID, &listed); err != nil {
		return t.fail("create a file", err)
	}
	if err := t.checkName(ctx, f); err != nil {
		return err
	}
	if f.Description != "" || f.Alt != "" || f.EXIF != "" {
		if _, err := t.exec(ctx, insertTexts, g.ID, f.Description, f.Alt, f.EXIF); err != nil {
			return fmt.Errorf("keep the texts of a file: %w", err)
		}
	}
	if err := t.index(ctx, fileWords, fileEntry(&g)); err != nil {
		return err
	}
	if err := t.tagFile(ctx, g.ID, tags, listed); err != nil {
		return err
	}
	c := counts{public: listed, checked: f.Approved}
	c.add(f, listed, 1)
	if err := t.count(ctx, &c); err != nil {
		return err
	}
	t.useFile(f, 1)
	f.ID, f.Tags = g.ID, tags
	return nil
}

// tagRow and fileTagRow are the models of statements with many rows.
type (
	tagRow struct {
		bun.BaseModel `bun:"table:tags,alias:t"`
		ID            int64 `bun:",pk,autoincrement"`
		FileCount     int64
		ListedCount   int64
		Name          string
		NameKey       string
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
func (t *Tx) tagFile(ctx context.Context, fileID int64, tags []vitrine.Tag, listed bool) error {
	if len(tags) == 0 {
		return nil
	}
	rows := make([]tagRow, len(tags))
	for i, tag := range tags {
		rows[i] = tagRow{Name: tag.Name, NameKey: strings.ToLower(tag.Name), FileCount: 1}
		if listed {
			rows[i].ListedCount = 1
		}
	}
	slices.SortFunc(rows, func(a, b tagRow) int { return cmp.Compare(a.Name, b.Name) })
	var stored []struct {
		ID   int64
		Name string
	}
	err := t.db.bun.NewInsert().Conn(t.built).Model(&rows).ExcludeColumn("id").
		On("CONFLICT (name) DO UPDATE").Set("file_count = t.file_count + 1").Set("listed_count = t.listed_count + excluded.listed_count").
		Returning("id, name").Scan(ctx, &stored)
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

// orNull keeps NULL for what is empty.
func orNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
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
