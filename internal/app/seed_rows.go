package app

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// seedBatch is how many rows one transaction adds.
const seedBatch = 500

var seedWords = []string{
	"amber", "birch", "bridge", "cabin", "cliff", "cloud", "coast", "dawn", "dune", "evening", "field", "fjord", "fog", "forest", "frost",
	"glacier", "harbour", "hill", "island", "lake", "lantern", "meadow", "moon", "moss", "mountain", "north", "ocean", "path", "pine",
	"rain", "reed", "ridge", "river", "road", "shadow", "shore", "snow", "spring", "star", "stone", "storm", "summer", "sunset", "tide",
	"valley", "village", "water", "wave", "wind", "winter", "山", "朝霧", "海", "夜空", "осень", "река", "снег", "туман",
}

// rows adds files that exist in the database only, spread as on a real site: few
// words, albums and users have most of them.
func (s *seeding) rows(ctx context.Context, count int) error {
	if count <= 0 {
		return nil
	}
	r := rand.New(rand.NewPCG(uint64(count), uint64(time.Now().UnixNano())))
	word := rand.NewZipf(r, 1.2, 3, uint64(len(seedWords)-1))
	var albums []vitrine.Album
	for _, u := range seedUsers {
		user, err := s.Account.User(ctx, u.name)
		if err != nil {
			return err
		}
		of, err := s.Catalog.Albums(ctx, user.ID)
		if err != nil {
			return err
		}
		albums = append(albums, of...)
	}
	categories, err := s.Catalog.Categories(ctx)
	if err != nil {
		return err
	}
	album := rand.NewZipf(r, 1.3, 2, uint64(len(albums)-1))
	storage, _ := s.Stores.Default()
	begin := time.Now().UTC().Truncate(time.Microsecond).Add(-time.Duration(count) * time.Minute)
	for done := 0; done < count; done += seedBatch {
		views := make(map[int64]int64)
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			clear(views)
			for i := done; i < min(done+seedBatch, count); i++ {
				f := seedRow(r, word, storage, begin.Add(time.Duration(i)*time.Minute))
				if at := r.IntN(10); at < 6 { // four of ten come from guests
					a := albums[album.Uint64()]
					f.OwnerID = a.OwnerID
					if at < 4 {
						f.AlbumID = a.ID
					}
				}
				if len(categories) > 0 && r.IntN(3) == 0 {
					f.CategoryID = categories[r.IntN(len(categories))].ID
				}
				if err := tx.CreateFile(ctx, f, nil); err != nil {
					return err
				}
				if n := int64(r.ExpFloat64() * 20); n > 0 {
					views[f.ID] = n
				}
			}
			return tx.AddViews(ctx, views, nil, time.Now().UTC())
		})
		if err != nil {
			return fmt.Errorf("add rows: %w", err)
		}
	}
	return nil
}

// seedRow is a file that was never uploaded.
func seedRow(r *rand.Rand, word *rand.Zipf, storage string, at time.Time) *vitrine.File {
	slug := vitrine.NewSlug(func(b []byte) {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
	})
	digest := md5.Sum([]byte(slug))
	a, b, c := seedWords[word.Uint64()], seedWords[word.Uint64()], seedWords[word.Uint64()]
	f := &vitrine.File{
		Slug: slug, Privacy: vitrine.PrivacyPublic, Approved: true,
		Storage: storage, StorageMode: vitrine.DateFolder, Folder: at.Format("2006/01/02"), Name: "seed-" + string(slug), Extension: "jpg",
		Format: vitrine.JPEG, Size: 200_000 + r.Int64N(4_000_000), Width: 1200 + r.IntN(3000), Height: 900 + r.IntN(2000),
		Thumb: vitrine.Variant{Size: 9000, Width: 320, Height: 320}, Medium: vitrine.Variant{Size: 30000, Width: 500, Height: 375},
		MD5: hex.EncodeToString(digest[:]), Title: a + " " + b, OriginalFilename: a + "-" + c + ".jpg",
		Description: "The " + a + " and the " + b + ", seen from the " + c + ".",
		CreatedAt:   at, UploadedAt: at,
	}
	for _, t := range []string{a, b, c}[:1+r.IntN(3)] {
		f.Tags = append(f.Tags, vitrine.Tag{Name: t})
	}
	f.Placeholder = make([]byte, vitrine.PlaceholderWidth*vitrine.PlaceholderHeight*3)
	for i := range f.Placeholder {
		f.Placeholder[i] = byte(r.Uint32())
	}
	return f
}
