// Package cluster breaks a site of several nodes, and looks whether anything that
// was acknowledged is lost.
//
// It has nothing but tests, from outside: three processes of the real program on
// one PostgreSQL cluster and one S3 server, behind nginx with the configuration of
// deploy/cluster, all started here, on 127.0.0.1, and gone with the test. Each node
// reaches the two through wires of its own, which can be cut, slowed and paused.
//
// TestOneNodeIsKilled is the short form, part of every run of the tests. The whole
// (make test-cluster) has the build tag cluster.
//
// Start reading at breakIt in fault_test.go: load goes on, something is broken and
// mended, and audit_test.go compares what is there with what was promised.
package cluster
