// Package storage says what a place for bytes must be able to do, and holds the
// set of places that a site has.
//
// It owns the Store port with its optional powers Adopter, Linker, Sweeper and
// Measurer, the rules for keys, which store takes a new file, and the refusals that
// deeds must tell apart. It knows neither disks nor buckets: those are the packages
// below it, and both pass the suite in storage/storagetest. It must not know rows,
// users or HTTP.
//
// Start reading at Store, then Set.Place.
package storage
