// Package account is the deed of who somebody is: accounts, passwords, API keys,
// the guest key and banned addresses.
//
// It owns how secrets are made, kept and compared, and how quickly a revoked
// key, a suspended account or a ban takes effect (RevocationDelay). It must not
// know HTTP: doors hand it a key and an address and get an actor back.
//
// Start reading at Service, then Authenticate.
package account
