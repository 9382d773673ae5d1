package catalog_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// nodes are n kits on one PostgreSQL and one storage.
func nodes(t *testing.T, n int, wrap func(storage.Store) storage.Store) []*kit {
	t.Helper()
	u, shared := dbtest.PostgresURL(t), newLocal(t)
	var list []*kit
	for range n {
		d, err := db.Open(t.Context(), db.Config{URL: u})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		list = append(list, newKit(t, d, shared, options{wrap: wrap}))
	}
	return list
}

// follows waits for what another node did to be seen, which takes two seconds at most.
func (k *kit) follows(what string, seen func() bool) {
	k.Helper()
	for start := time.Now(); !seen(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 20*time.Second { // on a busy machine
			k.Errorf("%s is not seen on the other node", what)
			return
		}
	}
}

// What one node deletes or makes private, others show for two seconds at most.
func TestOtherNodesFollow(t *testing.T) {
	t.Parallel()
	list := nodes(t, 2, nil)
	a, b := list[0], list[1]
	owner := a.user(vitrine.RoleUser)
	album := a.album(owner, vitrine.PrivacyPublic)
	deleted := a.file("deleted", nil)
	hidden := a.file("hidden", func(f *vitrine.File) { f.AlbumID, f.OwnerID = album.ID, owner.UserID() })
	for _, f := range []*vitrine.File{deleted, hidden} {
		if _, err := b.read(guest, f.Key()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.DeleteByToken(t.Context(), string(deleted.Slug), token); err != nil {
		t.Fatal(err)
	}
	if _, err := a.EditAlbum(t.Context(), owner, album.Slug, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPrivate)}); err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]*vitrine.File{"a deletion": deleted, "a privacy": hidden} {
		b.follows(what, func() bool {
			_, err := b.Locate(t.Context(), guest, f.Key())
			return vitrine.Is(err, vitrine.CodeNotFound)
		})
	}
	if _, err := b.Locate(t.Context(), owner, hidden.Key()); err != nil {
		t.Errorf("the owner: %v", err)
	}
}

// doubled is a storage that counts how often each key is deleted.
type doubled struct {
	storage.Store
	times *sync.Map
}

func (d doubled) Delete(ctx context.Context, key string) error {
	n, _ := d.times.LoadOrStore(key, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
	return d.Store.Delete(ctx, key)
}

// Of many nodes one removes each object, once.
func TestRemovalsAtManyNodes(t *testing.T) {
	t.Parallel()
	var times sync.Map
	list := nodes(t, 3, func(st storage.Store) storage.Store { return doubled{st, &times} })
	for i := range 120 {
		f := list[0].file(fmt.Sprint("f", i), nil)
		if _, err := list[i%3].DeleteByToken(t.Context(), string(f.Slug), token); err != nil {
			t.Fatal(err)
		}
	}
	var settled atomic.Int64
	var all sync.WaitGroup
	for _, k := range list {
		for range 2 {
			all.Go(func() {
				n, err := k.RemoveObjects(context.Background())
				if err != nil {
					t.Error(err)
				}
				settled.Add(int64(n))
			})
		}
	}
	all.Wait()
	if settled.Load() != 120 || len(list[0].keys()) != 0 {
		t.Errorf("%d settled, %d objects left", settled.Load(), len(list[0].keys()))
	}
	times.Range(func(key, n any) bool {
		if n.(*atomic.Int64).Load() != 1 {
			t.Errorf("%v was deleted %d times", key, n.(*atomic.Int64).Load())
		}
		return true
	})
}

// Albums change their privacy while their files are changed, moved and liked elsewhere:
// those who stand in each other's way are tried again, and all counters stay true.
func TestEditsAtTwoNodes(t *testing.T) {
	t.Parallel()
	list := nodes(t, 2, nil)
	a, b := list[0], list[1]
	owner := a.user(vitrine.RoleUser)
	albums := []*vitrine.Album{a.album(owner, vitrine.PrivacyPublic), a.album(owner, vitrine.PrivacyPublic)}
	var files []*vitrine.File
	a.rows("f", 12, func(f *vitrine.File) {
		f.OwnerID, f.AlbumID, f.Approved, f.Tags = owner.UserID(), albums[0].ID, true, []vitrine.Tag{{Name: "one"}, {Name: "two"}}
		files = append(files, f)
	})
	var all sync.WaitGroup
	run := func(n int, do func(i int) error) {
		all.Go(func() {
			for i := range n {
				if err := do(i); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	privacies := []vitrine.Privacy{vitrine.PrivacyPrivate, vitrine.PrivacyPublic}
	for i, k := range list {
		run(12, func(n int) error {
			_, err := k.EditAlbum(context.Background(), owner, albums[(i+n)%2].Slug, catalog.AlbumEdit{Privacy: &privacies[n%2]})
			return err
		})
		run(12, func(n int) error {
			tags, album := fmt.Sprint("two, new", n%3, ", one"), string(albums[n%2].Slug)
			_, err := k.EditFile(context.Background(), owner, files[(5*i+n)%len(files)].Slug, catalog.FileEdit{Tags: &tags, Album: &album})
			return err
		})
	}
	all.Wait()
	for _, al := range albums {
		var want, got int64
		if err := a.db.SQL().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM files WHERE album_id = $1), file_count FROM albums WHERE id = $1`, al.ID).Scan(&want, &got); err != nil || want != got {
			t.Errorf("album %d has %d files and says %d, %v", al.ID, want, got, err)
		}
	}
	for what, query := range map[string]string{
		"files listed as their albums": `SELECT count(*) FROM files f JOIN albums a ON a.id = f.album_id WHERE f.listed <> (a.privacy = 'public')`,
		"tags":                         `SELECT count(*) FROM tags t WHERE t.file_count <> (SELECT count(*) FROM file_tags x WHERE x.tag_id = t.id)`,
		"listed files of tags": `SELECT count(*) FROM tags t WHERE t.listed_count <>
			(SELECT count(*) FROM file_tags x JOIN files f ON f.id = x.file_id WHERE x.tag_id = t.id AND f.listed)`,
		"listed files of users": `SELECT count(*) FROM users u WHERE u.listed_count <> (SELECT count(*) FROM files f WHERE f.owner_id = u.id AND f.listed)`,
	} {
		var wrong int
		if err := b.db.SQL().QueryRowContext(t.Context(), query).Scan(&wrong); err != nil || wrong != 0 {
			t.Errorf("%s: %d are wrong, %v", what, wrong, err)
		}
	}
}
