package media

import "vitrine/internal/vitrine"

// layout is where things lie in a picture file. It is read from the structure
// alone, without decoding a pixel; a file that breaks off or makes no sense gives
// what was found before that.
type layout struct {
	format vitrine.Format
	size   int64 // of the file
	end    int64 // first byte after the picture; the file's size where there is no end mark
	broken bool  // the structure broke off before its end

	width, height int // as stored; 0 if unknown
	frames        int // at least 1
	progressive   bool

	blocks []block // metadata that can be read and corrected in place
	extras []extra // what decides nothing about the pixels
	pieces []extendedPiece
	tooFar bool // a limit of a scanner was passed
}

// block is metadata of a kind, in one or several pieces of the file.
type block struct {
	kind  blockKind
	spans []span // of the bare metadata, without markers and lengths
}

type blockKind int

const (
	blockEXIF     blockKind = iota // a TIFF structure
	blockXMP                       // an XML packet
	blockExtended                  // the rest of an XML packet that did not fit
	blockIRB                       // Photoshop's image resources, which hold IPTC
)

// extra is a whole segment, chunk or block of the file, with marker, length and
// check sum.
type extra struct {
	span
	name string // the marker or chunk type, or what it holds
}

// The names of extras that are dealt with apart.
const (
	nameEXIF  = "EXIF" // also the chunk of WebP
	nameMPF   = "MPF"
	nameJUMBF = "JUMBF"
)

// maxPieces is the most blocks and extras that a file may have. Cameras and
// editors write a dozen; an extended XMP packet of 16 MB has 250.
const maxPieces = 1 << 14

func (l *layout) addBlock(kind blockKind, s span) {
	if s.length() > 0 && len(l.blocks) < maxPieces {
		l.blocks = append(l.blocks, block{kind: kind, spans: []span{s}})
	}
}

func (l *layout) addExtra(name string, start, end int64) {
	if len(l.extras) < maxPieces {
		l.extras = append(l.extras, extra{span{start, end}, name})
	}
}

// crowded reports whether there is more than anybody has use for.
func (l *layout) crowded() bool {
	return l.tooFar || len(l.blocks) >= maxPieces || len(l.extras) >= maxPieces
}

// breakOff ends a file whose structure makes no sense any more: what follows
// belongs to the picture for all we know.
func (l *layout) breakOff(size int64) { l.end, l.broken = size, true }

// scan reads the layout of a picture.
func scan(w *window, format vitrine.Format) *layout {
	l := &layout{format: format, size: w.size, end: w.size, frames: 1}
	switch format {
	case vitrine.JPEG:
		scanJPEG(w, l)
	case vitrine.PNG:
		scanPNG(w, l)
	case vitrine.GIF:
		scanGIF(w, l)
	case vitrine.WebP:
		scanWebP(w, l)
	case vitrine.AVIF, vitrine.HEIC:
		scanHEIF(w, l)
	}
	l.frames = max(l.frames, 1)
	return l
}
