// Package s3 keeps objects in an S3 bucket.
//
// A key is the object's key behind the configured prefix. Every object is sent
// in one PUT of known size, so there is never a half one, nor parts to sweep.
// The PUT carries If-None-Match: *, which makes the server refuse a taken key.
// Servers that do not know that header are recognised at the first Put (see
// Store.Exclusive): there the store looks first, which keeps the promise within
// one process but not between nodes.
//
// Errors hold S3's error codes and never keys, addresses or signatures.
//
// Start reading at Store.Put in put.go.
package s3
