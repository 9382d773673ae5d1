package catalog_test

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/jobs"
	"vitrine/internal/passwords"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/s3"
	"vitrine/internal/storage/storagetest"
	"vitrine/internal/vitrine"
)

var (
	noon  = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	guest = vitrine.Actor{Address: netip.MustParseAddr("192.0.2.7")}
)

// hasher bounds the memory of all tests together.
var hasher = passwords.New()

const token = "000102030405060708090a0b0c0d0e0f1011121314151617"

// kit is a Service with everything around it.
type kit struct {
	testing.TB
	*catalog.Service
	db    *db.DB
	store storage.Store
	now   atomic.Int64 // microseconds
	n     int
}

type options struct {
	pins map[string]string
	wrap func(storage.Store) storage.Store
	jobs *jobs.Jobs
}

func newKit(t testing.TB, d *db.DB, st storage.Store, o options) *kit {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	set, err := settings.New(t.Context(), settings.Config{DB: d, Pinned: o.pins, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{TB: t, db: d, store: st}
	k.now.Store(noon.UnixMicro())
	if o.wrap != nil {
		st = o.wrap(st)
	}
	k.Service = catalog.New(catalog.Config{
		DB: d, Settings: set, Jobs: o.jobs, Logger: quiet, Passwords: hasher,
		Stores: storage.NewSet(map[string]storage.Store{"main": st}, "main"),
		Clock:  func() time.Time { return time.UnixMicro(k.now.Load()) },
	})
	t.Cleanup(func() { k.Service.Close() })
	return k
}

func newLocal(t testing.TB) storage.Store {
	t.Helper()
	st, err := local.New(local.Config{Root: filepath.Join(t.TempDir(), "images")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func newS3(t testing.TB) storage.Store {
	t.Helper()
	c := storagetest.S3(t)
	st, err := s3.New(s3.Config{Endpoint: c.Endpoint, Bucket: c.Bucket, Region: "us-east-1", AccessKey: c.AccessKey, SecretKey: c.SecretKey, PathStyle: true, Insecure: true})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// eachHouse runs fn on both databases with both kinds of storage.
func eachHouse(t *testing.T, fn func(t *testing.T, d *db.DB, st storage.Store)) {
	for name, newStore := range map[string]func(testing.TB) storage.Store{"local": newLocal, "s3": newS3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, d, newStore(t)) })
		})
	}
}

func (k *kit) tx(fn func(context.Context, *db.Tx) error) {
	k.Helper()
	if err := k.db.Tx(context.Background(), fn); err != nil {
		k.Fatal(err)
	}
}

func (k *kit) user(role vitrine.Role) vitrine.Actor {
	k.Helper()
	k.n++
	name := fmt.Sprint(role, k.n)
	u := &vitrine.User{Username: name, Email: name + "@example.org", Role: role, Status: vitrine.UserValid, CreatedAt: noon}
	k.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, "x") })
	return vitrine.Actor{User: u, Address: guest.Address}
}

// file records a file with all its objects; change may be nil.
func (k *kit) file(name string, change func(*vitrine.File)) *vitrine.File {
	k.Helper()
	k.n++
	content := "original " + name
	sum := md5.Sum([]byte(content))
	f := &vitrine.File{
		Slug: vitrine.Slug(fmt.Sprintf("slug%03d", k.n)), Storage: "main", StorageMode: vitrine.DateFolder,
		Folder: "2026/11/21", Name: name, Extension: "jpg", Format: vitrine.JPEG, Size: int64(len(content)), Width: 1000, Height: 500, Approved: true,
		MD5: hex.EncodeToString(sum[:]), UploaderIP: guest.Address, CreatedAt: noon, UploadedAt: noon.Add(time.Millisecond), Privacy: vitrine.PrivacyPublic,
		Thumb:  vitrine.Variant{Size: int64(len("th of " + name)), Width: 320, Height: 320},
		Medium: vitrine.Variant{Size: int64(len("md of " + name)), Width: 500, Height: 250},
	}
	if change != nil {
		change(f)
	}
	k.put(f.Key(), content)
	for _, kind := range []vitrine.VariantKind{vitrine.Thumb, vitrine.Medium, vitrine.Frame} {
		if f.Variant(kind).Exists() {
			k.put(f.VariantKey(kind), string(kind)+" of "+name)
		}
	}
	hash := sha256.Sum256([]byte(token))
	k.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, hash[:]) })
	return f
}

