// Package locale holds the texts of the house in every language it speaks, the
// plural rules, and the choice of a language for a visitor.
//
// It knows nothing of requests or pages: it takes what a visitor asked for as
// strings, and gives back strings. Catalogues are JSON files in catalogs/, one a
// language, all with the same keys; a test keeps them so.
//
// Start reading at Bundle, then Localizer.
package locale
