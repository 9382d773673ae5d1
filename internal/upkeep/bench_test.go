package upkeep_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/storage/s3"
	"vitrine/internal/upkeep"
	"vitrine/internal/vitrine"
)

// BenchmarkMove moves a file with a thumb to and fro: one operation is one file.
func BenchmarkMove(b *testing.B) {
	for name, newStore := range map[string]func(testing.TB) storage.Store{"local": newLocal, "s3": newBucket} {
		for _, size := range []int{200 << 10, 4 << 20} {
			b.Run(fmt.Sprintf("to %s/%dKB", name, size>>10), func(b *testing.B) {
				store := newStore(b)
				k := newKit(b, dbtest.SQLite(b), options{wrapB: func(storage.Store) storage.Store { return store }})
				const files = 16
				var bytes int64
				for i := range files {
					bytes += benchFile(k, i, size).Bytes()
				}
				b.SetBytes(bytes / files)
				for n := 0; n < b.N; {
					for _, way := range [][2]string{{"a", "b"}, {"b", "a"}} {
						s, err := k.Move(b.Context(), upkeep.MoveOptions{From: way[0], To: way[1]})
						must(b, err)
						n += int(s.Files)
						b.StopTimer() // as if the hour were over
						k.later(2 * time.Hour)
						k.settle()
						b.StartTimer()
					}
				}
			})
		}
	}
}

// benchFile makes a file of random bytes in storage a.
func benchFile(k *kit, i, size int) *vitrine.File {
	k.Helper()
	original, thumb := make([]byte, size), make([]byte, 12<<10)
	_, _ = rand.Read(original)
	f := &vitrine.File{
		Slug: vitrine.Slug(fmt.Sprintf("b%06d", i)), Storage: "a", Folder: "2026/11/21", Name: fmt.Sprintf("bench-%d", i), Extension: "jpg",
		Format: vitrine.JPEG, Size: int64(size), Approved: true, MD5: digest(string(original)), Thumb: vitrine.Variant{Size: int64(len(thumb))},
		StorageMode: vitrine.DateFolder, CreatedAt: time.Now(), UploadedAt: time.Now(),
	}
	put(k, k.a, f.Key(), string(original))
	put(k, k.a, f.VariantKey(vitrine.Thumb), string(thumb))
	must(k, k.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) }))
	return f
}

func newBucket(t testing.TB) storage.Store {
	t.Helper()
	st, err := s3.New(*apptest.Bucket(t))
	must(t, err)
	return st
}
