package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// maxFrame is the most bytes that a still may have: 8K at full quality fits.
const maxFrame = 128 << 20

// Frame writes the picture near the instant to out as an upright JPEG in full
// size, replacing what is there. It takes the key frame before the instant, which
// is quick; where none can be had it decodes up to the instant, and at last takes
// the first picture of the film. ErrFrame if there is none at all; nothing is left
// at out on errors.
func (t *Tools) Frame(ctx context.Context, path string, d Demuxer, at time.Duration, out string) error {
	in, err := input(path, d)
	if err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return fmt.Errorf("naming the still: %w", err)
	}
	seek := []string{"-ss", strconv.FormatFloat(max(at, 0).Seconds(), 'f', 3, 64)}
	attempts := [][]string{
		append([]string{"-skip_frame", "nokey", "-noaccurate_seek"}, seek...),
		seek,
		nil,
	}
	var last error
	for _, attempt := range attempts {
		last = t.frame(ctx, append(attempt, in...), out)
		if last == nil || !errors.Is(last, ErrFilm) && !errors.Is(last, ErrFrame) {
			break
		}
	}
	if last != nil {
		_ = os.Remove(out)
		return fmt.Errorf("taking a still: %w", last)
	}
	return nil
}

// frame runs ffmpeg once. The picture is converted to the colours that JPEG
// assumes (ITU-R BT.601, full range); without that greens and reds of HD films
// come out wrong. A key frame before the instant has a negative time, which ffmpeg
// would drop: hence setpts.
func (t *Tools) frame(ctx context.Context, in []string, out string) error {
	args := append([]string{"-nostdin", "-v", "error", "-hide_banner", "-y"}, in...)
	args = append(args,
		"-map", "0:V:0", "-frames:v", "1", "-an", "-sn", "-dn", "-map_metadata", "-1", "-fflags", "+bitexact",
		"-filter_threads", "1", "-vf", "setpts=PTS-STARTPTS,scale=out_color_matrix=bt601:out_range=full,format=yuvj420p",
		"-c:v", "mjpeg", "-q:v", "2", "-flags:v", "+bitexact", "-threads", "1", "-f", "mjpeg", "file:"+out)
	if _, err := t.run(ctx, maxFrame, t.cfg.FFmpeg, args...); err != nil {
		return err
	}
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		return ErrFrame
	}
	return nil
}
