package media

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"vitrine/internal/vitrine"
)

// sniffLength is how much of a file's beginning sniff wants to see. Less is
// enough for short files.
const sniffLength = 4096

// sniff tells the format of a file by its first bytes, whatever its name or
// declared type. Formats that are known but never taken in are
// CodeUnavailableFormat, everything else is CodeUnrecognised.
func sniff(head []byte) (vitrine.Format, error) {
	head = head[:min(len(head), sniffLength)]
	for _, s := range signatures {
		if s.matches(head) {
			return s.format, nil
		}
	}
	if isBMP(head) {
		return vitrine.BMP, nil
	}
	if f, known := sniffBoxes(head); f != "" {
		return f, nil
	} else if known {
		return "", errUnavailable()
	}
	switch docType(head) {
	case "webm":
		return vitrine.WebM, nil
	case "matroska":
		return "", vitrine.Errorf(vitrine.CodeUnavailableFormat, "Unavailable image format: Matroska films are not taken in, convert it to WebM or MP4")
	}
	if t := mimetype.Detect(head).String(); t != "image/svg+xml" &&
		(strings.HasPrefix(t, "image/") || strings.HasPrefix(t, "video/")) {
		return "", errUnavailable()
	}
	return "", vitrine.Errorf(vitrine.CodeUnrecognised, "Can't get target upload source info")
}

func errUnavailable() error {
	return vitrine.Errorf(vitrine.CodeUnavailableFormat, "Unavailable image format")
}

// signature is a run of bytes at the start of a file, and another one at
// offset 8 if then is set.
type signature struct {
	format vitrine.Format
	start  string
	then   string
}

var signatures = []signature{
	{vitrine.JPEG, "\xff\xd8\xff", ""},
	{vitrine.PNG, "\x89PNG\r\n\x1a\n", ""},
	{vitrine.GIF, "GIF87a", ""},
	{vitrine.GIF, "GIF89a", ""},
	{vitrine.WebP, "RIFF", "WEBP"},
}

func (s signature) matches(head []byte) bool {
	return bytes.HasPrefix(head, []byte(s.start)) &&
		(s.then == "" || len(head) >= 12 && string(head[8:12]) == s.then)
}

// brands of the ftyp box (ISO/IEC 14496-12, registered at mp4ra.org). The empty
// format marks brands of formats that are not taken in.
var brands = map[string]vitrine.Format{
	"heic": vitrine.HEIC, "heix": vitrine.HEIC, "heim": vitrine.HEIC, "heis": vitrine.HEIC,
	"hevc": vitrine.HEIC, "hevx": vitrine.HEIC, "hevm": vitrine.HEIC, "hevs": vitrine.HEIC,
	"avif": vitrine.AVIF, "avis": vitrine.AVIF,
	"isom": vitrine.MP4, "iso2": vitrine.MP4, "iso3": vitrine.MP4, "iso4": vitrine.MP4, "iso5": vitrine.MP4,
	"iso6": vitrine.MP4, "iso7": vitrine.MP4, "iso8": vitrine.MP4, "iso9": vitrine.MP4,
	"mp41": vitrine.MP4, "mp42": vitrine.MP4, "avc1": vitrine.MP4, "hvc1": vitrine.MP4, "av01": vitrine.MP4,
	"dash": vitrine.MP4, "msnv": vitrine.MP4, "MSNV": vitrine.MP4, "mmp4": vitrine.MP4, "XAVC": vitrine.MP4,
	"M4V ": vitrine.MP4, "M4VH": vitrine.MP4, "M4VP": vitrine.MP4, "f4v ": vitrine.MP4, "F4V ": vitrine.MP4,
	"qt  ": vitrine.MOV,
	"M4A ": "", "M4B ": "", "M4P ": "", "jp2 ": "", "jpx ": "", "jpm ": "", "jxl ": "", "crx ": "",
	"3gp4": "", "3gp5": "", "3gp6": "", "3g2a": "", "mjp2": "", "mj2s": "", "avci": "", "j2ki": "", "vvic": "",
}

// sniffBoxes reads the brands of an ISO base media file. The major brand
// decides; the structural brands of HEIF (mif1, msf1, miaf) and unknown ones
// leave it to the compatible brands. Known tells that the file is of the family.
func sniffBoxes(head []byte) (f vitrine.Format, known bool) {
	if len(head) < 12 {
		return "", false
	}
	size, kind := binary.BigEndian.Uint32(head), string(head[4:8])
	switch kind {
	case "ftyp":
	case "moov", "mdat", "wide", "skip", "free", "pnot":
		// QuickTime before 2001 had no ftyp. Text may begin so by chance: the box
		// must have a plausible size, and free space must be followed by a film's box.
		return sniffOldQuickTime(head)
	default:
		return "", false
	}
	if size < 16 || size > sniffLength || int(size) > len(head) {
		return "", size >= 16
	}
	if f, ok := brands[string(head[8:12])]; ok {
		return f, true
	}
	for i := 16; i+4 <= int(size); i += 4 {
		if f := brands[string(head[i:i+4])]; f != "" {
			return f, true
		}
	}
	return "", true
}

func sniffOldQuickTime(head []byte) (f vitrine.Format, known bool) {
	for at := 0; at+8 <= len(head); {
		size, kind := int64(binary.BigEndian.Uint32(head[at:])), string(head[at+4:at+8])
		switch kind {
		case "moov":
			// The first box inside is a movie header, or a compressed movie.
			if at+16 > len(head) {
				return "", false
			}
			inner := string(head[at+12 : at+16])
			if inner == "mvhd" || inner == "cmov" || inner == "rmra" || inner == "prfl" || inner == "udta" {
				return vitrine.MOV, true
			}
			return "", false
		case "mdat":
			// The rest is out of sight; printable text would read as a size over 500 MB.
			if size == 0 || size == 1 || size >= 8 && size < 1<<29 {
				return vitrine.MOV, true
			}
			return "", false
		case "wide", "skip", "free", "pnot":
			if size < 8 || size > sniffLength {
				return "", false
			}
			at += int(size)
		default:
			return "", false
		}
	}
	return "", false
}

// isBMP wants a known size of the information header and one plane, since two
// letters alone are no proof.
func isBMP(head []byte) bool {
	if len(head) < 28 || head[0] != 'B' || head[1] != 'M' {
		return false
	}
	switch binary.LittleEndian.Uint32(head[14:]) {
	case 12: // OS/2 1.x: 16-bit sizes
		return binary.LittleEndian.Uint16(head[22:]) == 1
	case 16, 40, 52, 56, 64, 108, 124:
		return binary.LittleEndian.Uint16(head[26:]) == 1
	}
	return false
}

// docType reads the DocType of an EBML header (RFC 8794); empty if it is none.
func docType(head []byte) string {
	if !bytes.HasPrefix(head, []byte{0x1a, 0x45, 0xdf, 0xa3}) {
		return ""
	}
	size, n, ok := ebmlSize(head[4:])
	if !ok {
		return ""
	}
	body := head[4+n:]
	body = body[:min(int64(len(body)), max(size, 0))]
	for len(body) >= 2 {
		idLen := ebmlIDLength(body[0])
		if idLen == 0 || idLen >= len(body) {
			return ""
		}
		size, n, ok := ebmlSize(body[idLen:])
		if !ok || size < 0 || size > int64(len(body)-idLen-n) {
			return ""
		}
		data := body[idLen+n : idLen+n+int(size)]
		if idLen == 2 && body[0] == 0x42 && body[1] == 0x82 {
			return string(bytes.TrimRight(data, "\x00"))
		}
		body = body[idLen+n+int(size):]
	}
	return ""
}
