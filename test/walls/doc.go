// Package walls holds the house together: tests that read the code and the
// import graph, and compare them with docs/ARCHITECTURE.md.
//
// It has nothing but tests. Who may import whom stands in table_test.go, the
// same table as in .golangci.yml, where the linter enforces it in the editor.
// Where building shows that a wall stands in the wrong place, move the wall in
// both, in docs/ARCHITECTURE.md, and say why in docs/adr/.
package walls
