package db_test

import (
	"context"
	"sync"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// usage is what the counters say, without storages that are empty.
func usage(t *testing.T, d *db.DB) map[string]db.StorageUsage {
	t.Helper()
	list, err := d.StorageUsage(t.Context())
	must(t, err)
	found := make(map[string]db.StorageUsage)
	for _, u := range list {
		if u.Files != 0 || u.Bytes != 0 {
			found[u.Storage] = u
		}
	}
	return found
}

func TestStorageUsage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		anna := aUser(t, d, "anna")
		f, g := aFile(), aFile()
		f.OwnerID = anna.ID
		createFile(t, d, f)
		createFile(t, d, g)
		same(t, "created", map[string]db.StorageUsage{"local": {Storage: "local", Files: 2, Bytes: 2200}}, usage(t, d))

		move := func(to string) (moved bool) {
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				moved, err = tx.MoveFile(ctx, f, to)
				return err
			}))
			return moved
		}
		if !move("s3") || move("s3") {
			t.Error("a file moves once")
		}
		f.Storage = "s3"
		same(t, "moved", map[string]db.StorageUsage{"local": {Storage: "local", Files: 1, Bytes: 1100}, "s3": {Storage: "s3", Files: 1, Bytes: 1100}}, usage(t, d))
		if got, err := d.FileByID(t.Context(), f.ID); err != nil || got.Storage != "s3" {
			t.Errorf("moved to %+v, %v", got, err)
		}

		now := *f
		now.Thumb.Size, now.Medium = 150, vitrine.Variant{Size: 50, Width: 5, Height: 6}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			if ok, err := tx.ReplaceVariants(ctx, f, &now); err != nil || !ok {
				t.Errorf("replaced: %v, %v", ok, err)
			}
			ok, err := tx.ReplaceVariants(ctx, f, &now)
			if ok {
				t.Error("replaced what is not there")
			}
			return err
		}))
		same(t, "replaced", db.StorageUsage{Storage: "s3", Files: 1, Bytes: 1200}, usage(t, d)["s3"])
		if u, err := d.User(t.Context(), anna.ID); err != nil || u.ByteCount != 1200 {
			t.Errorf("counted %+v, %v", u, err)
		}
		if got, err := d.FileByID(t.Context(), f.ID); err != nil || got.Medium != now.Medium || got.Thumb.Size != 150 {
			t.Errorf("replaced %+v, %v", got, err)
		}
		if move("local") {
			t.Error("a file moved with variants that it no longer has")
		}

		if err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			must(t, second(tx.DeleteFile(ctx, f.ID)))
			return errFailed
		}); err == nil {
			t.Fatal("no failure")
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, g.ID)) }))
		same(t, "deleted", map[string]db.StorageUsage{"s3": {Storage: "s3", Files: 1, Bytes: 1200}}, usage(t, d))

		_, err := d.SQL().ExecContext(t.Context(), "UPDATE storage_usage SET byte_count = byte_count + 7, file_count = 5 WHERE storage = 's3'")
		must(t, err)
		drift, err := d.UsageDrift(t.Context())
		if err != nil || len(drift) != 1 || drift[0].Storage != "s3" || drift[0].Bytes >= 0 {
			t.Errorf("drift %v, %v", drift, err)
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return second(tx.MendUsage(ctx)) }))
		same(t, "mended", map[string]db.StorageUsage{"s3": {Storage: "s3", Files: 1, Bytes: 1200}}, usage(t, d))
	})
}

// Counters are mended while files come and go.
func TestMendUsageAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for range 3 {
			createFile(t, d, aFile())
		}
		_, err := d.SQL().ExecContext(t.Context(), "DELETE FROM storage_usage")
		must(t, err)
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				for range 10 {
					f := aFile()
					err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						if i < 2 {
							return second(tx.MendUsage(ctx))
						}
						return tx.CreateFile(ctx, f, nil)
					})
					if err == nil && i%2 == 0 && f.ID > 0 {
						err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, f.ID)) })
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if drift, err := d.UsageDrift(t.Context()); err != nil || len(drift) != 0 {
			t.Errorf("drift %v, %v", drift, err)
		}
		same(t, "usage", map[string]db.StorageUsage{"local": {Storage: "local", Files: 23, Bytes: 23 * 1100}}, usage(t, d))
	})
}

func TestWalkFiles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		anna := aUser(t, d, "anna")
		var ids []int64
		for i := range 12 {
			f := aFile()
			f.OwnerID = []int64{0, anna.ID}[i%2]
			f.Storage = []string{"local", "s3", "local"}[i%3]
			if i%4 == 0 {
				f.Format, f.Extension = vitrine.MP4, "mp4"
			}
			f.Animated = i == 2
			ids = append(ids, createFile(t, d, f).ID)
		}
		for name, test := range map[string]struct {
			walk db.FileWalk
			want []int // numbers of files
		}{
			"all":              {db.FileWalk{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
			"after, through":   {db.FileWalk{After: ids[3], Through: ids[6]}, []int{4, 5, 6}},
			"limit":            {db.FileWalk{After: ids[3], Limit: 2}, []int{4, 5}},
			"storage":          {db.FileWalk{Storage: "s3"}, []int{1, 4, 7, 10}},
			"films":            {db.FileWalk{Storage: "local", Kind: vitrine.KindVideo}, []int{0, 8}},
			"images":           {db.FileWalk{Storage: "local", Kind: vitrine.KindImage}, []int{2, 3, 5, 6, 9, 11}},
			"owner":            {db.FileWalk{Storage: "local", OwnerID: anna.ID}, []int{3, 5, 9, 11}},
			"owner in between": {db.FileWalk{Storage: "local", OwnerID: anna.ID, After: ids[3], Through: ids[9]}, []int{5, 9}},
		} {
			limited := test.walk.Limit > 0
			if !limited {
				test.walk.Limit = 100
			}
			files, err := d.WalkFiles(t.Context(), test.walk)
			must(t, err)
			got := make([]int64, len(files))
			var bytes int64
			for i := range files {
				got[i] = files[i].ID
				bytes += files[i].Bytes()
			}
			want := make([]int64, len(test.want))
			for i, n := range test.want {
				want[i] = ids[n]
			}
			same(t, name, want, got)
			if test.walk.Storage == "" || limited {
				continue
			}
			if total, err := d.WalkTotal(t.Context(), test.walk); err != nil || total.Files != int64(len(want)) || total.Bytes != bytes {
				t.Errorf("%s: counted %+v, %v", name, total, err)
			}
		}
		if id, err := d.NewestFile(t.Context()); err != nil || id != ids[11] {
			t.Errorf("newest %d, %v", id, err)
		}
		f, err := d.FileByID(t.Context(), ids[5])
		must(t, err)
		twin := aFile()
		twin.MD5 = f.MD5
		createFile(t, d, twin)
		if files, err := d.FilesByMD5(t.Context(), f.MD5, f.ID, 10); err != nil || len(files) != 1 || files[0].ID != twin.ID || files[0].Key() != twin.Key() {
			t.Errorf("twins %+v, %v", files, err)
		}
	})
}
