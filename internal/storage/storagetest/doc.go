// Package storagetest is the suite that every storage must pass, and the S3
// server that tests run against.
package storagetest
