package ffmpeg

import (
	"context"
	"fmt"
	"strings"
)

// Check starts both programs and tells their version, "5.1.9". An error says
// which one does not start.
func (t *Tools) Check(ctx context.Context) (version string, err error) {
	for _, program := range []string{t.cfg.FFprobe, t.cfg.FFmpeg} {
		out, err := t.run(ctx, 0, program, "-version")
		if err != nil {
			return "", err
		}
		words := strings.Fields(string(out))
		if len(words) < 3 || words[1] != "version" {
			return "", fmt.Errorf("%s does not tell its version", program)
		}
		version = words[2]
	}
	return version, nil
}
