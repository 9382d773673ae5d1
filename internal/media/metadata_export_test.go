package media

// The seams of this room that its outside tests look at.
var (
	Sniff          = sniff
	ReadMetadata   = readMetadata
	NeedsCleaning  = needsCleaning
	CleanOriginal  = cleanOriginal
	RemovePosition = removePosition
	BlankPosition  = blankPosition
)

type (
	Metadata     = metadata
	CleanOptions = cleanOptions
)

// WithoutSecrets leaves out what only this package knows.
func WithoutSecrets(m metadata) metadata {
	m.removable = false
	return m
}
