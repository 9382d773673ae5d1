package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"vitrine/internal/vitrine"
)

// Bulk adds very many files to a database that nobody else uses, hundreds of times
// faster than Tx.CreateFile and with the same outcome: every row, counter, word and
// index is as if the files had been uploaded.
//
// Meanwhile the large tables have no indexes but their keys. Each commit leaves a true
// database, save for those: what is still to be done stands in a table that the next
// Open works off, so that a Bulk that was broken off costs that Open minutes, and
// nothing else. Only a loss of power may damage the file of SQLite, because nothing is
// flushed to the disk before the end.
//
// It is for one goroutine.
type Bulk struct {
	dialect dialect
	log     *slog.Logger
	sql     *sql.DB
	conn    *sql.Conn // holds the database
	next    bulkIDs
	public  map[int64]bool   // by album
	tags    map[string]int64 // by name
}

// bulkIDs are the ids that come next.
type bulkIDs struct{ file, tag int64 }

// BulkFile is a file for a Bulk.
type BulkFile struct {
	// File has no ID yet. Its slug is made, and its Name ends in it, so that both are
	// new. Views count as they stand, Likes are those below. Its owner, album and
	// category must exist.
	File      vitrine.File
	TokenHash []byte    // SHA-256 of the delete token; nil: none
	SeenAt    time.Time // when its views were, for the trend
	Likes     []BulkLike
}

// BulkLike is a like of a user, who must exist and likes a file once.
type BulkLike struct {
	UserID int64
	At     time.Time
}

// bulkDialect is what a Bulk needs of an engine.
type bulkDialect interface {
	// openBulk opens a database that exists. The pool has one connection.
	openBulk(Config) (*sql.DB, error)
	// seize keeps all others out for as long as the connection lives, or returns
	// errInUse, and makes writing fast.
	seize(context.Context, *sql.Conn) error
	// heal waits for a Bulk or another process that heals, and keeps them out.
	heal(context.Context, *sql.Conn, *slog.Logger) error
	// exists is a statement that counts the tables named $1.
	exists() string
	// loosen are further statements before and after many rows.
	loosen() (before, after []string)
	// copy adds rows to a table.
	copy(ctx context.Context, c *sql.Conn, table string, columns []string, rows [][]any) error
	// endBulk makes everything durable and ready for work, and may give the connection up.
	endBulk(context.Context, *Bulk) error
}

// errInUse says that others are connected.
var errInUse = &vitrine.Error{Code: vitrine.CodeConflict, Message: "The database is in use: stop the server and everything else that is connected to it first"}

// OpenBulk opens a database, migrates it if need be, keeps everybody else out and drops
// the indexes of its large tables. Close makes them again. CodeConflict if somebody
// else is connected.
func OpenBulk(ctx context.Context, c Config) (*Bulk, error) {
	d, err := Open(ctx, c)
	if err != nil {
		return nil, err
	}
	b := &Bulk{dialect: d.dialect, log: d.log, tags: map[string]int64{}, public: map[int64]bool{}}
	if err := d.Close(); err != nil {
		return nil, err
	}
	if b.sql, err = b.dialect.openBulk(c); err != nil {
		return nil, err
	}
	b.sql.SetMaxOpenConns(1)
	if err := b.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the database for very many files: %w", b.dialect.explain(err)), b.release())
	}
	return b, nil
}

func (b *Bulk) begin(ctx context.Context) (err error) {
	if b.conn, err = b.sql.Conn(ctx); err != nil {
		return err
	}
	if err := b.dialect.seize(ctx, b.conn); err != nil {
		return err
	}
	if err := b.read(ctx); err != nil {
		return err
	}
	if err := b.dropIndexes(ctx); err != nil {
		return err
	}
	_, err = b.conn.ExecContext(ctx, createBulkCounts)
	return err
}

