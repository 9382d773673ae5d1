// Package apptest starts a whole Vitrine for a test: on a free port of this
// machine, with fresh folders, on the engine and the storage that the test asks
// for, with an admin, a user and a guest key.
//
// It must not know what is tested: it offers addresses and keys, and sends
// uploads. A test binary that uses it gives its TestMain to Main, since the
// decoders of a site are the test binary itself, started once more.
//
// Start reading at Start.
package apptest
