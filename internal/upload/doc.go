// Package upload is the way in: from a stream of bytes to a file that is stored
// and recorded.
//
// It owns the order of the steps, the names of stored files, and the promise
// that nothing is left behind by an upload that did not succeed: bytes first, row
// last, so that a crash leaves at worst objects without a row, never a row
// without bytes. It knows no protocol: doors hand in a Request and get a Result
// or a vitrine.Error. It must not know how pictures are decoded (Processor), nor
// where bytes live (storage.Store).
//
// Start reading at Service.Accept; every step has a file of its own.
package upload
