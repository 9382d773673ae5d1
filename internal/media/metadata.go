package media

import (
	"io"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// The longest texts that are taken from metadata, in characters.
const (
	maxTitle       = 100
	maxDescription = 4000
	maxCamera      = 100
)

// metadata is what a picture file says about itself beside its pixels.
type metadata struct {
	Title       string
	Description string
	Camera      string // "<Make> <Model>"

	EXIF         string    // JSON object, see jsonEXIF; empty: none
	TakenAt      time.Time // zero: unknown
	TakenAtZoned bool      // TakenAt came with its offset; else its clock reading is to be taken in the site's zone
	GPS          bool      // a position was found
	Is360        bool
	Orientation  int // EXIF orientation; 1 where there is none, and for AVIF and HEIC, whose decoders have applied theirs
	Frames       int // at least 1
	Progressive  bool
	Trailing     bool // bytes follow the end of the picture

	removable bool // there is something that cleaning of all metadata would remove
}

// readMetadata reads what a picture says about itself, by its structure and its
// metadata blocks alone. Metadata that makes no sense is as good as none; errors
// are those of reading, and CodeDamaged if there is absurdly much. Time and memory
// are bounded whatever the file claims. The position of f afterwards is anywhere.
func readMetadata(f io.ReadSeeker, size int64, format vitrine.Format) (metadata, error) {
	r, ok := f.(io.ReaderAt)
	if !ok {
		r = seekReader{f}
	}
	w := newWindow(r, size)
	l := scan(w, format)
	m := metadata{
		Orientation: 1, Frames: l.frames, Progressive: l.progressive, Trailing: l.trailing(),
	}
	position, err := l.planRemoval(w, cleanOptions{GPS: true})
	if err != nil {
		return metadata{}, err
	}
	m.GPS = len(position) > 0
	all, err := l.planRemoval(w, cleanOptions{All: true})
	if err != nil {
		return metadata{}, err
	}
	m.removable = changes(w, all)
	if err := m.readBlocks(w, l); err != nil {
		return metadata{}, err
	}
	return m, w.err
}

// readBlocks reads the first block of each kind.
func (m *metadata) readBlocks(w *window, l *layout) error {
	var exif exifTexts
	var iptc, xmp packetTexts
	seen := make(map[blockKind]bool)
	for _, b := range l.blocks {
		if seen[b.kind] || b.kind == blockExtended {
			continue
		}
		seen[b.kind] = true
		p, err := b.load(w)
		if err != nil {
			return err
		}
		switch b.kind {
		case blockEXIF:
			exif.read(p)
			m.EXIF = jsonEXIF(p, l.width, l.height)
			if l.format != vitrine.AVIF && l.format != vitrine.HEIC {
				m.Orientation = orientationOf(p)
			}
		case blockIRB:
			readIPTC(p, iptc.iptc)
		case blockXMP:
			readXMP(p, xmp.xmp)
		}
	}
	m.Title = first(maxTitle, exif.title, iptc.title, xmp.title)
	m.Description = first(maxDescription, exif.description, iptc.description, xmp.description)
	m.Camera = oneLine(exif.maker+" "+exif.model, maxCamera)
	m.TakenAt, m.TakenAtZoned = exif.takenAt()
	m.Is360 = xmp.is360
	return nil
}

// first is the first text that is not empty. Titles are one line.
func first(limit int, texts ...string) string {
	for _, t := range texts {
		t = legible(t, limit)
		if limit == maxTitle {
			t = oneLine(t, limit)
		}
		if t != "" {
			return t
		}
	}
	return ""
}

// exifTexts are the values of an EXIF block that the house uses itself.
type exifTexts struct {
	title, description, maker, model string
	taken, offset                    string
}

func (t *exifTexts) read(b []byte) {
	targets := map[uint16]*string{
		tagImageDescription: &t.description, tagMake: &t.maker, tagModel: &t.model,
		tagDateTimeOriginal: &t.taken, tagOffsetTimeOriginal: &t.offset,
	}
	walkEXIF(b, nil, func(e exifEntry) {
		if e.dir != dirMain && e.dir != dirCamera {
			return
		}
		target := targets[e.tag]
		switch {
		case e.tag == tagXPTitle:
			t.title = utf16Text(e.value, false)
		case target != nil && e.typ == typeASCII && *target == "":
			*target = legibleText(e.value, maxDescription)
		}
	})
}

// takenAt reads "2024:05:06 07:08:09" and, if there is one, "+02:00".
func (t *exifTexts) takenAt() (at time.Time, zoned bool) {
	if at, err := time.Parse("2006:01:02 15:04:05Z07:00", t.taken+strings.TrimSpace(t.offset)); err == nil {
		return at, true
	}
	at, err := time.Parse("2006:01:02 15:04:05", t.taken)
	if err != nil || at.Year() < 1826 { // the oldest photograph
		return time.Time{}, false
	}
	return at, false
}
