package catalog_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/jobs"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestDeleteByToken(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, st, options{})
		owner := k.user(vitrine.RoleUser)
		album := k.album(owner, vitrine.PrivacyPrivate)
		f := k.file("a", func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), album.ID })
		kept := k.file("b", nil)
		var texts []string
		for name, c := range map[string][2]string{
			"wrong token":   {string(f.Slug), strings.Repeat("0", 48)},
			"no token":      {string(f.Slug), ""},
			"upper case":    {string(f.Slug), strings.ToUpper(token)},
			"unknown slug":  {"nosuch1", token},
			"senseless":     {"../x", token},
			"of another id": {string(f.Slug) + "x", token},
		} {
			_, err := k.CheckToken(t.Context(), c[0], c[1])
			k.want(name, err, vitrine.CodeNotFound)
			_, err = k.DeleteByToken(t.Context(), c[0], c[1])
			k.want(name, err, vitrine.CodeNotFound)
			texts = append(texts, err.Error())
		}
		if _, err := k.read(owner, f.Key()); err != nil {
			t.Fatal(err)
		}
		if got, err := k.CheckToken(t.Context(), string(f.Slug), token); err != nil || got.ID != f.ID {
			t.Errorf("check: %v, %v", got, err)
		}
		if got, err := k.DeleteByToken(t.Context(), string(f.Slug), token); err != nil || got.ID != f.ID {
			t.Errorf("delete: %v, %v", got, err)
		}
		_, err := k.DeleteByToken(t.Context(), string(f.Slug), token)
		k.want("second use", err, vitrine.CodeNotFound)
		texts = append(texts, err.Error())
		if slices.Sort(texts); len(slices.Compact(texts)) != 1 {
			t.Errorf("refusals differ: %q", texts)
		}
		_, err = k.read(owner, f.Key())
		k.want("bytes, although they were in the cache", err, vitrine.CodeNotFound)

		for range 2 {
			if _, err := k.RemoveObjects(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := k.keys(); !slices.Equal(got, []string{kept.VariantKey(vitrine.Medium), kept.VariantKey(vitrine.Thumb), kept.Key()}) &&
			!slices.Equal(got, []string{kept.Key(), kept.VariantKey(vitrine.Medium), kept.VariantKey(vitrine.Thumb)}) {
			t.Errorf("objects %q", got)
		}
	})
}

func TestDeleteAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		f := k.file("a", nil)
		var done, gone atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				switch _, err := k.DeleteByToken(context.Background(), string(f.Slug), token); {
				case err == nil:
					done.Add(1)
				case vitrine.Is(err, vitrine.CodeNotFound):
					gone.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() != 1 || gone.Load() != 7 {
			t.Errorf("%d deleted, %d not found", done.Load(), gone.Load())
		}
	})
}

func TestDeleteFilesOf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		k.rows("a", 449, func(f *vitrine.File) { f.OwnerID = owner.UserID() })
		k.file("a", func(f *vitrine.File) { f.OwnerID = owner.UserID() })
		left := k.file("b", func(f *vitrine.File) { f.OwnerID = other.UserID() })
		for _, want := range []int{450, 0} {
			if n, err := k.DeleteFilesOf(t.Context(), owner.UserID()); err != nil || n != want {
				t.Errorf("%d deleted, %v; want %d", n, err, want)
			}
		}
		if n, err := k.RemoveObjects(t.Context()); err != nil || n != 450 {
			t.Errorf("%d removals, %v", n, err)
		}
		if len(k.keys()) != 3 {
			t.Errorf("objects %q", k.keys())
		}
		if _, err := k.read(guest, left.Key()); err != nil {
			t.Error(err)
		}
	})
}

