// Package settings keeps the switches that an admin turns while the house is
// open, and hands out one immutable snapshot of them.
//
// A value comes from the first of: a pin of the configuration, a row of the
// database, the default. It owns how these are put together, when they are read
// again, and that nothing unacceptable is ever stored. What a setting is and
// which values are valid stands in the words (vitrine.Settings). It must not
// know who asks or what a setting is used for.
//
// Start reading at Service.
package settings
