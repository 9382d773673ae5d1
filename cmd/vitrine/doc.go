// Command vitrine is the whole program: the server, and the tools to look after
// it. One file for each sub-command.
//
// It owns what stands on the terminal: flags, help, output and exit codes. What
// is done and decided is in internal/app and the rooms below it. Start reading at
// main.go, then serve.go.
package main
