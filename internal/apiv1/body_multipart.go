package apiv1

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"strings"

	"vitrine/internal/parts"
)

// readMultipart reads a multipart body part by part, in any order.
func (in *intake) readMultipart(ctx context.Context, src *bufio.Reader, boundary string) error {
	if boundary == "" {
		// Some clients write the header themselves and forget the boundary.
		if boundary = guessBoundary(src); boundary == "" {
			if in.body.count == 0 && in.body.done {
				return nil
			}
			return errBoundary
		}
	}
	body := parts.New(src, boundary, maxHeadBytes, errBigRequest)
	for range maxParameters {
		part, err := body.Next()
		//nolint:errorlint // what breaks off is wrapped, and is no end
		if err == io.EOF || err != nil && in.body.count == 0 && in.body.done {
			return nil // the end, or nothing at all: no parameters
		}
		if err != nil {
			return err
		}
		if err := in.readPart(ctx, part); err != nil {
			return err
		}
	}
	return errTooMany
}

func (in *intake) readPart(ctx context.Context, part *multipart.Part) error {
	name := part.FormName()
	if !isSource(name) {
		return in.fields.read(in.fields.body, name, part)
	}
	filename, isFile := parts.Filename(part)
	if !isFile && !binary(part.Header.Get("Content-Type")) {
		return in.text(ctx, name, part, false)
	}
	return in.file(ctx, name, filename, part)
}

// binary reports whether a part without a file name is a file all the same.
func binary(contentType string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), "/")
	return kind == "image" || kind == "video" || strings.HasPrefix(strings.ToLower(contentType), "application/octet-stream")
}

// guessBoundary reads the boundary off the first line of the body, without
// taking it away.
func guessBoundary(src *bufio.Reader) string {
	head, _ := src.Peek(1)
	if len(head) == 0 || head[0] != '-' {
		return ""
	}
	for n := 4; n <= 74; n++ { // RFC 2046, 5.1.1: 1 to 70 characters
		head, err := src.Peek(n)
		if err != nil || !bytes.HasPrefix(head, []byte("--")) {
			return ""
		}
		if line, ok := bytes.CutSuffix(head[2:], []byte("\r\n")); ok {
			return string(line)
		}
	}
	return ""
}
