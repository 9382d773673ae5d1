package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/uptrace/bun"
)

// pool is a set of connections that remembers prepared statements where the driver
// does not do so itself.
type pool struct {
	sql      *sql.DB
	built    bun.IConn // runs statements that bun has built
	prepares bool
	kept     sync.Map // statement text → *sql.Stmt
}

func newPool(di dialect, s *sql.DB) *pool {
	return &pool{sql: s, built: di.builtOn(s), prepares: di.prepares()}
}

// keep prepares a statement for good. The text must be a constant.
func (p *pool) keep(ctx context.Context, text string) error {
	if !p.prepares {
		return nil
	}
	s, err := p.sql.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	if _, twice := p.kept.LoadOrStore(text, s); twice {
		defer func() { _ = s.Close() }()
	}
	return nil
}

// statement is a *sql.Stmt, or a text that was not prepared.
type statement interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, args ...any) *sql.Row
}

// statement returns the kept statement and keeps it if it is new. Where that fails,
// running the text tells why.
func (p *pool) statement(ctx context.Context, text string) statement {
	s, ok := p.kept.Load(text)
	if !ok && p.prepares && p.keep(ctx, text) == nil {
		s, ok = p.kept.Load(text)
	}
	if ok {
		return s.(*sql.Stmt)
	}
	return plain{p.sql, text}
}

// row runs a constant text that yields at most one row.
func (p *pool) row(ctx context.Context, text string, args ...any) *sql.Row {
	return p.statement(ctx, text).QueryRowContext(ctx, args...)
}

// query runs a constant text that yields rows.
func (p *pool) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return p.statement(ctx, text).QueryContext(ctx, args...)
}

// exec runs a constant text that yields no rows, in a transaction of its own.
func (p *pool) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if err := outsideTx(ctx); err != nil {
		return nil, err
	}
	return p.statement(ctx, text).ExecContext(ctx, args...)
}

// plain is a text that runs as it is.
type plain struct {
	on   bun.IConn
	text string
}

func (s plain) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return s.on.ExecContext(ctx, s.text, args...)
}

func (s plain) QueryContext(ctx context.Context, args ...any) (*sql.Rows, error) {
	return s.on.QueryContext(ctx, s.text, args...)
}

func (s plain) QueryRowContext(ctx context.Context, args ...any) *sql.Row {
	return s.on.QueryRowContext(ctx, s.text, args...)
}

func (p *pool) close() error {
	var errs []error
	p.kept.Range(func(_, s any) bool {
		errs = append(errs, s.(*sql.Stmt).Close())
		return true
	})
	return errors.Join(append(errs, p.sql.Close())...)
}

// collect reads all rows with the scanner and closes them.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// scanner is a *sql.Row, or *sql.Rows standing on a row.
type scanner interface{ Scan(...any) error }

func scanID(s scanner) (id int64, err error) { return id, s.Scan(&id) }
