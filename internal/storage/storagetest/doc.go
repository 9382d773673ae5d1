// Package storagetest is the suite that every storage must pass, and the S3
// server that tests run against.
//
// Run is the contract of storage.Store as tests. S3 gives a fresh bucket on a
// real S3 server (versitygw on a temporary folder), of which each test process
// starts one when the first test asks for it.
package storagetest
