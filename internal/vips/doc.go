// Package vips is a thin binding to libvips: pixels in, pixels out.
//
// One call decodes a picture once and makes every output from the passing rows.
// Loading, colour management and saving are libvips'; the reduction is our own
// (reduce.c), because that of libvips 8.14 has no SIMD. Only the loaders that
// are named here can run: JPEG, PNG, GIF, WebP and HEIF (AVIF, HEIC).
//
// It must not know what an upload is, which sizes a site wants, or where files
// lie: it gets bytes, geometry and open files. It is meant to run in a process
// of its own, whose memory and time are limited from outside (package media).
//
// Start reading at Picture.Render, then process.c, then reduce.c.
package vips
