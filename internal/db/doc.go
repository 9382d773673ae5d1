// Package db is all the SQL of the house: one query set for SQLite and PostgreSQL.
package db
