// Package db is all the SQL of the house: users, keys, files, albums, categories,
// tags, settings, bans and what is still to be removed, in SQLite or PostgreSQL.
//
// One text serves both engines. Statements whose text never changes are constants
// with $1, $2, …, which both drivers understand; those on the way of every upload
// and every view are kept prepared. Statements whose shape depends on their
// arguments (lists with filters, many rows at once) are built with bun. What really
// differs between the engines stands in dialect.go and nowhere else.
//
// Reading is a method of DB, changing a method of Tx: whoever calls decides what
// happens together. Inside DB.Tx only the Tx may be used, never the DB: on SQLite
// there is a single writing connection, and on both engines the DB does not see what
// the transaction has written.
//
// Lists page by key: each is a text made once at the start (file_list_text.go) that can
// only be read in the order of its index; where that holds files that are not to be
// shown, it looks for a bounded time (file_walk.go). Whether everybody may list a file
// stands in the file (column listed) and is kept right by what creates, moves or deletes it and
// by what changes its album (relist.go); counters named listed_count follow. The files of
// a large album come later than the change: its privacy decides until then. The search
// works on words that this room makes itself (words.go, search.go), the same on both
// engines; the trend is a score that never has to be counted anew (trend.go).
//
// A whole database is read at one moment (snapshot.go) and filled from such a reading
// (load.go), across the engines; that is how backups are made. A new table must be put on
// one of the two lists in snapshot.go.
//
// Very many files come in by a way of their own (bulk.go), and nobody sees a difference.
//
// The room knows no rules and no rights. It keeps counters, uniqueness and
// references true, and says in vitrine.Error codes when something is taken
// (CodeConflict), missing (CodeNotFound), busy (CodeBusy) or full (CodeNoSpace).
//
// Start reading at db.go, then tx.go, file.go and file_create.go; the shape of the
// tables is explained in migrations/sqlite/0001_first.sql.
package db
