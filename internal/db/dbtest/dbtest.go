// Package dbtest gives tests fresh, migrated databases on both engines.
package dbtest

import (
	"testing"

	"vitrine/internal/db"
)

// Each runs fn as the subtests sqlite and postgres, each on a fresh database.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) { t.Helper(); t.Fatal("not written yet") }

// SQLite returns a fresh database in a temporary folder.
func SQLite(t testing.TB) *db.DB { t.Helper(); t.Fatal("not written yet"); return nil }

// PostgresURL returns the URL of a fresh, migrated PostgreSQL database.
func PostgresURL(t testing.TB) string { t.Helper(); t.Fatal("not written yet"); return "" }
