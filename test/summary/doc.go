// Command summary reads the output of "go test -json" and tells a person what
// happened: failures as they come, and a table at the end.
//
// It owns nothing but the reading. A test counts once, at its leaves: a test
// with subtests is its subtests. Where a leaf ran follows from the segments of
// its name: sqlite, postgres, local and s3 are the words that tests on several
// engines and storages use. The exit code is 0 only if something ran and
// nothing failed.
//
// Start reading at Tally.
package main
