package catalog

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vitrine/internal/vitrine"
)

const (
	// Windows takes paths of 259 characters: eight folders and a file have to share
	// them, though few will. No system takes names of more than 255 bytes.
	maxArchiveName   = 100 // characters, without the extension
	maxArchiveFolder = 40
	maxArchiveBytes  = 200
)

// archiveNames gives the names in one folder of an archive. It remembers a number
// for each, which takes a few megabytes for a hundred thousand of them; two names
// that happen to have the same number cost one of them a needless suffix.
type archiveNames struct {
	salt maphash.Seed
	next map[uint64]int // by name: the suffix to try next where it is taken
}

func newArchiveNames() *archiveNames {
	return &archiveNames{salt: maphash.MakeSeed(), next: make(map[uint64]int)}
}

// file is the uploader's name for a file with the extension that its bytes have
// now.
func (n *archiveNames) file(f *vitrine.File) string {
	name := f.OriginalFilename
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return n.unique(safeArchiveName(name, maxArchiveName, f.Name), "."+f.Extension)
}

func (n *archiveNames) folder(a *vitrine.Album) string {
	return n.unique(safeArchiveName(a.Name, maxArchiveFolder, string(a.Slug)), "")
}

// unique adds " (2)" and so on to a name that is taken, whatever the case.
func (n *archiveNames) unique(base, ext string) string {
	name, key := base+ext, n.key(base+ext)
	for {
		suffix, taken := n.next[n.key(name)]
		if !taken {
			n.next[n.key(name)] = 2
			return name
		}
		suffix = max(suffix, n.next[key])
		n.next[key] = suffix + 1
		name = base + " (" + strconv.Itoa(suffix) + ")" + ext
	}
}

// key is the same for names that some system takes for one.
func (n *archiveNames) key(name string) uint64 {
	return maphash.String(n.salt, strings.ToLower(strings.ToUpper(name)))
}

// reservedNames are devices on Windows, with whatever extension.
var reservedNames = []string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}

// safeArchiveName makes a name that Windows, macOS and Linux take as it is, and
// that no archive reader could mistake for a path. Where nothing is left it is the
// fallback.
func safeArchiveName(s string, most int, fallback string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "_"))
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*`, r):
			return '_'
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', unicode.Is(unicode.Bidi_Control, r), r == '\ufeff', r == '\ufffd':
			return -1
		}
		return r
	}, s)
	s = trimArchiveName(s)
	s = trimArchiveName(cutName(s, most))
	if s == "" {
		s = trimArchiveName(cutName(fallback, most))
	}
	if s == "" {
		s = "_"
	}
	if isReserved(s) {
		s = "_" + s
	}
	return s
}

// trimArchiveName removes what hides a file, looks like an option, or gets lost.
func trimArchiveName(s string) string {
	return strings.TrimFunc(strings.TrimLeft(s, ".-~ "), func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
}

// cutName keeps at most so many characters and 200 bytes.
func cutName(s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	for len(s) > maxArchiveBytes {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

func isReserved(s string) bool {
	s, _, _ = strings.Cut(strings.ToUpper(s), ".")
	s = strings.TrimRight(s, " ")
	if slices.Contains(reservedNames, s) {
		return true
	}
	rest, ok := strings.CutPrefix(s, "COM")
	if !ok {
		rest, ok = strings.CutPrefix(s, "LPT")
	}
	return ok && utf8.RuneCountInString(rest) == 1 && strings.Contains("0123456789¹²³", rest)
}
