// Package dbtest gives tests fresh, migrated databases on both engines.
//
// For PostgreSQL it runs a cluster of its own: initdb and postgres in a temporary
// folder, without any durability, one a test process, started by the first test that
// asks. It ends and its folder goes when the test process does, however that ends.
//
// Start reading at dbtest.go; cluster.go is the throw-away cluster.
package dbtest
