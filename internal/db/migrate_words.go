package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vitrine/internal/vitrine"
)

// wordsVersion is the migration that follows 0006_scale.sql in Go: it makes the words of
// everything. Of ten million files that takes a while, so it goes in batches, in bounded
// memory, and goes on where it was stopped.
const wordsVersion = 7

const (
	// wordsBatch is how many things get their words in one transaction.
	wordsBatch = 5000
	// wordsTold is how often the log says how far it is.
	wordsTold = 30 * time.Second

	wordsOfFiles = `SELECT f.id, f.category_id, f.animated, f.format, f.title, f.original_filename, COALESCE(x.alt, ''), COALESCE(x.description, '')
		FROM files f LEFT JOIN file_texts x ON x.file_id = f.id WHERE f.id > $1 ORDER BY f.id LIMIT $2`
	wordsOfTags = `SELECT ft.file_id, t.id, t.name FROM file_tags ft JOIN tags t ON t.id = ft.tag_id WHERE ft.file_id >= $1 AND ft.file_id <= $2
		ORDER BY ft.file_id, ft.position`
	wordsOfAlbums = `SELECT a.id, a.name, a.description FROM albums a WHERE a.id > $1 ORDER BY a.id LIMIT $2`
	wordsOfUsers  = `SELECT u.id, u.username, u.name FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $2`

	// How far it is stands in the table of versions until it is done.
	wordsDone   = `SELECT value FROM versions WHERE name = $1`
	keepDone    = `INSERT INTO versions (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	forgetDone  = `DELETE FROM versions WHERE name = $1`
	wordsPrefix = "words of "
)

// fillWords makes the words of all files, albums and users.
func (d *DB) fillWords(ctx context.Context, pool *sql.DB) error {
	for _, text := range d.dialect.dropWordIndexes() {
		if _, err := pool.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("drop an index of words: %w", err)
		}
	}
	for w, read := range map[wordTable]func(context.Context, *sql.Tx, int64) ([]*entry, error){
		fileWords: filesToIndex, albumWords: albumsToIndex, userWords: usersToIndex,
	} {
		if err := d.fillTable(ctx, pool, w, read); err != nil {
			return fmt.Errorf("make the %s: %w", w, err)
		}
	}
	for _, text := range d.dialect.makeWordIndexes() {
		if _, err := pool.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("make an index of words: %w", err)
		}
	}
	for w := range wordTables {
		if _, err := pool.ExecContext(ctx, forgetDone, wordsPrefix+wordTables[w].of); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) fillTable(ctx context.Context, pool *sql.DB, w wordTable, read func(context.Context, *sql.Tx, int64) ([]*entry, error)) error {
	mark := wordsPrefix + wordTables[w].of
	for told := time.Now(); ; {
		var after int64
		n := 0
		err := d.inPool(ctx, pool, func(t *Tx) error {
			// On SQLite another process may be at it too.
			if err := t.row(ctx, wordsDone, mark).Scan(&after); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			entries, err := read(ctx, t.tx, after)
			if n = len(entries); err != nil || n == 0 {
				return err
			}
			if err := t.indexMany(ctx, w, entries); err != nil {
				return err
			}
			after = entries[n-1].id
			_, err = t.exec(ctx, keepDone, mark, after)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		if time.Since(told) > wordsTold {
			told = time.Now()
			d.log.Info("making the words of the search", slog.String("of", wordTables[w].of), slog.Int64("up_to", after))
		}
	}
}

// inPool runs fn in a transaction of a database that is not open yet.
func (d *DB) inPool(ctx context.Context, pool *sql.DB, fn func(*Tx) error) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// After a commit this does nothing.
	defer func() { _ = tx.Rollback() }()
	if err := fn(&Tx{db: d, tx: tx, built: d.dialect.builtOn(tx)}); err != nil {
		return err
	}
	return tx.Commit()
}

// filesToIndex reads the files that follow an id, up to wordsBatch, lowest id first.
func filesToIndex(ctx context.Context, tx *sql.Tx, after int64) ([]*entry, error) {
	rows, err := tx.QueryContext(ctx, wordsOfFiles, after, wordsBatch)
	files, err := collect(rows, err, func(s scanner) (f vitrine.File, err error) {
		return f, s.Scan(&f.ID, &f.CategoryID, &f.Animated, &f.Format, &f.Title, &f.OriginalFilename, &f.Alt, &f.Description)
	})
	if err != nil || len(files) == 0 {
		return nil, err
	}
	at := make(map[int64]*vitrine.File, len(files))
	for i := range files {
		at[files[i].ID] = &files[i]
	}
	rows, err = tx.QueryContext(ctx, wordsOfTags, files[0].ID, files[len(files)-1].ID)
	_, err = collect(rows, err, func(s scanner) (tag vitrine.Tag, err error) {
		var id int64
		if err = s.Scan(&id, &tag.ID, &tag.Name); err == nil && at[id] != nil {
			at[id].Tags = append(at[id].Tags, tag)
		}
		return tag, err
	})
	entries := make([]*entry, len(files))
	for i := range files {
		entries[i] = fileEntry(&files[i])
	}
	return entries, err
}

func albumsToIndex(ctx context.Context, tx *sql.Tx, after int64) ([]*entry, error) {
	rows, err := tx.QueryContext(ctx, wordsOfAlbums, after, wordsBatch)
	return collect(rows, err, func(s scanner) (*entry, error) {
		var a vitrine.Album
		err := s.Scan(&a.ID, &a.Name, &a.Description)
		return albumEntry(&a), err
	})
}

func usersToIndex(ctx context.Context, tx *sql.Tx, after int64) ([]*entry, error) {
	rows, err := tx.QueryContext(ctx, wordsOfUsers, after, wordsBatch)
	return collect(rows, err, func(s scanner) (*entry, error) {
		var u vitrine.User
		err := s.Scan(&u.ID, &u.Username, &u.Name)
		return userEntry(&u), err
	})
}
