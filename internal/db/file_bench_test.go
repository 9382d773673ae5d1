package db_test

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// serial makes names, slugs and digests that no other file of the process has.
var serial atomic.Int64

// aFile is a picture such as an upload records it; no two are alike.
func aFile() *vitrine.File {
	n := serial.Add(1)
	sum := md5.Sum(fmt.Append(nil, n))
	return &vitrine.File{
		Slug: vitrine.Slug(fmt.Sprintf("s%06d", n)), Storage: "local", Folder: "2026/11/21", Name: fmt.Sprintf("picture-%d", n),
		Extension: "jpg", Format: vitrine.JPEG, Size: 1000, Width: 640, Height: 480, Approved: true,
		Thumb: vitrine.Variant{Size: 100, Width: 320, Height: 320}, MD5: hex.EncodeToString(sum[:]),
		Title: "A picture", OriginalFilename: "picture.jpg", StorageMode: vitrine.DateFolder,
		UploaderIP: netip.MustParseAddr("192.0.2.7"),
		CreatedAt:  at(n), UploadedAt: at(n), Privacy: vitrine.PrivacyPublic,
	}
}

// at is an instant n seconds after the beginning of the tests' time.
func at(n int64) time.Time {
	return time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
}

func engines(b *testing.B, fn func(*testing.B, *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { fn(b, dbtest.Postgres(b)) })
}

// cpu is the processor time of this process. That of PostgreSQL is not in it.
func cpu() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func reportCPU(b *testing.B, began time.Duration) {
	b.ReportMetric(float64(cpu()-began)/float64(b.N)/1e3, "cpu-µs/op")
}

func BenchmarkCreateFile(b *testing.B) {
	cases := map[string]func(*vitrine.File, *vitrine.User){
		"guest":     func(*vitrine.File, *vitrine.User) {},
		"user":      func(f *vitrine.File, u *vitrine.User) { f.OwnerID = u.ID },
		"user+exif": func(f *vitrine.File, u *vitrine.User) { f.OwnerID, f.EXIF = u.ID, `{"Make":"LabCam"}` },
		"user+tags": func(f *vitrine.File, u *vitrine.User) {
			f.OwnerID, f.Tags = u.ID, []vitrine.Tag{{Name: "LabCam Lab One"}, {Name: "sea"}, {Name: "boat"}}
		},
	}
	for name, change := range cases {
		b.Run(name, func(b *testing.B) {
			engines(b, func(b *testing.B, d *db.DB) {
				u := aUser(b, d, "anna")
				token := sha256.Sum256(nil)
				b.ReportAllocs()
				began := cpu()
				for b.Loop() {
					f := aFile()
					change(f, u)
					if err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
						return tx.CreateFile(ctx, f, token[:])
					}); err != nil {
						b.Fatal(err)
					}
				}
				reportCPU(b, began)
			})
		})
	}
}

// BenchmarkCreateFileParallel has 16 at once; on SQLite they share commits.
func BenchmarkCreateFileParallel(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		u := aUser(b, d, "anna")
		token := sha256.Sum256(nil)
		b.SetParallelism(8)
		began := cpu()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				f := aFile()
				f.OwnerID = u.ID
				if err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, token[:]) }); err != nil {
					b.Error(err)
					return
				}
			}
		})
		reportCPU(b, began)
	})
}

func BenchmarkReads(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		f := aFile()
		u := aUser(b, d, "anna")
		must(b, d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := tx.CreateKey(ctx, &vitrine.APIKey{UserID: u.ID, PublicID: "abc"}, []byte("x")); err != nil {
				return err
			}
			for range 200 {
				if err := tx.CreateFile(ctx, aFile(), nil); err != nil {
					return err
				}
			}
			return tx.CreateFile(ctx, f, nil)
		}))
		for name, fn := range map[string]func(context.Context) error{
			"FileBySlug": func(ctx context.Context) error { _, err := d.FileBySlug(ctx, f.Slug); return err },
			"FileByOriginal": func(ctx context.Context) error {
				_, err := d.FileByOriginal(ctx, f.Folder, f.Name, f.Extension)
				return err
			},
			"Key": func(ctx context.Context) error { _, err := d.Key(ctx, "abc"); return err },
			"NameTaken": func(ctx context.Context) error {
				_, err := d.NameTaken(ctx, f.Folder, "free", "jpg", "jpg")
				return err
			},
			"FileByDigest":   func(ctx context.Context) error { _, err := d.FileByDigest(ctx, "00", f.UploaderIP, at(0)); return err },
			"UploadCount200": func(ctx context.Context) error { _, err := d.UploadCount(ctx, f.UploaderIP, at(0), 1000); return err },
		} {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				began := cpu()
				for b.Loop() {
					must(b, fn(b.Context()))
				}
				reportCPU(b, began)
			})
		}
	})
}

// BenchmarkFileLists reads a page of 48 from the middle of 5,000 files.
func BenchmarkFileLists(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		g := aGallery(b, d, 5000)
		if d.Engine() == db.Postgres {
			_, err := d.SQL().ExecContext(b.Context(), "ANALYZE")
			must(b, err)
		}
		for name, q := range map[string]db.FileList{
			"newest": {}, "animated": {Kind: vitrine.ListAnimated}, "views": {Sort: vitrine.SortViews},
			"owner":       {Scope: db.ScopeOwner, ID: g.users[1]},
			"owner-title": {Scope: db.ScopeOwner, ID: g.users[1], Sort: vitrine.SortTitle, All: true},
			"category":    {Scope: db.ScopeCategory, ID: g.categories[1]},
			"tag":         {Scope: db.ScopeTag, ID: 1},
		} {
			b.Run(name, func(b *testing.B) {
				q.Limit, q.Now = 48, now
				_, at, err := d.Files(b.Context(), q)
				must(b, err)
				q.After = at
				b.ReportAllocs()
				for b.Loop() {
					_, _, err := d.Files(b.Context(), q)
					must(b, err)
				}
			})
		}
	})
}
