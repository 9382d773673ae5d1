package upload_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/fetch"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/s3"
	"vitrine/internal/storage/storagetest"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

var (
	noon    = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	address = netip.MustParseAddr("192.0.2.7")
	guest   = vitrine.Actor{Address: address}
)

// kit is a Service with everything around it, ready to be taken apart.
type kit struct {
	testing.TB
	*upload.Service
	db       *db.DB
	settings *settings.Service
	store    storage.Store // without what the test wraps around it
	spool    string
	now      atomic.Int64 // microseconds
	users    int
}

// options change what a kit is made of.
type options struct {
	pins      map[string]string
	store     storage.Store // nil: a fresh folder
	wrap      func(storage.Store) storage.Store
	processor upload.Processor // nil: stub
	fetcher   *fetch.Fetcher
	random    func([]byte)
	active    int
	waiting   int
}

// newKit builds a kit on the database.
func newKit(t testing.TB, d *db.DB, o options) *kit {
	t.Helper()
	set, err := settings.New(t.Context(), settings.Config{DB: d, Pinned: o.pins, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{TB: t, db: d, settings: set, store: o.store, spool: filepath.Join(t.TempDir(), "spool")}
	k.now.Store(noon.UnixMicro())
	if k.store == nil {
		k.store = newLocal(t)
	}
	store := k.store
	if o.wrap != nil {
		store = o.wrap(store)
	}
	if o.processor == nil {
		o.processor = stub{}
	}
	k.Service, err = upload.New(upload.Config{
		DB: d, Settings: set, Stores: storage.NewSet(map[string]storage.Store{"main": store}, "main"),
		Processor: o.processor, Fetcher: o.fetcher, Spool: k.spool, Random: o.random,
		Active: o.active, Waiting: o.waiting, Logger: quiet(),
		Clock: func() time.Time { return time.UnixMicro(k.now.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

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

// user makes a user; roles may be repeated.
func (k *kit) user(role vitrine.Role) vitrine.Actor {
	k.Helper()
	k.users++
	u := &vitrine.User{Username: string(role) + strconv.Itoa(k.users), Role: role, Status: vitrine.UserValid, KeepEXIF: true, CreatedAt: noon}
	u.Email = u.Username + "@example.org"
	err := k.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, "x") })
	if err != nil {
		k.Fatal(err)
	}
	return vitrine.Actor{User: u, Address: address}
}

// album makes a public album.
func (k *kit) album(owner vitrine.Actor, slug string) *vitrine.Album {
	k.Helper()
	a := &vitrine.Album{Slug: vitrine.Slug(slug), OwnerID: owner.UserID(), Name: slug, Privacy: vitrine.PrivacyPrivate, CreatedAt: noon}
	err := k.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) })
	if err != nil {
		k.Fatal(err)
	}
	return a
}

// category makes a category.
func (k *kit) category(key string) *vitrine.Category {
	k.Helper()
	c := &vitrine.Category{Name: key, URLKey: key}
	err := k.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, c) })
	if err != nil {
		k.Fatal(err)
	}
	return c
}

// request is an upload of the bytes under a name.
func (k *kit) request(a vitrine.Actor, name, content string) upload.Request {
	k.Helper()
	sp, err := k.Spool(context.Background(), bytes.NewReader([]byte(content)), 1e9)
	if err != nil {
		k.Fatal(err)
	}
	return upload.Request{Actor: a, Source: upload.Source{Spooled: sp, Filename: name}}
}

// accept uploads and must succeed.
func (k *kit) accept(req upload.Request) *upload.Result {
	k.Helper()
	res, err := k.Accept(k.Context(), req)
	if err != nil {
		k.Fatal(err)
	}
	return res
}

// refuse uploads and must get the code; the message comes back.
func (k *kit) refuse(req upload.Request, code vitrine.Code) string {
	k.Helper()
	_, err := k.Accept(k.Context(), req)
	if !vitrine.Is(err, code) {
		k.Fatalf("got %v, want code %s", err, code)
	}
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		return e.Message
	}
	return ""
}

// objects are the keys in the storage.
func (k *kit) objects() []string {
	k.Helper()
	var keys []string
	err := k.store.List(context.Background(), "", func(i storage.Info) error { keys = append(keys, i.Key); return nil })
	if err != nil {
		k.Fatal(err)
	}
	return keys
}

