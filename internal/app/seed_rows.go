package app

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/demo"
	"vitrine/internal/vitrine"
)

// seedBatch is how many users or albums one transaction adds.
const seedBatch = 500

// seedMoreCategories join those of the demo content when there are very many files.
var seedMoreCategories = []string{"Animals", "Architecture", "Art", "Food", "Macro", "People", "Plants", "Screenshots", "Sport", "Street", "Vehicles"}

// rows adds a site of very many files that exist in the database only, with the users
// and albums that they belong to. It closes the App: nobody else may use the database.
func (s *seeding) rows(ctx context.Context, o SeedOptions) error {
	site := &demo.Site{Files: o.Rows, Seed: o.Number, Until: o.Until}
	if site.Until.IsZero() {
		site.Until = time.Now().UTC().Truncate(24 * time.Hour)
	}
	site.Storage, _ = s.Stores.Default()
	for _, step := range []func(context.Context, *demo.Site) error{s.categories, s.people, s.moreAlbums} {
		if err := step(ctx, site); err != nil {
			return err
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	b, err := db.OpenBulk(ctx, db.Config{URL: s.Config.Database, Logger: s.log})
	if err != nil {
		return err
	}
	told := o.Told
	if told == nil {
		told = func(string) {}
	}
	if err = b.Fill(ctx, bulkFiles(site), func(n int) { told(fmt.Sprintf("%d of %d files", n, o.Rows)) }); err != nil {
		err = fmt.Errorf("%w (what was added stays; the next command makes the indexes again)", err)
		ended, cancel := context.WithCancel(ctx)
		cancel()
		_ = b.Close(ended) // gives the database free; the first error says why
		return err
	}
	told("Making the indexes")
	return b.Close(ctx)
}

// bulkFiles are the files of a site as the database takes them.
func bulkFiles(site *demo.Site) iter.Seq[db.BulkFile] {
	return func(yield func(db.BulkFile) bool) {
		for u := range site.Uploads() {
			f := db.BulkFile{File: u.File, TokenHash: u.TokenHash, SeenAt: u.SeenAt}
			for _, l := range u.Likes {
				f.Likes = append(f.Likes, db.BulkLike(l))
			}
			if !yield(f) {
				return
			}
		}
	}
}

func (s *seeding) categories(ctx context.Context, site *demo.Site) error {
	for _, name := range seedMoreCategories {
		if _, err := s.Catalog.CreateCategory(ctx, name, ""); err != nil && !vitrine.Is(err, vitrine.CodeConflict) {
			return fmt.Errorf("make the category %s: %w", name, err)
		}
	}
	list, err := s.Catalog.Categories(ctx)
	for _, c := range list {
		site.Categories = append(site.Categories, c.ID)
	}
	return err
}

// people are the demo users, of whom anna is the most active one, and those that join
// them, all with the same password.
func (s *seeding) people(ctx context.Context, site *demo.Site) error {
	var hash string
	for _, u := range seedUsers {
		user, err := s.Account.User(ctx, u.name)
		if err != nil {
			return err
		}
		site.People = append(site.People, user.ID)
		if hash, err = s.DB.PasswordHash(ctx, user.ID); err != nil {
			return err
		}
		of, err := s.Catalog.Albums(ctx, user.ID)
		if err != nil {
			return err
		}
		slices.SortFunc(of, func(a, b vitrine.Album) int { return cmp.Compare(a.ID, b.ID) })
		site.Albums = append(site.Albums, of...)
	}
	base, err := s.DB.CountUsers(ctx)
	if err != nil {
		return err
	}
	users := site.Users(base)
	return s.inBatches(ctx, len(users), func(ctx context.Context, tx *db.Tx, i int) error {
		return tx.CreateUser(ctx, &users[i], hash)
	}, func(i int) { site.People = append(site.People, users[i].ID) })
}

func (s *seeding) moreAlbums(ctx context.Context, site *demo.Site) error {
	r := rand.New(rand.NewPCG(site.Seed, uint64(site.Files)))
	random := func(b []byte) {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
	}
	var none string
	if len(site.People) > 0 {
		hash, err := s.DB.PasswordHash(ctx, site.People[0])
		if err != nil {
			return err
		}
		none = hash
	}
	albums := site.NewAlbums()
	return s.inBatches(ctx, len(albums), func(ctx context.Context, tx *db.Tx, i int) error {
		a := &albums[i]
		a.Slug = vitrine.NewSlug(random)
		if a.Parent >= 0 {
			a.ParentID = albums[a.Parent].ID
		}
		if a.Privacy != vitrine.PrivacyPassword {
			return tx.CreateAlbum(ctx, &a.Album)
		}
		a.Pass = string(vitrine.NewSlug(random) + vitrine.NewSlug(random))
		if err := tx.CreateAlbum(ctx, &a.Album); err != nil {
			return err
		}
		return tx.SetAlbumSecrets(ctx, a.ID, &none, nil)
	}, func(i int) { site.Albums = append(site.Albums, albums[i].Album) })
}

// inBatches does something n times, many in a transaction, and tells what is done.
func (s *seeding) inBatches(ctx context.Context, n int, do func(context.Context, *db.Tx, int) error, done func(int)) error {
	for from := 0; from < n; from += seedBatch {
		to := min(from+seedBatch, n)
		if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := from; i < to; i++ {
				if err := do(ctx, tx, i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("add users and albums: %w", err)
		}
		for i := from; i < to; i++ {
			done(i)
		}
	}
	return nil
}
