// Package vitrine holds the words of the house: what a file, a user, an album or
// an expiration is, which values are valid, and who may do what.
//
// It is pure: no input or output, no clock, no JSON or SQL tags, and nothing but
// the standard library is imported. Every other room may import it; it imports
// none of them. Rules are functions of values, so that each can be tested with a
// table and read without knowing where the values came from.
//
// Start reading at File, then Actor, then Settings.
package vitrine