// read learns what there is: the ids that are taken, the albums and the tags.
func (b *Bulk) read(ctx context.Context) error {
	if err := b.conn.QueryRowContext(ctx, `SELECT COALESCE((SELECT max(id) FROM files), 0) + 1, COALESCE((SELECT max(id) FROM tags), 0) + 1`).
		Scan(&b.next.file, &b.next.tag); err != nil {
		return err
	}
	// An id is never given twice, not even that of a file that was deleted.
	for table, next := range map[string]*int64{"files": &b.next.file, "tags": &b.next.tag} {
		last, err := scanID(b.conn.QueryRowContext(ctx, b.dialect.lastID(table)))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		*next = max(*next, last+1)
	}
	rows, err := b.conn.QueryContext(ctx, `SELECT id, privacy FROM albums`)
	if _, err = collect(rows, err, func(s scanner) (none struct{}, err error) {
		var id int64
		var privacy vitrine.Privacy
		err = s.Scan(&id, &privacy)
		b.public[id] = privacy == vitrine.PrivacyPublic
		return none, err
	}); err != nil {
		return err
	}
	rows, err = b.conn.QueryContext(ctx, `SELECT id, name FROM tags`)
	_, err = collect(rows, err, func(s scanner) (none struct{}, err error) {
		t, err := scanTag(s)
		b.tags[t.Name] = t.ID
		return none, err
	})
	return err
}

// Fill adds the files in their order; their ids grow. After each commit it tells how
// many there are. What was committed before an error stays.
func (b *Bulk) Fill(ctx context.Context, files iter.Seq[BulkFile], told func(count int)) error {
	ctx, cancel := context.WithCancel(ctx)
	batches, failed := make(chan *bulkBatch, 1), make(chan error, 1)
	go func() { // waited for below
		defer close(batches)
		failed <- b.encode(ctx, files, batches)
	}()
	err := b.write(ctx, batches, told)
	cancel()
	for range batches { // until the sender has ended
	}
	if err != nil {
		return fmt.Errorf("add very many files: %w", b.dialect.explain(err))
	}
	return <-failed
}

// write adds batches, several in a transaction.
func (b *Bulk) write(ctx context.Context, batches <-chan *bulkBatch, told func(int)) error {
	open, count := false, 0
	for batch := range batches {
		if !open {
			if _, err := b.conn.ExecContext(ctx, `BEGIN`); err != nil {
				return err
			}
			open = true
		}
		for _, t := range batch.tables() {
			if err := b.dialect.copy(ctx, b.conn, t.name, t.columns, t.rows); err != nil {
				return errors.Join(err, b.undo(ctx))
			}
		}
		if err := learn(ctx, b.conn, learningMany(b.dialect), fileWords, batch.learned); err != nil {
			return errors.Join(err, b.undo(ctx))
		}
		count += len(batch.files)
		if batch.counts == nil {
			continue
		}
		if err := b.count(ctx, batch); err != nil {
			return errors.Join(err, b.undo(ctx))
		}
		if _, err := b.conn.ExecContext(ctx, `COMMIT`); err != nil {
			return errors.Join(err, b.undo(ctx))
		}
		open = false
		told(count)
	}
	if open { // the encoder failed
		return b.undo(ctx)
	}
	return nil
}

func (b *Bulk) undo(ctx context.Context) error {
	_, err := b.conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
	return err
}

// Close makes the indexes again, which takes minutes with millions of files, and gives
// the database free. If it fails, or ctx ends, the next Open does what is left.
func (b *Bulk) Close(ctx context.Context) error {
	err := workOff(ctx, b.dialect, b.conn, b.log)
	if err == nil {
		err = b.dialect.endBulk(ctx, b)
	}
	return errors.Join(err, b.release())
}

// release closes the connection, which lets others in.
func (b *Bulk) release() error {
	var err error
	if b.conn != nil {
		err = b.conn.Close()
	}
	return errors.Join(err, b.sql.Close())
}