// rows counts the files.
func (k *kit) rows() (n int) {
	k.Helper()
	if err := k.db.SQL().QueryRowContext(context.Background(), "SELECT count(*) FROM files").Scan(&n); err != nil {
		k.Fatal(err)
	}
	return n
}

// spooled are the files in the spool folder.
func (k *kit) spooled() []string {
	k.Helper()
	files, err := filepath.Glob(filepath.Join(k.spool, "*", "*"))
	if err != nil {
		k.Fatal(err)
	}
	for i, f := range files {
		files[i], _ = filepath.Rel(k.spool, f)
	}
	return files
}

// empty fails if anything is left anywhere.
func (k *kit) empty() {
	k.Helper()
	if s := k.spooled(); len(s) > 0 {
		k.Errorf("left in the spool: %v", s)
	}
	if o := k.objects(); len(o) > 0 {
		k.Errorf("left in the storage: %v", o)
	}
	if n := k.rows(); n > 0 {
		k.Errorf("left in the database: %d rows", n)
	}
}

// content reads an object.
func (k *kit) content(key string) string {
	k.Helper()
	o, err := k.store.Open(context.Background(), key)
	if err != nil {
		k.Fatal(err)
	}
	defer o.Content.Close()
	b, err := io.ReadAll(o.Content)
	if err != nil {
		k.Fatal(err)
	}
	return string(b)
}

func digest(s string) string {
	d := md5.Sum([]byte(s))
	return hex.EncodeToString(d[:])
}

// stub is a Processor for what no decoder needs to see: every source is a
// picture of 100×50 whose thumb says whose thumb it is.
type stub struct {
	seen   vitrine.Inspection // zero fields get defaults
	before func(step string) error
	resize string // what the original becomes
}

func (s stub) Inspect(ctx context.Context, path string) (*vitrine.Inspection, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	i := s.seen
	if i.Format == "" {
		i.Format = vitrine.PNG
	}
	if i.Width == 0 {
		i.Width, i.Height = 100, 50
	}
	i.Frames = max(i.Frames, 1)
	return &i, s.hook(ctx, "inspect")
}

func (s stub) Render(ctx context.Context, r vitrine.RenderRequest) (*vitrine.Rendition, error) {
	source, err := os.ReadFile(r.Source)
	if err != nil {
		return nil, err
	}
	out := func(name, content string, f vitrine.Format, w, h int) *vitrine.Output {
		path := filepath.Join(r.Folder, name)
		err = errors.Join(err, os.WriteFile(path, []byte(content), 0o600))
		return &vitrine.Output{Path: path, Format: f, Width: w, Height: h, Size: int64(len(content))}
	}
	i := r.Inspection
	made := &vitrine.Rendition{Original: vitrine.Output{Path: r.Source, Format: i.Format, Width: i.Width, Height: i.Height, Size: int64(len(source))}}
	derived := i.Format.Stored()
	if i.Format.Kind() == vitrine.KindVideo {
		derived = vitrine.JPEG
		made.Frame = out("frame", "frame of "+string(source), derived, i.Width, i.Height)
	}
	if w := r.Width; w != 0 || s.resize != "" || i.Format.Stored() != i.Format {
		if w == 0 {
			w = i.Width
		}
		made.Original, made.Changed = *out("original", s.resize, derived, w, i.Height*w/i.Width), true
	}
	made.Thumb = out("thumb", "thumb of "+string(source), derived, 50, 50)
	if i.Width > r.Medium {
		made.Medium = out("medium", "medium of "+string(source), derived, r.Medium, r.Medium*i.Height/i.Width)
	}
	return made, errors.Join(err, s.hook(ctx, "render"))
}

func (s stub) hook(ctx context.Context, step string) error {
	if s.before != nil {
		if err := s.before(step); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func sprint(v any) string { return fmt.Sprintf("%+v", v) }

// deleteFiles is a transaction that deletes rows.
func deleteFiles(ids ...int64) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		for _, id := range ids {
			if _, err := tx.DeleteFile(ctx, id); err != nil {
				return err
			}
		}
		return nil
	}
}
