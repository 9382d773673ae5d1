package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// Whatever many goroutines create and delete at the same time, in shared albums, with
// shared tags, some of it twice or in vain: at the end every counter says what is there.
func TestCountersUnderConcurrency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		users := []int64{0, aUser(t, d, "anna").ID, aUser(t, d, "bo").ID}
		albums := []int64{0, anAlbum(t, d, users[1], vitrine.PrivacyPublic).ID, anAlbum(t, d, users[2], vitrine.PrivacyPublic).ID}
		categories := []int64{0, 0}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			c := &vitrine.Category{Name: "c", URLKey: "c"}
			err := tx.CreateCategory(ctx, c)
			categories[1] = c.ID
			return err
		}))
		tags := []string{"a", "b", "c", "d", "e"}
		var wg sync.WaitGroup
		var mu sync.Mutex
		var ids []int64
		for seed := range 8 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(seed), 1))
				for range 60 {
					mu.Lock()
					n := len(ids)
					var victim int64
					if n > 0 {
						victim = ids[r.IntN(n)] // maybe somebody else's victim too
					}
					mu.Unlock()
					if victim != 0 && r.IntN(3) == 0 {
						err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
							if err := second(tx.DeleteFile(ctx, victim)); err != nil {
								return err
							}
							if r.IntN(8) == 0 {
								return errFailed
							}
							return nil
						})
						if err != nil && !errors.Is(err, errFailed) && !vitrine.Is(err, vitrine.CodeNotFound) {
							t.Errorf("delete: %v", err)
						}
						continue
					}
					f := aFile()
					f.Size = int64(r.IntN(1000)) + 1
					f.OwnerID, f.AlbumID, f.CategoryID = users[r.IntN(3)], albums[r.IntN(3)], categories[r.IntN(2)]
					for range r.IntN(4) {
						f.Tags = append(f.Tags, vitrine.Tag{Name: tags[r.IntN(len(tags))]})
					}
					err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						if err := tx.CreateFile(ctx, f, []byte("hash")); err != nil {
							return err
						}
						if r.IntN(8) == 0 {
							return errFailed
						}
						return nil
					})
					switch {
					case err == nil:
						mu.Lock()
						ids = append(ids, f.ID)
						mu.Unlock()
					case errors.Is(err, errFailed):
					default:
						t.Errorf("create: %v", err)
					}
				}
			})
		}
		wg.Wait()
		for what, query := range map[string]string{
			"users":      "SELECT count(*) FROM users u WHERE file_count <> (SELECT count(*) FROM files f WHERE f.owner_id = u.id)",
			"bytes":      "SELECT count(*) FROM users u WHERE byte_count <> (SELECT COALESCE(sum(size + thumb_size + medium_size + frame_size), 0) FROM files f WHERE f.owner_id = u.id)",
			"albums":     "SELECT count(*) FROM albums a WHERE file_count <> (SELECT count(*) FROM files f WHERE f.album_id = a.id)",
			"categories": "SELECT count(*) FROM categories c WHERE file_count <> (SELECT count(*) FROM files f WHERE f.category_id = c.id)",
			"tags":       "SELECT count(*) FROM tags t WHERE file_count <> (SELECT count(*) FROM file_tags ft JOIN files f ON f.id = ft.file_id WHERE ft.tag_id = t.id)",
			"tag counts": "SELECT count(*) FROM files f WHERE tag_count <> (SELECT count(*) FROM file_tags ft WHERE ft.file_id = f.id)",
			"lost tags":  "SELECT count(*) FROM file_tags WHERE file_id NOT IN (SELECT id FROM files)",
			"no files":   "SELECT CASE WHEN count(*) > 50 THEN 0 ELSE 1 END FROM files",
		} {
			var wrong int
			must(t, d.SQL().QueryRowContext(t.Context(), query).Scan(&wrong))
			if wrong != 0 {
				t.Errorf("%s: %d wrong", what, wrong)
			}
		}
	})
}
