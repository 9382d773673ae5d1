package db_test

import (
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
)

func TestOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
