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
		return s.Close()
	}
	return nil
}

// statement returns the kept statement, or nil to run the text as it is.
func (p *pool) statement(ctx context.Context, text string) *sql.Stmt {
	if !p.prepares {
		return nil
	}
	if s, ok := p.kept.Load(text); ok {
		return s.(*sql.Stmt)
	}
	if p.keep(ctx, text) != nil {
		return nil // running the text will tell the error
	}
	s, _ := p.kept.Load(text)
	return s.(*sql.Stmt)
}

// row runs a constant text that yields at most one row.
func (p *pool) row(ctx context.Context, text string, args ...any) *sql.Row {
	if s := p.statement(ctx, text); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return p.sql.QueryRowContext(ctx, text, args...)
}

// query runs a constant text that yields rows.
func (p *pool) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if s := p.statement(ctx, text); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return p.sql.QueryContext(ctx, text, args...)
}

// exec runs a constant text that yields no rows, in a transaction of its own.
func (p *pool) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if s := p.statement(ctx, text); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return p.sql.ExecContext(ctx, text, args...)
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
