// Package storage says what a place for bytes must be able to do, and holds the
// set of places that a site has.
//
// It owns the Store port with its optional powers Adopter and Linker, the rules
// for keys, and the four refusals that deeds must tell apart. It knows neither
// disks nor buckets: those are storage/local and storage/s3, and both pass the
// suite in storage/storagetest. It must not know rows, users or HTTP.
//
// Start reading at Store.
package storage
