// Package server listens, and does for every request what no door should have
// to do: request ids, the access log, recovery, the client's true address, bans,
// the base path, limits against slow and large requests, health and metrics.
//
// It knows neither pages nor uploads: it hands requests to one http.Handler.
//
// Start reading at Server.Serve, then Handler in handler.go.
package server
