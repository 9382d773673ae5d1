// Package apiv1 is the door of API version 1.1: the protocol of the
// specification, which many clients have spoken for years.
//
// It owns how requests are read (multipart, urlencoded and query, as streams)
// and how answers look (JSON, text, redirect, errors with their numbers). It
// owns no rules: who may upload, what is accepted and what becomes of it is
// decided by the deeds. It must not know databases, storages or media.
//
// Start reading at routes.go, then upload.go; the readers of bodies are in
// body*.go and base64.go, the answer in image_json.go, the numbers of errors in
// errors.go.
package apiv1
