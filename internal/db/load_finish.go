package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"vitrine/internal/vitrine"
)

// Index makes the indexes again when all rows are there. A row that breaks one is
// CodeInvalid: no backup that is whole has any.
func (l *Loader) Index(ctx context.Context) error {
	if phase, _, err := l.mark(ctx, markPhase); err != nil || phase >= phaseIndex {
		return err
	}
	if err := l.makeIndexes(ctx); err != nil {
		return err
	}
	return l.exec(ctx, upsertMark, markPhase, phaseIndex)
}

// makeIndexes makes what takeIndexes took.
func (l *Loader) makeIndexes(ctx context.Context) error {
	rows, err := l.d.writer.sql.QueryContext(ctx, readIndexes)
	list, err := collect(rows, err, scanIndex)
	if err != nil {
		return l.d.fail("list indexes", err)
	}
	for _, i := range list {
		err := l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
			if err := l.alone(ctx, tx); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, i.definition); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, forgetIndex, i.name)
			return err
		})
		if err != nil {
			return l.d.fail("make the index "+i.name, err)
		}
	}
	return nil
}

// Upgrade brings the tables from the version of the backup to that of this program.
func (l *Loader) Upgrade(ctx context.Context) error {
	if phase, _, err := l.mark(ctx, markPhase); err != nil || phase >= phaseWords {
		return err
	}
	if err := l.d.migrate(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", l.d.dialect.explain(err))
	}
	err := l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		if err := l.alone(ctx, tx); err != nil {
			return err
		}
		// Words that a migration made, of an older backup, are made again with the others.
		tables := []string{string(fileWords), string(albumWords), string(userWords)}
		for _, name := range tables {
			if _, err := tx.ExecContext(ctx, l.d.dialect.emptyWords(wordTable(name))); err != nil {
				return err
			}
		}
		if err := l.takeIndexes(ctx, tx, tables); err != nil {
			return err
		}
		for _, text := range []string{emptyUsage, fillUsage} {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, upsertMark, markPhase, phaseWords)
		return err
	})
	if err != nil {
		return l.d.fail("prepare the words", err)
	}
	return nil
}

const (
	wordsReadFiles = `SELECT f.id, f.title, f.original_filename, COALESCE(x.alt, ''), COALESCE(x.description, '')
		FROM files f LEFT JOIN file_texts x ON x.file_id = f.id WHERE f.id > $1 ORDER BY f.id LIMIT $2`
	wordsReadTags = `SELECT ft.file_id, t.name FROM file_tags ft JOIN tags t ON t.id = ft.tag_id
		WHERE ft.file_id > $1 AND ft.file_id <= $2 ORDER BY ft.file_id, ft.position`
	wordsReadAlbums = `SELECT a.id, a.name, a.description FROM albums a WHERE a.id > $1 ORDER BY a.id LIMIT $2`
	wordsReadUsers  = `SELECT u.id, u.username, u.name FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $2`
)

// wordsBatch is how many things get their words in one transaction.
const wordsBatch = 5000

// document is the words of one thing as a row of a table of words.
type document struct {
	id   int64
	text string
}

// Words makes users, albums and files findable and calls progress, unless it is nil,
// with the number of things done in this run after each batch.
func (l *Loader) Words(ctx context.Context, progress func(done int64)) error {
	var done int64
	for _, each := range []struct {
		table wordTable
		batch func(ctx context.Context, tx *sql.Tx, after int64) ([]document, error)
	}{
		{userWords, l.d.wordsOfUsers}, {albumWords, l.d.wordsOfAlbums}, {fileWords, l.d.wordsOfFiles},
	} {
		after, _, err := l.mark(ctx, markWords+string(each.table))
		if err != nil {
			return err
		}
		for n := wordsBatch; n == wordsBatch; {
			err := l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
				if err := l.alone(ctx, tx); err != nil {
					return err
				}
				list, err := each.batch(ctx, tx, after)
				if n = len(list); err != nil || n == 0 {
					return err
				}
				after = list[n-1].id
				list = slices.DeleteFunc(list, func(d document) bool { return d.text == "" })
				if err := l.d.dialect.loadWords(ctx, tx, each.table, list); err != nil {
					return err
				}
				_, err = tx.ExecContext(ctx, upsertMark, markWords+string(each.table), after)
				return err
			})
			if err != nil {
				return l.d.fail("make words", err)
			}
			if done += int64(n); progress != nil {
				progress(done)
			}
		}
	}
	return l.makeIndexes(ctx)
}

func (d *DB) wordsOfUsers(ctx context.Context, tx *sql.Tx, after int64) ([]document, error) {
	rows, err := tx.QueryContext(ctx, wordsReadUsers, after, wordsBatch)
	return collect(rows, err, d.scanDocument)
}

func (d *DB) wordsOfAlbums(ctx context.Context, tx *sql.Tx, after int64) ([]document, error) {
	rows, err := tx.QueryContext(ctx, wordsReadAlbums, after, wordsBatch)
	return collect(rows, err, d.scanDocument)
}

// scanDocument reads an id and two texts.
func (d *DB) scanDocument(s scanner) (doc document, err error) {
	var a, b string
	err = s.Scan(&doc.id, &a, &b)
	doc.text = d.document(a, b)
	return doc, err
}

func (d *DB) wordsOfFiles(ctx context.Context, tx *sql.Tx, after int64) ([]document, error) {
	rows, err := tx.QueryContext(ctx, wordsReadFiles, after, wordsBatch)
	files, err := collect(rows, err, func(s scanner) (f vitrine.File, err error) {
		return f, s.Scan(&f.ID, &f.Title, &f.OriginalFilename, &f.Alt, &f.Description)
	})
	if err != nil || len(files) == 0 {
		return nil, err
	}
	type tie struct {
		file int64
		name string
	}
	rows, err = tx.QueryContext(ctx, wordsReadTags, after, files[len(files)-1].ID)
	ties, err := collect(rows, err, func(s scanner) (x tie, err error) { return x, s.Scan(&x.file, &x.name) })
	if err != nil {
		return nil, err
	}
	list := make([]document, len(files))
	for i := range files {
		f := &files[i]
		for ; len(ties) > 0 && ties[0].file <= f.ID; ties = ties[1:] {
			if ties[0].file == f.ID {
				f.Tags = append(f.Tags, vitrine.Tag{Name: ties[0].name})
			}
		}
		list[i] = document{f.ID, d.document(fileTexts(f)...)}
	}
	return list, nil
}

// Counts is how many rows each table has that a snapshot shows.
func (l *Loader) Counts(ctx context.Context) (map[string]int64, error) {
	counts := make(map[string]int64)
	for _, t := range keptTables {
		text := "SELECT count(*) FROM " + t.name
		if t.name == "versions" {
			text += " WHERE name <> '" + markLoad + "' AND name NOT LIKE '" + markLoad + " %'"
		}
		n, err := scanID(l.d.writer.sql.QueryRowContext(ctx, text))
		if err != nil {
			return nil, l.d.fail("count the rows of "+t.name, err)
		}
		counts[t.name] = n
	}
	return counts, nil
}

// Finish takes the mark off: the database is whole, and Open opens it.
func (l *Loader) Finish(ctx context.Context) error {
	if text := l.d.dialect.settle(); text != "" {
		if _, err := l.d.writer.sql.ExecContext(ctx, text); err != nil {
			return l.d.fail("settle the database", err)
		}
	}
	err := l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		if err := l.alone(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DROP TABLE restore_indexes"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, forgetMarks)
		return err
	})
	if err != nil {
		return l.d.fail("take the mark of the restore off", err)
	}
	return nil
}
