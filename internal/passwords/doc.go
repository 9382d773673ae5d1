// Package passwords turns passwords into what may be kept of them, and compares.
//
// It owns the choice of argon2id, its parameters, and how many passwords are
// hashed at once: each takes 19 MiB, so that sign-ins could otherwise ask for all
// the memory there is. It must not know whose passwords they are.
//
// Start reading at Hasher.
package passwords
