package catalog

import "vitrine/internal/vitrine"

// Names for tests of what has no other door.
var (
	EncodeCursor = encodeCursor
	DecodeCursor = decodeCursor
	Robot        = robot
)

// SafeName is the name of a file in an archive.
func SafeName(name string) string {
	return newArchiveNames().file(&vitrine.File{OriginalFilename: name, Name: "stored", Extension: "jpg"})
}

// FolderNames are those of albums with these names side by side.
func FolderNames(names ...string) []string {
	n := newArchiveNames()
	var list []string
	for _, name := range names {
		list = append(list, n.folder(&vitrine.Album{Name: name, Slug: "slug"}))
	}
	return list
}

// Remembered is how many visits each generation holds.
func Remembered(s *Service) (now, old int) { return len(s.views.now), len(s.views.old) }

// Waiting is how many files and albums have views that are not written yet.
func Waiting(s *Service) int { return len(s.views.waiting) }
