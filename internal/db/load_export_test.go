package db

import (
	"slices"
	"testing"
)

// LeftTables are the tables that no backup has.
var LeftTables = leftTables

// TableNames are all tables of the database.
func TableNames(t testing.TB, d *DB) []string { return listed(t, d, d.dialect.tables()) }

// IndexNames are all indexes of tables that backups have.
func IndexNames(t testing.TB, d *DB) (list []string) {
	for _, table := range keptTables {
		rows, err := d.writer.sql.QueryContext(t.Context(), d.dialect.indexes(), table.name)
		indexes, err := collect(rows, err, scanIndex)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range indexes {
			list = append(list, i.name)
		}
	}
	slices.Sort(list)
	return list
}

// NewestVersion is the number of the newest migration.
func NewestVersion(t testing.TB, d *DB) int64 {
	_, newest, err := d.migrationFiles()
	if err != nil {
		t.Fatal(err)
	}
	return newest
}

func listed(t testing.TB, d *DB, text string) []string {
	rows, err := d.writer.sql.QueryContext(t.Context(), text)
	list, err := collect(rows, err, func(s scanner) (name string, err error) { return name, s.Scan(&name) })
	if err != nil {
		t.Fatal(err)
	}
	return list
}
