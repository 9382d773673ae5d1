package upload

import "vitrine/internal/vitrine"

// The pure parts, for their tables and fuzz tests.
var (
	SafeName    = safeName
	ClientName  = clientName
	SplitName   = splitName
	ExtensionOf = extensionOf
	TitleOf     = titleOf
	CutBytes    = cutBytes
	TakenAt     = takenAt
)

// Candidate is a candidate for a stored name.
func Candidate(mode vitrine.NamingMode, base string, attempt int, slug vitrine.Slug, random func([]byte)) string {
	return naming{mode: mode, base: base, random: random}.candidate(attempt, slug)
}

// StoredName is the stored name of a client's file in mode original.
func StoredName(client string) string {
	stem, _ := splitName(clientName(client))
	return safeName(stem)
}

// Waiting is how many uploads wait for their turn.
func (s *Service) Waiting() int { return s.Queue().Waiting }
