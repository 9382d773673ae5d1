package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// town is where many do things at the same time: shared albums, tags and categories.
type town struct {
	db                        *db.DB
	users, albums, categories []int64
	mu                        sync.Mutex
	files                     []int64 // maybe deleted meanwhile
}

func aTown(t *testing.T, d *db.DB) *town {
	w := &town{db: d, users: []int64{0, aUser(t, d, "anna").ID, aUser(t, d, "bo").ID}, albums: []int64{0}, categories: []int64{0}}
	for i, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyPrivate, vitrine.PrivacyPublic, vitrine.PrivacyUnlisted} {
		w.albums = append(w.albums, anAlbum(t, d, w.users[i%3], p).ID)
	}
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		for _, key := range []string{"a", "b"} {
			c := &vitrine.Category{Name: key, URLKey: key}
			if err := tx.CreateCategory(ctx, c); err != nil {
				return err
			}
			w.categories = append(w.categories, c.ID)
		}
		return nil
	}))
	return w
}

var townTags = []string{"a", "b", "c", "D", "d"}

func someTags(r *rand.Rand) []string {
	names := []string{}
	for range r.IntN(4) {
		names = append(names, townTags[r.IntN(len(townTags))])
	}
	return names
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// aFile is any file of the town, if there is one.
func (w *town) aFile(r *rand.Rand) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.files) == 0 {
		return 0
	}
	return pick(r, w.files)
}

// deed does something, and sometimes fails on purpose after it.
func (w *town) deed(ctx context.Context, r *rand.Rand) error {
	id := w.aFile(r)
	var created int64
	fails := r.IntN(8) == 0
	what := r.IntN(15)
	f := aFile()
	f.Size, f.Approved = int64(r.IntN(1000))+1, r.IntN(10) > 0
	f.OwnerID, f.AlbumID, f.CategoryID = pick(r, w.users), pick(r, w.albums), pick(r, w.categories)
	tags := someTags(r)
	for _, name := range tags {
		f.Tags = append(f.Tags, vitrine.Tag{Name: name})
	}
	album, category, owner, user := pick(r, w.albums), pick(r, w.categories), pick(r, w.users), pick(r, w.users[1:])
	privacy := pick(r, []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyPrivate, vitrine.PrivacyPassword, vitrine.PrivacyPublic})
	on := r.IntN(3) > 0
	to := pick(r, []string{"local", "other", "third"})
	old, err := w.db.FileByID(ctx, id)
	if err != nil {
		old = f // which does not exist
	}
	err = w.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		switch {
		case id == 0 || what < 5:
			err, created = tx.CreateFile(ctx, f, []byte("hash")), f.ID
		case what == 5:
			err = second(tx.DeleteFile(ctx, id))
		case what == 6:
			err = tx.UpdateFile(ctx, id, db.FileChange{Tags: &tags})
		case what == 7:
			err = tx.UpdateFile(ctx, id, db.FileChange{AlbumID: &album})
		case what == 8:
			err = tx.UpdateFile(ctx, id, db.FileChange{AlbumID: &album, CategoryID: &category, OwnerID: &owner, Tags: &tags})
		case what == 9:
			err = second(tx.SetLike(ctx, user, id, on, at(id)))
		case what == 10:
			err = second(tx.MoveFile(ctx, old, to))
		case what == 11:
			now := *old
			now.Thumb.Size, now.Medium.Size = f.Size, f.Size%3
			err = second(tx.ReplaceVariants(ctx, old, &now))
		case album != 0:
			var a *vitrine.Album
			if a, err = tx.Album(ctx, album); err == nil {
				a.Privacy = privacy
				err = tx.UpdateAlbum(ctx, a)
			}
		}
		if err == nil && fails {
			return errFailed
		}
		return err
	})
	switch {
	case err == nil && created != 0:
		w.mu.Lock()
		w.files = append(w.files, created)
		w.mu.Unlock()
	case errors.Is(err, errFailed), vitrine.Is(err, vitrine.CodeNotFound):
		return nil
	}
	return err
}

