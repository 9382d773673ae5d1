package media

import (
	"encoding/binary"
	"math"
)

// maxEXIF is the most bytes of an EXIF block that is looked into. Cameras write
// up to 64 KB, of which most is a thumbnail.
const maxEXIF = 4 << 20

// The bounds of walking an EXIF block, so that loops and nests end.
const (
	maxDirectories = 64
	maxEntries     = 4096
)

// directory says which list of an EXIF block an entry stands in.
type directory int

const (
	dirMain      directory = iota // IFD0: the picture
	dirThumbnail                  // IFD1 and later
	dirCamera                     // the EXIF IFD
	dirGPS
	dirInterop
	dirSub
)

// Tags that lead to other directories or to foreign blocks, and those that the
// house itself reads (Exif 3.0, TIFF 6.0).
const (
	tagImageDescription   = 0x010e
	tagMake               = 0x010f
	tagModel              = 0x0110
	tagOrientation        = 0x0112
	tagSubDirectories     = 0x014a
	tagXMP                = 0x02bc
	tagIPTC               = 0x83bb
	tagPhotoshop          = 0x8649
	tagEXIFDirectory      = 0x8769
	tagGPSDirectory       = 0x8825
	tagDateTimeOriginal   = 0x9003
	tagOffsetTimeOriginal = 0x9011
	tagMakerNote          = 0x927c
	tagUserComment        = 0x9286
	tagXPTitle            = 0x9c9b
	tagXPSubject          = 0x9c9f
	tagInteropDirectory   = 0xa005
)

// exifEntry is one value of an EXIF block.
type exifEntry struct {
	dir   directory
	tag   uint16
	typ   uint16
	count int
	from  int    // offset of the value
	value []byte // the bytes of the value, part of the block
	order binary.ByteOrder
}

// typeSize is the number of bytes of one value by its type; 0: no such type.
var typeSize = [...]int{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

// The types of values.
const (
	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeSByte     = 6
	typeUndefined = 7
	typeSShort    = 8
	typeSLong     = 9
	typeSRational = 10
	typeFloat     = 11
	typeDouble    = 12
	typeIFD       = 13
)

// isTIFF reports whether a block begins with a byte order and the number 42.
func isTIFF(b []byte) bool {
	return len(b) >= 4 && (string(b[:4]) == "II*\x00" || string(b[:4]) == "MM\x00*")
}

// exifDirectory is one list of entries.
type exifDirectory struct {
	kind  directory
	at    int // offset of the number of entries
	count int
}

func (d exifDirectory) entry(i int) int { return d.at + 2 + 12*i }

// end is the offset of the four bytes that lead to the next directory.
func (d exifDirectory) end() int { return d.entry(d.count) }

// walkEXIF visits the directories of an EXIF block, each once, and their entries.
// It never fails: what makes no sense is passed over.
func walkEXIF(b []byte, directories func(exifDirectory), entries func(exifEntry)) {
	if len(b) < 8 || !isTIFF(b) {
		return
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	type place struct {
		kind directory
		at   uint32
	}
	queue, seen, total := []place{{dirMain, order.Uint32(b[4:])}}, make(map[uint32]bool), 0
	for len(queue) > 0 && len(seen) < maxDirectories {
		p := queue[0]
		queue = queue[1:]
		if seen[p.at] || p.at < 8 || uint64(p.at)+2 > uint64(len(b)) {
			continue
		}
		seen[p.at] = true
		d := exifDirectory{kind: p.kind, at: int(p.at)}
		d.count = min(int(order.Uint16(b[d.at:])), (len(b)-d.at-2)/12)
		if directories != nil {
			directories(d)
		}
		for i := range d.count {
			if total++; total > maxEntries {
				return
			}
			e := readEntry(b, order, d.kind, d.entry(i))
			if kind, leads := leadsTo[e.tag]; leads && d.kind != dirGPS {
				for k := 0; k < min(e.count, 8) && 4*k+4 <= len(e.value) && (e.typ == typeLong || e.typ == typeIFD); k++ {
					queue = append(queue, place{kind, order.Uint32(e.value[4*k:])})
				}
			}
			if entries != nil {
				entries(e)
			}
		}
		if (p.kind == dirMain || p.kind == dirThumbnail) && d.end()+4 <= len(b) {
			queue = append(queue, place{dirThumbnail, order.Uint32(b[d.end():])})
		}
	}
}

var leadsTo = map[uint16]directory{
	tagEXIFDirectory: dirCamera, tagGPSDirectory: dirGPS, tagInteropDirectory: dirInterop, tagSubDirectories: dirSub,
}

// readEntry reads 12 bytes. The value is nil where it lies outside the block.
func readEntry(b []byte, order binary.ByteOrder, dir directory, at int) exifEntry {
	e := exifEntry{dir: dir, order: order, tag: order.Uint16(b[at:]), typ: order.Uint16(b[at+2:])}
	count := order.Uint32(b[at+4:])
	if int(e.typ) >= len(typeSize) || typeSize[e.typ] == 0 || count > math.MaxInt32 {
		return e
	}
	size, from := int64(count)*int64(typeSize[e.typ]), int64(at+8)
	if size > 4 {
		from = int64(order.Uint32(b[at+8:]))
	}
	if from+size <= int64(len(b)) {
		e.count, e.from, e.value = int(count), int(from), b[from:from+size]
	}
	return e
}

// orientationOf is the EXIF orientation, 1 to 8; 1 where there is none.
func orientationOf(b []byte) int {
	o := 1
	walkEXIF(b, nil, func(e exifEntry) {
		if e.dir == dirMain && e.tag == tagOrientation && len(e.value) >= 2 && (e.typ == typeShort || e.typ == typeSShort) {
			if v := int(e.order.Uint16(e.value)); v >= 1 && v <= 8 {
				o = v
			}
		}
	})
	return o
}

// orientationBlock is an EXIF block that holds nothing but an orientation.
func orientationBlock(o int) []byte {
	return []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(o), 0, 0, 0, 0, 0, 0}
}
