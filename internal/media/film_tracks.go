package media

import (
	"bytes"
	"slices"
)

// positionTracks are the sample formats of tracks in which cameras note where
// they are, several times a second: GoPro, Google's camera motion, Sony, DJI,
// Canon.
var positionTracks = []string{"gpmd", "camm", "rtmd", "djmd", "dbgi", "CTMD", "gps ", "GPS ", "NMEA"}

// track blanks the samples of a track that holds positions, or any metadata if
// all of it is to go.
func (p *filmPlan) track(mdia box) {
	var handler string
	var description []byte
	var samples sampleTable
	eachBox(p.w, mdia.data, mdia.end, func(b box) bool {
		if b.kind == "hdlr" {
			handler = string(p.w.peek(b.data+8, 4))
		}
		return true
	})
	if handler == "vide" || handler == "soun" {
		return
	}
	findBox(p.w, mdia.data, mdia.end, func(b box) {
		switch b.kind {
		case "stsd":
			description = p.load(b)
		case "stsz":
			samples.sizes = p.load(b)
		case "stsc":
			samples.runs = p.load(b)
		case "stco":
			samples.offsets = p.load(b)
		case "co64":
			samples.offsets, samples.wide = p.load(b), true
		}
	}, "minf", "stbl", anyKind)
	if len(description) < 16 {
		return
	}
	format := string(description[12:16])
	var spans []span
	switch {
	case p.all && handler == "meta",
		slices.Contains(positionTracks, format),
		format == "mebx" && namesPosition(description):
		spans = samples.spans()
	case handler == "text" || handler == "sbtl" || handler == "subt":
		// Drones write their flight as subtitles.
		spans = samples.spans()
		if len(spans) == 0 || !bytes.Contains(p.w.peek(spans[0].start, int(min(spans[0].length(), 4096))), []byte("GPS")) {
			return
		}
	}
	for _, s := range spans {
		p.blankSample(s)
	}
}

// namesPosition reports whether a description of timed metadata has a key that
// names a place.
func namesPosition(description []byte) bool {
	lower := bytes.ToLower(description)
	return bytes.Contains(lower, []byte("location")) || bytes.Contains(lower, []byte("gps"))
}

// sampleTable says where the samples of a track lie (ISO/IEC 14496-12, 8.7). It
// holds the contents of stsz, stsc, and stco or co64.
type sampleTable struct {
	sizes, runs, offsets []byte
	wide                 bool // offsets have eight bytes
}

// chunkRun says how many samples each chunk has, from the first one on.
type chunkRun struct{ first, samples uint64 }

func (t sampleTable) chunkRuns() []chunkRun {
	r := be{b: t.runs}
	r.next(4)
	var runs []chunkRun
	for range r.uint(4) {
		run := chunkRun{first: r.uint(4), samples: r.uint(4)}
		if r.next(4); r.short {
			break
		}
		runs = append(runs, run)
	}
	return runs
}

// spans are the chunks of the track, each a run of samples.
func (t sampleTable) spans() []span {
	sizes := be{b: t.sizes}
	sizes.next(4)
	fixed, left := sizes.uint(4), sizes.uint(4)
	offsets := be{b: t.offsets}
	offsets.next(4)
	width := 4
	if t.wide {
		width = 8
	}
	var spans []span
	runs := t.chunkRuns()
	for chunk, total := uint64(1), offsets.uint(4); chunk <= total && len(runs) > 0 && left > 0 && len(spans) < maxFilmEdits; chunk++ {
		if len(runs) > 1 && chunk >= runs[1].first {
			runs = runs[1:]
		}
		start, n := offsets.uint(width), min(runs[0].samples, left)
		left -= n
		length := fixed * n
		for ; fixed == 0 && n > 0 && !sizes.short; n-- {
			length += sizes.uint(4)
		}
		if offsets.short || sizes.short {
			break
		}
		if start < 1<<62 && length > 0 && length < 1<<62 {
			spans = append(spans, span{int64(start), int64(start + length)})
		}
	}
	return spans
}
