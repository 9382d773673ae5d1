package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// tracer implements pgx.QueryTracer.
type tracer struct{ watch *watch }

type tracedKey struct{}

type traced struct {
	text  string
	start time.Time
}

// TraceQueryStart implements pgx.QueryTracer.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, tracedKey{}, traced{d.SQL, time.Now()})
}

// TraceQueryEnd implements pgx.QueryTracer. It is called when the rows are closed.
func (t tracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryEndData) {
	if q, ok := ctx.Value(tracedKey{}).(traced); ok {
		t.watch.done(ctx, q.text, q.start, d.CommandTag.RowsAffected(), d.Err)
	}
}
