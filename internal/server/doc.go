// Package server listens, and does for every request what no door should have
// to do: request ids, the access log, recovery, the client's true address, bans,
// the base path, limits against slow and large requests, health and metrics.
//
// What doors may rely on: RemoteAddr is the client's "address:port" behind all
// trusted proxies, URL.Scheme is "http" or "https" as the client used it, the
// header X-Request-Id of the request is ours and stands in the answer already,
// no forwarding header is left, and the path begins below the base path. The
// ResponseWriter is an io.ReaderFrom that lets the kernel send files, and works
// with http.ResponseController.
//
// It knows neither pages nor uploads: it hands requests to one http.Handler.
//
// Start reading at Server.Serve, then chain.ServeHTTP in chain.go.
package server
