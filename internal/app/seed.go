package app

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// SeedOptions say how much demo content to make.
type SeedOptions struct {
	Password string       // of the users
	Rows     int          // further files that exist in the database only
	Number   uint64       // of the site that those make: the same number, the same site
	Until    time.Time    // when the newest of those was uploaded; zero: the last midnight, UTC
	Told     func(string) // is told what is done, about every second; nil: nobody
}

// SeedReport says what was made.
type SeedReport struct {
	Seeded        bool // false: there was demo content already
	Files, Albums int
}

// seeding is demo content in the making.
type seeding struct {
	*App
	users  map[string]vitrine.Actor
	albums map[string]*vitrine.Album
	report SeedReport
	from   netip.Addr // every file comes from another address, so that no flood is seen
}

// Seed fills the site with users, albums and files as people would make them: by
// the same deeds, with the same rules. It does so once; rows are added each time. With
// rows the App is closed afterwards, and nobody else may be using the database.
func (a *App) Seed(ctx context.Context, o SeedOptions) (SeedReport, error) {
	s := &seeding{
		App: a, users: make(map[string]vitrine.Actor), albums: make(map[string]*vitrine.Album),
		from: netip.MustParseAddr("198.51.100.1"), // TEST-NET-2 of RFC 5737
	}
	if _, err := a.Account.User(ctx, seedUsers[0].name); vitrine.Is(err, vitrine.CodeNotFound) {
		if err := s.site(ctx, o.Password); err != nil {
			return s.report, err
		}
	} else if err != nil {
		return s.report, err
	}
	if o.Rows <= 0 {
		return s.report, nil
	}
	return s.report, s.rows(ctx, o)
}

func (s *seeding) site(ctx context.Context, password string) error {
	if s.Upload == nil {
		if err := s.openUpload(&url.URL{Scheme: "http", Host: "localhost"}); err != nil {
			return err
		}
	}
	s.report.Seeded = true
	if _, err := s.Account.Bootstrap(ctx); err != nil {
		return fmt.Errorf("make the first account: %w", err)
	}
	for _, u := range seedUsers {
		user, err := s.Account.CreateUser(ctx, NewUser{Username: u.name, Email: u.name + "@example.org", Password: password})
		if err != nil {
			return fmt.Errorf("make the user %s: %w", u.name, err)
		}
		s.users[u.name] = vitrine.Actor{User: user}
	}
	for _, name := range seedCategories {
		if _, err := s.Catalog.CreateCategory(ctx, name, ""); err != nil && !vitrine.Is(err, vitrine.CodeConflict) {
			return fmt.Errorf("make the category %s: %w", name, err)
		}
	}
	for _, n := range seedAlbums {
		if err := s.album(ctx, n); err != nil {
			return fmt.Errorf("make the album %q: %w", n.name, err)
		}
	}
	for _, f := range seedFiles() {
		if err := s.file(ctx, f); err != nil {
			return fmt.Errorf("make the file %s: %w", f.name, err)
		}
	}
	return nil
}

func (s *seeding) album(ctx context.Context, n seedAlbum) error {
	made := catalog.NewAlbum{
		OwnerID: s.users[n.owner].UserID(), Name: n.name, Description: n.description, Privacy: n.privacy, Password: n.password,
	}
	if n.parent != "" {
		made.Parent = s.albums[n.parent].Slug
	}
	album, err := s.Catalog.CreateAlbum(ctx, made)
	if err != nil {
		return err
	}
	s.albums[n.name] = album
	s.report.Albums++
	return nil
}

func (s *seeding) file(ctx context.Context, f seedFile) error {
	content, err := f.content(ctx)
	if err != nil {
		return err
	}
	actor := s.users[f.owner]
	s.from = s.from.Next()
	actor.Address = s.from
	spooled, err := s.Upload.Spool(ctx, bytes.NewReader(content), actor.MaxUploadSize(s.Settings.Current()))
	if err != nil {
		return err
	}
	req := upload.Request{
		Actor: actor, Source: upload.Source{Spooled: spooled, Filename: f.name},
		Title: f.title, Description: f.description, Tags: f.tags, NSFW: f.nsfw,
	}
	if f.expires != "" {
		if req.Expiration, err = vitrine.ParseExpiration(f.expires, time.Now()); err != nil {
			return err
		}
	}
	if a := s.albums[f.album]; a != nil {
		req.Album = string(a.Slug)
	}
	if _, err := s.Upload.Accept(ctx, req); err != nil {
		return err
	}
	s.report.Files++
	return nil
}
