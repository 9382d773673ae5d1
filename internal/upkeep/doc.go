// Package upkeep takes care of what is stored: it moves files from one storage to
// another while the site is open, and looks whether everything that rows promise is
// really there.
//
// It owns the order of the steps by which nothing is lost when a move is broken off:
// copies first, read back and compared, then the row, and the old objects last, long
// after nobody reads them any more. It must not know how pictures are decoded
// (Processor), nor where bytes live (storage.Store), nor how it is called.
//
// Start reading at Service.Move, then Service.Verify.
package upkeep
