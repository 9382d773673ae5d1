package db

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"vitrine/internal/vitrine"
)

// errCommit marks an error that left the outcome of a commit unknown. It is not
// explained by a code: nobody may take it for a refusal.
var errCommit = errors.New("the outcome of the commit is unknown")

// away reports whether the error says that PostgreSQL does not answer: it is being
// stopped or started, or cannot be reached.
func away(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(e.Code, "57P") // operator intervention
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, onWire := errors.AsType[net.Error](err)
	return onWire || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) ||
		pgconn.SafeToRetry(err)
}

// answered reports whether the database itself has refused to commit, and so undone
// everything. One that is being stopped may say so after it has committed.
func answered(err error) bool {
	_, ok := errors.AsType[*pgconn.PgError](err)
	return ok && !away(err)
}

func noAnswer(err error) error {
	return &vitrine.Error{Code: vitrine.CodeBusy, Message: "The database does not answer, please try again in a moment", RetryAfter: 5, Err: err}
}