// rows records files without objects, named prefix0, prefix1, …
func (k *kit) rows(prefix string, n int, change func(*vitrine.File)) {
	k.Helper()
	k.n++
	k.tx(func(ctx context.Context, tx *db.Tx) error {
		for i := range n {
			f := &vitrine.File{
				Slug: vitrine.Slug(fmt.Sprintf("r%dx%d", k.n, i)), Storage: "main", Folder: "2026/11/21", Name: fmt.Sprint(prefix, i),
				Extension: "png", Format: vitrine.PNG, Size: 1, MD5: "00000000000000000000000000000000", CreatedAt: noon, UploadedAt: noon,
			}
			change(f)
			if err := tx.CreateFile(ctx, f, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *kit) put(key, content string) {
	k.Helper()
	if err := k.store.Put(context.Background(), key, strings.NewReader(content), int64(len(content)), "image/jpeg"); err != nil {
		k.Fatal(err)
	}
}

// album makes an album of the privacy.
func (k *kit) album(owner vitrine.Actor, p vitrine.Privacy) *vitrine.Album {
	k.Helper()
	return k.newAlbum(catalog.NewAlbum{OwnerID: owner.UserID(), Name: "Album", Privacy: p})
}

// albumPassword is that of albums with a password.
const albumPassword = "open sesame"

func (k *kit) newAlbum(n catalog.NewAlbum) *vitrine.Album {
	k.Helper()
	if n.Privacy == vitrine.PrivacyPassword && n.Parent == "" {
		n.Password = albumPassword
	}
	a, err := k.CreateAlbum(context.Background(), n)
	if err != nil {
		k.Fatal(err)
	}
	return a
}

// row records one file without objects.
func (k *kit) row(change func(*vitrine.File)) *vitrine.File {
	k.Helper()
	var made *vitrine.File
	k.rows(fmt.Sprint("row", k.n, "x"), 1, func(f *vitrine.File) {
		f.Approved = true
		change(f)
		made = f
	})
	return made
}

// fileBySlug is a file as it is now.
func (k *kit) fileBySlug(slug vitrine.Slug) *vitrine.File {
	k.Helper()
	f, err := k.db.FileBySlug(context.Background(), slug)
	if err != nil {
		k.Fatal(err)
	}
	return f
}

// slugs are those of files, in their order.
func slugs(files []vitrine.File) []string {
	list := make([]string, len(files))
	for i := range files {
		list[i] = string(files[i].Slug)
	}
	return list
}

// with is an actor who holds passes.
func with(a vitrine.Actor, passes ...string) vitrine.Actor {
	a.Passes = passes
	return a
}

func to[T any](v T) *T { return &v }

// keys are all objects.
func (k *kit) keys() []string {
	k.Helper()
	var keys []string
	if err := k.store.List(context.Background(), "", func(i storage.Info) error { keys = append(keys, i.Key); return nil }); err != nil {
		k.Fatal(err)
	}
	return keys
}

// read gives what is behind a path.
func (k *kit) read(a vitrine.Actor, path string) (string, error) {
	k.Helper()
	c, err := k.Locate(context.Background(), a, path)
	if err != nil {
		return "", err
	}
	s, err := k.Open(context.Background(), c)
	if err != nil {
		return "", err
	}
	defer s.Body.Close()
	b, err := io.ReadAll(s.Body)
	return string(b), err
}

// want fails unless err has the code.
func (k *kit) want(what string, err error, code vitrine.Code) {
	k.Helper()
	if vitrine.CodeOf(err) != code {
		k.Errorf("%s: got %v, want code %q", what, err, code)
	}
}
