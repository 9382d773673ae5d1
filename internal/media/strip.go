package media

import (
	"io"
	"os"

	"vitrine/internal/vitrine"
)

// cleanOptions says what goes: all metadata, or the position alone. Bytes after
// the end of the picture always go.
type cleanOptions struct{ All, GPS bool }

func needsCleaning(m metadata, o cleanOptions) bool { return false }

func cleanOriginal(src *os.File, dst io.Writer, format vitrine.Format, o cleanOptions) error {
	_, err := io.Copy(dst, src)
	return err
}
