package upload

import "vitrine/internal/vitrine"

// Source is where the bytes come from: either Spooled or URL is given.
type Source struct {
	Spooled  *Spooled // bytes that a door received; Accept closes it
	Filename string   // the client's name, with or without folders; empty for base64
	URL      string   // http or https
}

// Request is everything that a client may say about an upload. Empty values
// mean "not given".
type Request struct {
	Actor  vitrine.Actor
	Source Source
	Ticket *Ticket // the place that the door was given; nil: Accept takes one itself

	Title       string
	Description string
	Alt         string // what the picture shows, for those who cannot see it
	Tags        string // by comma
	Album       string // slug
	Category    string // number
	Width       int    // target width in pixels; 0 keeps the picture as it is
	Shrink      bool   // narrower pictures stay as they are instead of being refused for Width
	Expiration  vitrine.Expiration
	NSFW        bool
	UseFileDate bool
}

// Result is a stored and recorded file.
type Result struct {
	File        *vitrine.File
	DeleteToken string   // 48 hex digits, known to nobody else; empty for an existing file
	Existing    bool     // the bytes were there already and File is the earlier upload
	Warnings    []string // parameters that were ignored, by their names in the protocol
}
