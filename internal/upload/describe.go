package upload

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// draft is a file on its way to being stored: everything but its stored name.
type draft struct {
	file     vitrine.File
	base     string   // what the stored name is made of in the modes that use it
	warnings []string // parameters that were ignored
}

func (d *draft) ignore(parameter string) { d.warnings = append(d.warnings, parameter) }

// describe puts together what client, metadata and settings say about the file,
// and refuses forbidden words in it.
func (s *Service) describe(ctx context.Context, req Request, set *vitrine.Settings, src *received, seen *vitrine.Inspection) (*draft, error) {
	d := &draft{file: vitrine.File{
		OwnerID: req.Actor.UserID(), UploaderIP: req.Actor.Address,
		Privacy: vitrine.PrivacyPublic, Approved: true, NSFW: req.NSFW,
		Duration: seen.Duration, Animated: seen.Animated(), Is360: seen.Is360,
		UploadedAt: src.at, CreatedAt: src.at, StorageMode: set.StorageMode,
	}}
	if !stripsMetadata(req.Actor, set) {
		d.file.EXIF = seen.EXIF
	}
	if req.Width != 0 && seen.Format.Kind() == vitrine.KindVideo {
		d.ignore("width")
	}
	for _, step := range []func() error{
		func() error { d.naming(src, seen, s.c.Random); return nil },
		func() error { return d.texts(req, src, seen) },
		func() error { return d.tags(req, set, seen) },
		func() error { return s.album(ctx, req, d) },
		func() error { return s.category(ctx, req, d) },
		func() error { return d.expiration(req, set) },
		func() error { d.date(req, set, seen); return nil },
		func() error { return d.stopWords(set) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// naming settles the client's name and what the stored name is made of. Sources
// without a name get one of 12 hex digits.
func (d *draft) naming(src *received, seen *vitrine.Inspection, random func([]byte)) {
	if src.filename == "" {
		d.base = randomHex(random, 12)
		d.file.OriginalFilename = d.base + "." + seen.Format.Extension()
		return
	}
	d.file.OriginalFilename = src.filename
	if d.base = safeName(src.stem); d.base == "" {
		d.base = randomHex(random, 32)
	}
}

func (d *draft) texts(req Request, src *received, seen *vitrine.Inspection) error {
	stem := src.stem
	if src.filename == "" {
		stem = d.base
	}
	d.file.Title = titleOf(req.Title, seen.Title, stem)
	if d.file.Description = vitrine.CleanText(req.Description); d.file.Description == "" {
		d.file.Description = cutBytes(vitrine.CleanText(seen.Description), vitrine.MaxDescription)
	}
	d.file.Alt = cutRunes(strings.TrimSpace(vitrine.CleanLine(req.Alt)), vitrine.MaxAlt)
	if n := len(d.file.Description); n > vitrine.MaxDescription {
		return vitrine.Invalid("description", "Invalid description: it has %d bytes, use at most %d", n, vitrine.MaxDescription)
	}
	return nil
}

// tags takes the client's tags, and the camera as one where there is room.
func (d *draft) tags(req Request, set *vitrine.Settings, seen *vitrine.Inspection) error {
	names := vitrine.ParseTags(req.Tags)
	if req.Actor.Guest() && !set.GuestTags {
		if names != nil {
			d.ignore("tags")
		}
		return nil
	}
	if len(names) > set.TagsPerFile {
		return vitrine.Invalid("tags", "Invalid tags: %d were given, use at most %d", len(names), set.TagsPerFile)
	}
	for _, name := range names {
		d.file.Tags = append(d.file.Tags, vitrine.Tag{Name: name})
	}
	camera, ok := vitrine.ParseTag(seen.Camera)
	if !ok || !set.CameraTags || req.Actor.Guest() || len(names) >= set.TagsPerFile {
		return nil
	}
	for _, name := range names {
		if name == camera {
			return nil
		}
	}
	d.file.Tags = append(d.file.Tags, vitrine.Tag{Name: camera})
	return nil
}

// album puts the file into an album of its owner. Anything else is ignored, as
// the protocol has always done: nobody learns which albums exist.
func (s *Service) album(ctx context.Context, req Request, d *draft) error {
	if req.Album == "" {
		return nil
	}
	slug, ok := vitrine.ParseSlug(req.Album)
	if !ok || req.Actor.Guest() {
		d.ignore("album_id")
		return nil
	}
	a, err := s.c.DB.AlbumBySlug(ctx, slug)
	switch {
	case vitrine.Is(err, vitrine.CodeNotFound), err == nil && !req.Actor.Owns(a.OwnerID):
		d.ignore("album_id")
	case err != nil:
		return fmt.Errorf("looking for the album: %w", err)
	default:
		d.file.AlbumID, d.file.Privacy = a.ID, a.Privacy
	}
	return nil
}

func (s *Service) category(ctx context.Context, req Request, d *draft) error {
	if req.Category == "" {
		return nil
	}
	id, err := strconv.ParseInt(req.Category, 10, 64)
	if err != nil || id < 1 {
		d.ignore("category_id")
		return nil
	}
	switch _, err := s.c.DB.Category(ctx, id); {
	case vitrine.Is(err, vitrine.CodeNotFound):
		d.ignore("category_id")
	case err != nil:
		return fmt.Errorf("looking for the category: %w", err)
	default:
		d.file.CategoryID = id
	}
	return nil
}

// expiration settles when the file ceases to be. What the site decides for
// guests replaces what a guest asks for.
func (d *draft) expiration(req Request, set *vitrine.Settings) error {
	if req.Actor.Guest() && set.GuestAutoDelete != "" {
		e, err := vitrine.ParseExpiration(set.GuestAutoDelete, d.file.UploadedAt)
		if err != nil {
			// Our fault, not the guest's: the code must not travel.
			return errors.New("reading the setting guest_auto_delete: " + err.Error())
		}
		d.file.ExpiresAt = e.After(d.file.UploadedAt)
		if !req.Expiration.IsZero() && req.Expiration != e {
			d.ignore("expiration")
		}
		return nil
	}
	if !req.Expiration.IsZero() && !set.ExpirableUploads {
		d.ignore("expiration")
		return nil
	}
	d.file.ExpiresAt = req.Expiration.After(d.file.UploadedAt)
	return nil
}

// date settles the date shown, and the folder, which is that date's in the
// site's zone.
func (d *draft) date(req Request, set *vitrine.Settings, seen *vitrine.Inspection) {
	if req.UseFileDate {
		year := seen.TakenAt.Year()
		if set.UseFileDate && req.Actor.Admin() && !seen.TakenAt.IsZero() && year > 0 && year < 9999 {
			d.file.CreatedAt = takenAt(seen, set.Location).UTC().Truncate(time.Microsecond)
		} else {
			d.ignore("use_file_date")
		}
	}
	if set.StorageMode == vitrine.DateFolder {
		d.file.Folder = d.file.CreatedAt.In(set.Location).Format("2006/01/02")
	}
}

// takenAt is the instant at which the picture was taken: with the camera's own
// offset, or by the camera's clock read in the site's zone.
func takenAt(seen *vitrine.Inspection, site *time.Location) time.Time {
	t := seen.TakenAt
	if seen.TakenAtZoned {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), site)
}

func (d *draft) stopWords(set *vitrine.Settings) error {
	texts := []string{d.base, d.file.OriginalFilename, d.file.Title, d.file.Description, d.file.Alt}
	for _, t := range d.file.Tags {
		texts = append(texts, t.Name)
	}
	return set.StopWords.Check(texts...)
}
