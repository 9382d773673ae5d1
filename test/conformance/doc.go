// Package conformance looks at Vitrine from outside, as the programs and people
// do that use "API version 1.1": everything goes through the front door.
//
// It has nothing but tests, and testdata: the five sample answers of the
// specification (seeds), recorded answers of the original (golden) with the
// files that were sent, and, in clients, real programs from npm. A test starts
// whole sites with apptest and knows no other room.
//
// Where an answer differs from a recording, golden_deviations_test.go has a row
// that says so and why; a difference without a row fails, and so does a row
// without a difference.
//
// Start reading at site_test.go, then seeds_test.go.
package conformance
