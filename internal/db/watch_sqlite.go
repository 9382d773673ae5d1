package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"
)

// watchSQLite puts the connections that c makes under watch.
func watchSQLite(c driver.Connector, w *watch) driver.Connector { return watchedConnector{c, w} }

type watchedConnector struct {
	driver.Connector
	watch *watch
}

// Connect implements driver.Connector.
func (c watchedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a connection of type %T lacks what this program needs", conn), conn.Close())
	}
	return &watchedConn{whole, c.watch}, nil
}

// sqliteConn is what the driver's connections can do and database/sql makes use of.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type watchedConn struct {
	sqliteConn
	watch *watch
}

// Unwrap is the driver's own connection, for sql.Conn.Raw.
func (c *watchedConn) Unwrap() driver.Conn { return c.sqliteConn }

// ExecContext implements driver.ExecerContext.
func (c *watchedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	start := time.Now()
	r, err := c.sqliteConn.ExecContext(ctx, text, args)
	c.watch.done(ctx, text, start, changed(r, err), err)
	return r, err
}

// QueryContext implements driver.QueryerContext.
func (c *watchedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	start := time.Now()
	r, err := c.sqliteConn.QueryContext(ctx, text, args)
	return c.watch.rows(ctx, text, start, r, err)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *watchedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.sqliteConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if whole, ok := s.(sqliteStmt); ok {
		return &watchedStmt{whole, c.watch, text}, nil
	}
	return s, nil
}

// BeginTx implements driver.ConnBeginTx. With BEGIN IMMEDIATE this is where other
// processes are waited for.
func (c *watchedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	start := time.Now()
	tx, err := c.sqliteConn.BeginTx(ctx, o)
	c.watch.done(ctx, "BEGIN", start, -1, err)
	if err != nil {
		return nil, err
	}
	return &watchedTx{tx, c.watch, ctx}, nil
}

// watchedTx keeps the context that it began with, since a commit has none.
type watchedTx struct {
	driver.Tx
	watch *watch
	ctx   context.Context
}

// Commit implements driver.Tx.
func (t *watchedTx) Commit() error {
	start := time.Now()
	err := t.Tx.Commit()
	t.watch.done(t.ctx, "COMMIT", start, -1, err)
	return err
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type watchedStmt struct {
	sqliteStmt
	watch *watch
	text  string
}

// ExecContext implements driver.StmtExecContext.
func (s *watchedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	start := time.Now()
	r, err := s.sqliteStmt.ExecContext(ctx, args)
	s.watch.done(ctx, s.text, start, changed(r, err), err)
	return r, err
}

// QueryContext implements driver.StmtQueryContext.
func (s *watchedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	start := time.Now()
	r, err := s.sqliteStmt.QueryContext(ctx, args)
	return s.watch.rows(ctx, s.text, start, r, err)
}

// changed is how many rows a statement changed, -1 if that is unknown.
func changed(r driver.Result, err error) int64 {
	if err != nil || r == nil { // a statement of nothing but a comment has no result
		return -1
	}
	n, err := r.RowsAffected()
	if err != nil {
		return -1
	}
	return n
}

// rows puts the rows of a statement under watch, which is over when they are closed.
func (w *watch) rows(ctx context.Context, text string, start time.Time, r driver.Rows, err error) (driver.Rows, error) {
	whole, ok := r.(sqliteRows)
	if err != nil || !ok {
		w.done(ctx, text, start, -1, err)
		return r, err
	}
	return &watchedRows{sqliteRows: whole, watch: w, ctx: ctx, text: text, start: start}, nil
}

type sqliteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// watchedRows live no longer than the statement whose context they keep.
type watchedRows struct {
	sqliteRows
	watch *watch
	ctx   context.Context
	text  string
	start time.Time
	n     int64
	err   error
	over  bool
}

// Next implements driver.Rows.
func (r *watchedRows) Next(dest []driver.Value) error {
	err := r.sqliteRows.Next(dest)
	switch {
	case err == nil:
		r.n++
	case !errors.Is(err, io.EOF):
		r.err = err
	}
	return err
}

// Close implements driver.Rows.
func (r *watchedRows) Close() error {
	err := r.sqliteRows.Close()
	if !r.over {
		r.over = true
		r.watch.done(r.ctx, r.text, r.start, r.n, r.err)
	}
	return err
}
