package upkeep_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/upkeep"
	"vitrine/internal/vitrine"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// kit is a Service between the storages a and b, with files that are no pictures.
type kit struct {
	testing.TB
	*upkeep.Service
	db      *db.DB
	stores  *storage.Set
	a, b    storage.Store // without what the test wraps around them
	now     atomic.Int64  // microseconds to add to the time
	catalog *catalog.Service
	n       int
}

type options struct {
	rules map[string]storage.Rules
	wrapA func(storage.Store) storage.Store
	wrapB func(storage.Store) storage.Store
}

func newKit(t testing.TB, d *db.DB, o options) *kit {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	set, err := settings.New(t.Context(), settings.Config{DB: d, Logger: quiet})
	must(t, err)
	k := &kit{TB: t, db: d, a: newLocal(t), b: newLocal(t)}
	a, b := k.a, k.b
	if o.wrapA != nil {
		a = o.wrapA(a)
	}
	if o.wrapB != nil {
		b = o.wrapB(b)
	}
	k.stores = storage.New(storage.Config{Stores: map[string]storage.Store{"a": a, "b": b}, Default: "a", Rules: o.rules})
	clock := func() time.Time { return time.Now().Add(time.Duration(k.now.Load()) * time.Microsecond) }
	k.Service, err = upkeep.New(upkeep.Config{DB: d, Stores: k.stores, Settings: set, Clock: clock, Logger: quiet})
	must(t, err)
	k.catalog = catalog.New(catalog.Config{DB: d, Stores: k.stores, Settings: set, Clock: clock, Logger: quiet})
	t.Cleanup(func() { k.catalog.Close() })
	return k
}

func newLocal(t testing.TB) storage.Store {
	t.Helper()
	st, err := local.New(local.Config{Root: filepath.Join(t.TempDir(), "images")})
	must(t, err)
	t.Cleanup(func() { st.Close() })
	return st
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// later lets time pass.
func (k *kit) later(d time.Duration) { k.now.Add(d.Microseconds()) }

// file makes a file with a thumb in storage a.
func (k *kit) file(change func(*vitrine.File)) *vitrine.File {
	k.Helper()
	k.n++
	content := fmt.Sprintf("original %d of %s", k.n, k.Name())
	f := &vitrine.File{
		Slug: vitrine.Slug(fmt.Sprintf("s%06d", k.n)), Storage: "a", Folder: "2026/11/21", Name: fmt.Sprintf("picture-%d", k.n),
		Extension: "jpg", Format: vitrine.JPEG, Size: int64(len(content)), Width: 640, Height: 480, Approved: true, MD5: digest(content),
		Thumb: vitrine.Variant{Size: int64(len("thumb of " + content)), Width: 320, Height: 320}, StorageMode: vitrine.DateFolder,
		CreatedAt: time.Now(), UploadedAt: time.Now(),
	}
	if change != nil {
		change(f)
	}
	store, err := k.stores.Get(f.Storage)
	must(k, err)
	put(k, store, f.Key(), content)
	put(k, store, f.VariantKey(vitrine.Thumb), "thumb of "+content)
	must(k, k.db.Tx(k.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) }))
	return f
}

func put(t testing.TB, st storage.Store, key, content string) {
	t.Helper()
	must(t, st.Delete(context.Background(), key))
	must(t, st.Put(context.Background(), key, strings.NewReader(content), int64(len(content)), "image/jpeg"))
}

func digest(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// objects are the keys in a storage.
func objects(t testing.TB, st storage.Store) []string {
	t.Helper()
	var keys []string
	must(t, st.List(context.Background(), "", func(i storage.Info) error { keys = append(keys, i.Key); return nil }))
	return keys
}

// where says in which storage the row of a file is; empty: it is gone.
func (k *kit) where(f *vitrine.File) string {
	k.Helper()
	now, err := k.db.FileByID(context.Background(), f.ID)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return ""
	}
	must(k, err)
	return now.Storage
}

func (k *kit) delete(f *vitrine.File) {
	k.Helper()
	must(k, k.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.DeleteFile(ctx, f.ID)
		return err
	}))
}

// move moves from a to b and must not fail as a whole.
func (k *kit) move(o upkeep.MoveOptions) (upkeep.MoveState, []string) {
	k.Helper()
	if o.From == "" {
		o.From, o.To = "a", "b"
	}
	var problems []string
	o.Problem = func(p upkeep.Problem) { problems = append(problems, p.Text) }
	state, err := k.Move(k.Context(), o)
	must(k, err)
	return state, problems
}

// settle removes what is due.
func (k *kit) settle() {
	k.Helper()
	_, err := k.catalog.RemoveObjects(k.Context())
	must(k, err)
}

// whole fails unless every object of the files is in the storage of its row, and nothing
// else anywhere.
func (k *kit) whole(files ...*vitrine.File) {
	k.Helper()
	want := map[string][]string{"a": nil, "b": nil}
	for _, f := range files {
		now, err := k.db.FileByID(context.Background(), f.ID)
		must(k, err)
		want[now.Storage] = append(want[now.Storage], now.Keys()...)
		store, err := k.stores.Get(now.Storage)
		must(k, err)
		o, err := store.Open(context.Background(), now.Key())
		must(k, err)
		content, err := io.ReadAll(o.Content)
		must(k, err)
		must(k, o.Content.Close())
		if digest(string(content)) != f.MD5 {
			k.Errorf("%s has other bytes", now.Key())
		}
	}
	for name, store := range map[string]storage.Store{"a": k.a, "b": k.b} {
		slices.Sort(want[name])
		if got := objects(k, store); !slices.Equal(got, want[name]) {
			k.Errorf("%s has %v, want %v", name, got, want[name])
		}
	}
	drift, err := k.db.UsageDrift(context.Background())
	if err != nil || len(drift) > 0 {
		k.Errorf("counters differ by %v, %v", drift, err)
	}
}

// hooked is a store that calls a function before something happens.
type hooked struct {
	storage.Store
	put  func(key string) error
	open func(key string) error
}

func (h hooked) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	if h.put != nil {
		if err := h.put(key); err != nil {
			return err
		}
	}
	return h.Store.Put(ctx, key, r, size, mime)
}

func (h hooked) Open(ctx context.Context, key string) (*storage.Object, error) {
	if h.open != nil {
		if err := h.open(key); err != nil {
			return nil, err
		}
	}
	return h.Store.Open(ctx, key)
}

// each runs fn on both databases.
func each(t *testing.T, fn func(t *testing.T, d *db.DB)) { dbtest.Each(t, fn) }

func dbSQLite(t testing.TB) *db.DB { return dbtest.SQLite(t) }
