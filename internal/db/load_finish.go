package db

import (
	"context"
	"database/sql"
	"fmt"
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
		if _, err := tx.ExecContext(ctx, "DELETE FROM vocabulary"); err != nil {
			return err
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

// Words makes users, albums and files findable and calls progress, unless it is nil,
// with the number of things done in this run after each batch.
func (l *Loader) Words(ctx context.Context, progress func(done int64)) error {
	var done int64
	for _, each := range []struct {
		table wordTable
		batch func(ctx context.Context, tx *sql.Tx, after int64) ([]*entry, error)
	}{
		{userWords, usersToIndex}, {albumWords, albumsToIndex}, {fileWords, filesToIndex},
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
				if err := (&Tx{db: l.d, tx: tx}).indexMany(ctx, each.table, list); err != nil {
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
