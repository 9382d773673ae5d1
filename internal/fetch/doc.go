// Package fetch downloads what a stranger's URL names without being led
// anywhere inside the house.
//
// It owns the rules about schemes, ports, addresses, redirects and time. It
// knows nothing of uploads: the caller sets the limit on the body and decides
// what to say about an error.
//
// Start reading at Fetcher.Get.
package fetch
