// Package overload asks whole sites for more than they can do, through the front
// door: who is refused, how, and who is served meanwhile. It has nothing but
// tests, which hold decoders still instead of being faster than they are, and
// look at order and counts, never at times.
//
// Start reading at overload_test.go.
package overload
