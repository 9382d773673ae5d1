// Package backup writes the whole site into a folder and makes a site of it again.
//
// A folder holds snapshots, each the rows of one moment and an index of the objects
// that they name, and the objects of all snapshots by their SHA-256, so that what is
// there already is not copied again. Everything is read while the site goes on: the rows
// in one snapshot of the database, the objects under a hold that keeps them from being
// removed. Rows are written in words that both engines share, thus a backup of one
// restores into the other.
//
//	backup.json                    the manifest of the newest snapshot
//	lock                           held by who writes
//	snapshots/2026-12-01T020304Z/  backup.json, TABLE.jsonl.zst …, objects.jsonl.zst
//	snapshots/….part/              one that is not finished
//	objects/5fe/5fe2…              bytes, named by their digest
//	incoming/                      objects on their way in
//
// The manifest is written last: what has none is no backup. A run that was broken off
// leaves what it had copied, and the next one goes on from there.
//
// The room knows the rows only as lists of values, but for those columns of files that
// name objects. It must not know engines or kinds of storages.
//
// Start reading at create.go, then restore.go; folder.go is what lies where.
package backup
