// Command bench measures the real program beside the limits of the machine, in
// the same run: make bench.
//
// It starts bin/vitrine with SQLite and a local folder on 127.0.0.1, uploads
// photographs that it makes itself, and adds up the CPU time of the server and
// its decoders as the kernel counts it. Beside each figure stands the limit:
// the same pixels, or the same bytes, with nothing around them; and nginx for
// raw files. It is bounded in time and ends only what it started.
//
// With -scale (make bench-scale) it compares the same requests to sites of several
// sizes instead, on SQLite and on a PostgreSQL that it starts itself, or to sites that
// exist already.
//
// Start reading at main.go, which is the list of what is measured.
package main