func TestPurgeExpired(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		k.rows("a", 400, func(f *vitrine.File) { f.ExpiresAt = noon.Add(time.Hour) })
		k.file("a", func(f *vitrine.File) { f.ExpiresAt = noon.Add(time.Hour) })
		k.file("later", func(f *vitrine.File) { f.ExpiresAt = noon.Add(time.Hour + time.Microsecond) })
		k.file("never", nil)
		if n, err := k.PurgeExpired(t.Context()); n != 0 || err != nil {
			t.Errorf("too early: %d, %v", n, err)
		}
		k.now.Store(noon.Add(time.Hour).UnixMicro())
		var total atomic.Int32
		var all sync.WaitGroup
		for range 2 { // two nodes
			all.Go(func() {
				n, err := k.PurgeExpired(context.Background())
				if err != nil {
					t.Error(err)
				}
				total.Add(int32(n))
			})
		}
		all.Wait()
		if n, err := k.PurgeExpired(t.Context()); err != nil || int(total.Load())+n != 401 {
			t.Errorf("%d and %d purged, %v", total.Load(), n, err)
		}
		if _, err := k.RemoveObjects(t.Context()); err != nil || len(k.keys()) != 6 {
			t.Errorf("objects %q, %v", k.keys(), err)
		}
	})
}

// stubborn is a storage that refuses to delete while told so.
type stubborn struct {
	storage.Store
	refuse atomic.Bool
}

func (s *stubborn) Delete(ctx context.Context, key string) error {
	if s.refuse.Load() {
		return errors.New("not now")
	}
	return s.Store.Delete(ctx, key)
}

func TestRemoveObjectsLater(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var st *stubborn
		k := newKit(t, d, newLocal(t), options{wrap: func(inner storage.Store) storage.Store {
			st = &stubborn{Store: inner}
			return st
		}})
		f := k.file("a", nil)
		if _, err := k.DeleteByToken(t.Context(), string(f.Slug), token); err != nil {
			t.Fatal(err)
		}
		st.refuse.Store(true)
		if n, err := k.RemoveObjects(t.Context()); n != 0 || err == nil {
			t.Errorf("%d removed, %v", n, err)
		}
		if len(k.keys()) != 3 {
			t.Errorf("objects %q", k.keys())
		}
		// The name is not given again before the storage obliges, which is asked again
		// when it has had time.
		if taken, err := d.NameTaken(t.Context(), f.Folder, f.Name, f.Extension, f.VariantExtension()); !taken || err != nil {
			t.Errorf("taken %v, %v", taken, err)
		}
		st.refuse.Store(false)
		if n, err := k.RemoveObjects(t.Context()); n != 0 || err != nil {
			t.Errorf("%d removed, %v", n, err)
		}
		k.now.Store(noon.Add(5 * time.Minute).UnixMicro())
		if n, err := k.RemoveObjects(t.Context()); n != 1 || err != nil {
			t.Errorf("%d removed, %v", n, err)
		}
		if got := k.keys(); len(got) != 0 {
			t.Errorf("objects %q", got)
		}
		k.file("a", nil)
	})
}

// TestJobs lets a deletion clean up by itself.
func TestJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j, err := jobs.New(t.Context(), jobs.Config{DB: d, PollInterval: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		k := newKit(t, d, newLocal(t), options{jobs: j})
		jobs.Handle(j, func(ctx context.Context, _ catalog.RemoveObjects) error { _, err := k.RemoveObjects(ctx); return err })
		jobs.Handle(j, func(ctx context.Context, _ catalog.PurgeExpired) error { _, err := k.PurgeExpired(ctx); return err })
		jobs.Handle(j, func(ctx context.Context, _ catalog.SweepOrphans) error { _, err := k.SweepOrphans(ctx, 0); return err })
		if err := j.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := j.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		})
		f := k.file("a", nil)
		if _, err := k.DeleteByToken(t.Context(), string(f.Slug), token); err != nil {
			t.Fatal(err)
		}
		for start := time.Now(); len(k.keys()) > 0; time.Sleep(10 * time.Millisecond) {
			if time.Since(start) > time.Minute {
				t.Fatalf("still there: %q", k.keys())
			}
		}
	})
}
