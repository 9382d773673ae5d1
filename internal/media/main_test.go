package media_test

import (
	"os"
	"testing"

	"vitrine/internal/media"
)

// The test program is its own decoder: started as "decoder" it does what
// "vitrine decoder" does, and started as "broken" it misbehaves (decoder_test.go).
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "decoder":
			os.Exit(media.RunDecoder(os.Args[2:], os.Stdin, os.Stdout))
		case "broken":
			os.Exit(runBroken(os.Args[2:]))
		}
	}
	os.Exit(m.Run())
}
