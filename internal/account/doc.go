// Package account is the deed of who somebody is: accounts, passwords, sessions,
// API keys, the guest key and banned addresses.
//
// It owns how secrets are made, kept and compared, and how quickly a revoked
// key, an ended session, a suspended account or a ban takes effect
// (RevocationDelay). It must not know HTTP: doors hand it a key or the token of a
// session with an address, and get an actor back.
//
// Start reading at Service, then Authenticate for programs and SignIn for people.
package account
