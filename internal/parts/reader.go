package parts

import (
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// Reader reads a body part by part. It belongs to one goroutine.
type Reader struct {
	head  head
	most  int
	parts *multipart.Reader
	last  *multipart.Part
}

// New reads parts from src that the boundary divides. A header of more than most bytes
// gives tooLong: mime/multipart alone would hold 10 MB of it in memory.
func New(src io.Reader, boundary string, most int, tooLong error) *Reader {
	r := &Reader{head: head{src: src, tooLong: tooLong}, most: most}
	r.parts = multipart.NewReader(&r.head, boundary)
	return r
}

// Next passes over what was left of the last part and gives the next one, as it was sent;
// io.EOF at the end.
func (r *Reader) Next() (*multipart.Part, error) {
	if r.last != nil {
		if _, err := io.Copy(io.Discard, r.last); err != nil {
			return nil, err
		}
	}
	r.head.left, r.head.bound = r.most, true
	part, err := r.parts.NextRawPart()
	r.head.bound, r.last = false, part
	return part, err
}

// Filename is what the client calls the file of a part, without its folders, of Unix or
// Windows, and as text that can be stored; false if the part is none of a file.
func Filename(part *multipart.Part) (string, bool) {
	_, disposition, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name, ok := disposition["filename"]
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "")
	return name[strings.LastIndexAny(name, `/\`)+1:], ok
}

// head bounds what is read between two parts.
type head struct {
	src     io.Reader
	tooLong error
	left    int
	bound   bool
}

// Read implements io.Reader.
func (h *head) Read(p []byte) (int, error) {
	if !h.bound {
		return h.src.Read(p)
	}
	if h.left <= 0 {
		return 0, h.tooLong
	}
	n, err := h.src.Read(p[:min(len(p), h.left)])
	h.left -= n
	return n, err
}
