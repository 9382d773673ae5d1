package ffmpeg

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Info is what a film says about itself.
type Info struct {
	Duration      time.Duration // 0 if unknown
	Video         bool          // there is a picture track; a cover picture is none
	Codec         string        // of the picture track, in ffmpeg's words
	Width, Height int           // pixels of the picture track as displayed, rotation applied

	Title       string // as it stands in the container; empty: none
	Description string
	Make, Model string    // of the camera
	CreatedAt   time.Time // zero: unknown
}

// input is what both programs get before the film: only local files, the given
// demuxer, no files that the film refers to, and a bounded look ahead.
func input(path string, d Demuxer) ([]string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("naming the film: %w", err)
	}
	args := []string{
		"-protocol_whitelist", "file", "-f", string(d),
		"-probesize", "10000000", "-analyzeduration", "5000000",
		"-max_streams", "64", "-codec_whitelist", codecs, "-threads", "1",
	}
	switch d {
	case MOV:
		args = append(args, "-enable_drefs", "0", "-use_absolute_path", "0")
	case Matroska:
	default:
		return nil, fmt.Errorf("unknown demuxer %q", d)
	}
	return append(args, "-i", "file:"+path), nil
}

// codecs are the decoders that a film may be read with: what cameras, phones and
// screen recorders write, not the museum of formats that ffmpeg also knows. One
// track that needs another decoder makes the film unreadable.
const codecs = "h264,hevc,vvc,av1,libdav1d,libaom-av1,libgav1,vp8,vp9,libvpx,libvpx-vp9," +
	"mpeg4,h263,mpeg1video,mpeg2video,mjpeg,mjpegb,prores,dnxhd,dvvideo,png,rawvideo," +
	"aac,aac_fixed,aac_latm,libfdk_aac,mp1float,mp2,mp2float,mp3,mp3float,ac3,ac3_fixed,eac3,dca,truehd," +
	"alac,flac,opus,libopus,vorbis,libvorbis,speex,libspeex,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb," +
	"qdm2,qcelp,ilbc,gsm,gsm_ms,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,mace3,mace6," +
	"pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be," +
	"pcm_alaw,pcm_mulaw,mov_text,text,subrip,srt,webvtt,ass,ssa,cc_dec,dvbsub,dvdsub,pgssub"

const entries = "format=duration" +
	":format_tags=title,comment,description,synopsis,make,model,creation_time,date," +
	"com.apple.quicktime.title,com.apple.quicktime.displayname,com.apple.quicktime.description,com.apple.quicktime.comment," +
	"com.apple.quicktime.make,com.apple.quicktime.model,com.apple.quicktime.creationdate" +
	":stream=codec_type,codec_name,width,height,duration:stream_disposition=attached_pic" +
	":stream_tags=rotate:stream_side_data=rotation"

// answer is ffprobe's, as far as we ask for it.
type answer struct {
	Format struct {
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Streams []stream `json:"streams"`
}

type stream struct {
	Type        string            `json:"codec_type"`
	Codec       string            `json:"codec_name"`
	Width       int               `json:"width"`
	Height      int               `json:"height"`
	Duration    string            `json:"duration"`
	Disposition map[string]int    `json:"disposition"`
	Tags        map[string]string `json:"tags"`
	SideData    []struct {
		Rotation float64 `json:"rotation"`
	} `json:"side_data_list"`
}

// Probe reads what the film says about itself. ErrFilm if it is none, ErrLimit if
// reading it takes too much.
func (t *Tools) Probe(ctx context.Context, path string, d Demuxer) (*Info, error) {
	args := []string{"-v", "error", "-hide_banner", "-of", "json", "-show_entries", entries}
	in, err := input(path, d)
	if err != nil {
		return nil, err
	}
	out, err := t.run(ctx, 0, t.cfg.FFprobe, append(args, in...)...)
	if err != nil {
		return nil, fmt.Errorf("probing: %w", err)
	}
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		return nil, fmt.Errorf("probing: %w: %w", ErrFilm, err)
	}
	return a.info(), nil
}

func (a *answer) info() *Info {
	tag := func(keys ...string) string {
		for _, k := range keys {
			if v := strings.TrimSpace(a.Format.Tags[k]); v != "" {
				return v
			}
		}
		return ""
	}
	// Matroska's tags come in capitals from some writers.
	for k, v := range a.Format.Tags {
		if l := strings.ToLower(k); a.Format.Tags[l] == "" {
			a.Format.Tags[l] = v
		}
	}
	i := &Info{
		Duration:    seconds(a.Format.Duration),
		Title:       tag("com.apple.quicktime.title", "com.apple.quicktime.displayname", "title"),
		Description: tag("com.apple.quicktime.description", "description", "com.apple.quicktime.comment", "comment", "synopsis"),
		Make:        tag("com.apple.quicktime.make", "make"),
		Model:       tag("com.apple.quicktime.model", "model"),
		CreatedAt:   instant(tag("com.apple.quicktime.creationdate"), tag("creation_time"), tag("date")),
	}
	for _, s := range a.Streams {
		if s.Type != "video" || s.Disposition["attached_pic"] != 0 {
			continue
		}
		i.Video, i.Codec, i.Width, i.Height = true, s.Codec, s.Width, s.Height
		if s.onItsSide() {
			i.Width, i.Height = s.Height, s.Width
		}
		if i.Duration <= 0 {
			i.Duration = seconds(s.Duration)
		}
		break
	}
	return i
}

// onItsSide reports whether the pictures are shown after a quarter turn.
func (s stream) onItsSide() bool {
	turn, err := strconv.ParseFloat(s.Tags["rotate"], 64)
	if err != nil {
		turn = 0
	}
	for _, d := range s.SideData {
		if d.Rotation != 0 {
			turn = d.Rotation
		}
	}
	return int(math.Abs(math.Round(turn/90)))%2 == 1
}

// seconds reads a decimal number of seconds; 0 for anything that is none, or
// longer than a year.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0) || f > 365*24*3600 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}

// instant is the first text that reads as a moment after 1980: clocks that were
// never set say 1904 or 1970.
func instant(texts ...string) time.Time {
	for _, s := range texts {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700"} {
			if at, err := time.Parse(layout, s); err == nil && at.Year() >= 1980 {
				return at
			}
		}
	}
	return time.Time{}
}
