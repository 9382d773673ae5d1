package apiv1

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"strings"
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
	guard := &headGuard{src: src}
	parts := multipart.NewReader(guard, boundary)
	for range maxParameters {
		guard.limit(maxHeadBytes)
		part, err := parts.NextRawPart()
		if err == io.EOF || err != nil && in.body.count == 0 && in.body.done {
			return nil // the end, or nothing at all: no parameters
		}
		if err != nil {
			return err
		}
		guard.unlimited()
		if err := in.readPart(ctx, part); err != nil {
			return err
		}
		// Whatever the reader of the part left is not part of the next header.
		if _, err := io.Copy(io.Discard, part); err != nil {
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
	_, disposition, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	filename, isFile := disposition["filename"]
	if !isFile && !binary(part.Header.Get("Content-Type")) {
		return in.text(ctx, name, part, false)
	}
	return in.file(ctx, name, baseName(filename), part)
}

// binary reports whether a part without a file name is a file all the same.
func binary(contentType string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), "/")
	return kind == "image" || kind == "video" || strings.HasPrefix(strings.ToLower(contentType), "application/octet-stream")
}

// baseName is a client's file name without its folders, of either kind.
func baseName(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	return s[strings.LastIndexAny(s, `/\`)+1:]
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

// headGuard bounds what mime/multipart reads, and holds in memory, between two
// parts: it would take headers of 10 MB.
type headGuard struct {
	src   io.Reader
	left  int
	bound bool
}

func (g *headGuard) limit(n int) { g.left, g.bound = n, true }
func (g *headGuard) unlimited()  { g.bound = false }

// Read implements io.Reader.
func (g *headGuard) Read(p []byte) (int, error) {
	if !g.bound {
		return g.src.Read(p)
	}
	if g.left <= 0 {
		return 0, errBigRequest
	}
	n, err := g.src.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}
