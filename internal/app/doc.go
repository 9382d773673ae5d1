// Package app is the wiring: configuration, construction, the routes, the table
// of jobs, and the life of the server from start to stop.
//
// It owns the order in which things are built and taken down, and it alone
// (with cmd) reads flags, the environment and files of configuration. It holds no
// rule about files, users or pages: those are in the rooms it puts together.
//
// Start reading at Load in config_load.go, then New in app.go and Serve in
// serve.go; routes.go and jobs.go are tables.
package app
