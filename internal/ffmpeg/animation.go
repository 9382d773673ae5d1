package ffmpeg

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// maxAnimation is the most bytes that a reduced animation may have.
const maxAnimation = 256 << 20

// ReduceAPNG writes a copy of an animated PNG in another size to out, replacing
// what is there: every frame with its own delay, played as often as plays says (0:
// for ever). Colours are weighted by their opacity, so that nothing shines through
// at the edges of what is transparent. Metadata and colour profile do not come
// along. Nothing is left at out on errors.
func (t *Tools) ReduceAPNG(ctx context.Context, path string, width, height, plays int, out string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("naming the animation: %w", err)
	}
	if out, err = filepath.Abs(out); err != nil {
		return fmt.Errorf("naming the reduced animation: %w", err)
	}
	size := strconv.Itoa(width) + ":" + strconv.Itoa(height)
	_, err = t.run(ctx, maxAnimation, t.cfg.FFmpeg,
		"-nostdin", "-v", "error", "-hide_banner", "-y", "-xerror",
		"-protocol_whitelist", "file", "-f", "apng", "-ignore_loop", "1", "-codec_whitelist", "apng", "-threads", "1", "-i", "file:"+path,
		"-map", "0:v:0", "-map_metadata", "-1", "-fflags", "+bitexact", "-filter_threads", "1",
		"-fps_mode", "passthrough", "-enc_time_base", "-1", // each frame keeps its delay
		"-vf", "format=gbrap,premultiply=inplace=1,scale="+size+":flags=lanczos+accurate_rnd+full_chroma_int,unpremultiply=inplace=1,format=rgba",
		"-c:v", "apng", "-pred", "mixed", "-plays", strconv.Itoa(plays), "-threads", "1", "-f", "apng", "file:"+out)
	if err != nil {
		_ = os.Remove(out)
		return fmt.Errorf("reducing an animation: %w", err)
	}
	return nil
}