// Whatever many do at the same time, some of it twice or in vain: at the end every
// counter says what is there, and everybody's lists hold what everybody may see.
func TestCountersUnderConcurrency(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		d.RelistAtOnce(3) // so that most albums follow in parts
		w := aTown(t, d)
		var wg, followers sync.WaitGroup
		over := make(chan struct{})
		for range 2 {
			followers.Go(func() {
				for {
					select {
					case <-over:
						return
					case <-time.After(time.Millisecond):
						follow(t, d, 2)
					}
				}
			})
		}
		for seed := range 8 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(seed), 1))
				for range 60 {
					if err := w.deed(t.Context(), r); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		close(over)
		followers.Wait()
		follow(t, d, 2)
		recount(t, d)
	})
}

// One after the other, every counter is right at every moment.
func TestCountersOneByOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := aTown(t, d)
		r := rand.New(rand.NewPCG(3, 4))
		for i := range 150 {
			must(t, w.deed(t.Context(), r))
			if i%25 == 24 {
				if recount(t, d); t.Failed() {
					t.Fatalf("after %d", i)
				}
			}
		}
	})
}

// recount compares every counter with what is there.
func recount(t *testing.T, d *db.DB) {
	t.Helper()
	const mayList = `(f.approved AND (f.album_id = 0 OR EXISTS (SELECT 1 FROM albums a WHERE a.id = f.album_id AND a.privacy = 'public')))`
	for what, query := range map[string]string{
		"users":             "SELECT count(*) FROM users u WHERE file_count <> (SELECT count(*) FROM files f WHERE f.owner_id = u.id)",
		"bytes":             "SELECT count(*) FROM users u WHERE byte_count <> (SELECT COALESCE(sum(size + thumb_size + medium_size + frame_size), 0) FROM files f WHERE f.owner_id = u.id)",
		"albums":            "SELECT count(*) FROM albums a WHERE file_count <> (SELECT count(*) FROM files f WHERE f.album_id = a.id)",
		"categories":        "SELECT count(*) FROM categories c WHERE file_count <> (SELECT count(*) FROM files f WHERE f.category_id = c.id)",
		"tags":              "SELECT count(*) FROM tags t WHERE file_count <> (SELECT count(*) FROM file_tags ft JOIN files f ON f.id = ft.file_id WHERE ft.tag_id = t.id)",
		"listed":            "SELECT count(*) FROM files f WHERE listed <> " + mayList,
		"listed users":      "SELECT count(*) FROM users u WHERE listed_count <> (SELECT count(*) FROM files f WHERE f.owner_id = u.id AND " + mayList + ")",
		"who has listed":    "SELECT count(*) FROM users u WHERE has_listed <> (listed_count > 0)",
		"listed categories": "SELECT count(*) FROM categories c WHERE listed_count <> (SELECT count(*) FROM files f WHERE f.category_id = c.id AND " + mayList + ")",
		"listed tags":       "SELECT count(*) FROM tags t WHERE listed_count <> (SELECT count(*) FROM file_tags ft JOIN files f ON f.id = ft.file_id WHERE ft.tag_id = t.id AND " + mayList + ")",
		"tag counts":        "SELECT count(*) FROM files f WHERE tag_count <> (SELECT count(*) FROM file_tags ft WHERE ft.file_id = f.id)",
		"likes":             "SELECT count(*) FROM files f WHERE likes <> (SELECT count(*) FROM likes l WHERE l.file_id = f.id)",
		"scores":            "SELECT count(*) FROM files f WHERE (likes > 0 OR views > 0) <> (score > 0)",
		"lost tags":         "SELECT count(*) FROM file_tags WHERE file_id NOT IN (SELECT id FROM files)",
		"lost likes":        "SELECT count(*) FROM likes WHERE file_id NOT IN (SELECT id FROM files)",
		"lost words":        "SELECT count(*) FROM file_words WHERE rowid NOT IN (SELECT id FROM files)",
		"no words":          "SELECT count(*) FROM files WHERE id NOT IN (SELECT rowid FROM file_words)",
		"no files":          "SELECT CASE WHEN count(*) > 0 THEN 0 ELSE 1 END FROM files",
	} {
		var wrong int
		must(t, d.SQL().QueryRowContext(t.Context(), query).Scan(&wrong))
		if wrong != 0 {
			t.Errorf("%s: %d wrong", what, wrong)
		}
	}
	if drift, err := d.UsageDrift(t.Context()); err != nil || len(drift) != 0 {
		t.Errorf("usage of storages differs by %v, %v", drift, err)
	}
}
