// Package parts reads the parts of a multipart body, as forms with files send it, one
// after the other and without holding more than the header of one in memory.
//
// It owns the bound of headers and what a client may call a file. It knows nothing of
// fields, files and answers: those are the doors' business.
//
// Start reading at reader.go.
package parts
