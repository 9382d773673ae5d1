package upload_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// breaking is a storage that fails as told. It hides the Adopter of what it
// wraps, unless adopting is set.
type breaking struct {
	storage.Store
	before func(ctx context.Context, key string) error // before an object is put
	after  func()                                      // after one has been put
}

func (b *breaking) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	if b.before != nil {
		if err := b.before(ctx, key); err != nil {
			return err
		}
	}
	err := b.Store.Put(ctx, key, r, size, mime)
	if err == nil && b.after != nil {
		b.after()
	}
	return err
}

// adopting is breaking with the power to adopt.
type adopting struct{ *breaking }

func (a adopting) Adopt(ctx context.Context, key, path string) error {
	if a.before != nil {
		if err := a.before(ctx, key); err != nil {
			return err
		}
	}
	err := a.Store.(storage.Adopter).Adopt(ctx, key, path)
	if err == nil && a.after != nil {
		a.after()
	}
	return err
}

// TestFaults breaks one part at a time: nothing may be left behind.
func TestFaults(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	failAt := func(step string, err error) stub {
		return stub{before: func(s string) error {
			if s == step {
				return err
			}
			return nil
		}}
	}
	putFails := func(part string, err error) *breaking {
		return &breaking{before: func(_ context.Context, key string) error {
			if strings.Contains(key, part) {
				return err
			}
			return nil
		}}
	}
	for _, c := range []struct {
		name      string
		processor stub
		store     *breaking
		code      vitrine.Code
	}{
		{"not a picture", failAt("inspect", vitrine.Errorf(vitrine.CodeUnrecognised, "Can't get target upload source info")), nil, vitrine.CodeUnrecognised},
		{"decoder crashes on the header", failAt("inspect", broken), nil, vitrine.CodeInternal},
		{"damaged", failAt("render", vitrine.Errorf(vitrine.CodeDamaged, "damaged")), nil, vitrine.CodeDamaged},
		{"decoder crashes on the pixels", failAt("render", broken), nil, vitrine.CodeInternal},
		{"original is not stored", stub{}, putFails("a.png", broken), vitrine.CodeInternal},
		{"thumb is not stored", stub{}, putFails(".th.", broken), vitrine.CodeInternal},
		{"storage is full", stub{}, putFails(".th.", storage.ErrNoSpace), vitrine.CodeNoSpace},
		{"thumb's key is always taken", stub{}, putFails(".th.", storage.ErrExists), vitrine.CodeConflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for kind, wrap := range wraps(c.store) {
				k := newKit(t, dbtest.SQLite(t), options{processor: c.processor, wrap: wrap})
				if m := k.refuse(k.request(guest, "a.png", "x"), c.code); c.code == vitrine.CodeNoSpace && m != "No space left on storage" {
					t.Errorf("%s: message %q", kind, m)
				}
				k.empty()
			}
		})
	}
}

// wraps are the ways to put b around a storage.
func wraps(b *breaking) map[string]func(storage.Store) storage.Store {
	if b == nil {
		return map[string]func(storage.Store) storage.Store{"whole": nil}
	}
	return map[string]func(storage.Store) storage.Store{
		"putting":  func(st storage.Store) storage.Store { c := *b; c.Store = st; return &c },
		"adopting": func(st storage.Store) storage.Store { c := *b; c.Store = st; return adopting{&c} },
	}
}

// TestRecordFails deletes the account while its upload is being rendered, so that
// the last step is refused: the bytes must go again.
func TestRecordFails(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		var gone vitrine.Actor
		k := newKit(t, d, options{store: st, processor: stub{before: func(step string) error {
			if step != "render" || gone.User == nil {
				return nil
			}
			return d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.DeleteUser(ctx, gone.UserID()) })
		}}})
		gone = k.user(vitrine.RoleUser)
		k.refuse(k.request(gone, "a.png", "x"), vitrine.CodeNotFound)
		k.empty()
		gone = vitrine.Actor{}
		if f := k.accept(k.request(guest, "a.png", "x")).File; f.Name != "a" {
			t.Errorf("name %q", f.Name)
		}
	})
}

// TestDatabaseGone closes the database when the bytes are stored.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var puts atomic.Int32
		k := newKit(t, d, options{wrap: wraps(&breaking{after: func() {
			if puts.Add(1) == 2 {
				d.Close()
			}
		}})["adopting"]})
		k.refuse(k.request(guest, "a.png", "x"), vitrine.CodeInternal)
		if o, s := k.objects(), k.spooled(); len(o)+len(s) > 0 {
			t.Errorf("left in the storage %q, in the spool %q", o, s)
		}
	})
}

// TestNameLost lets somebody else record the name while the bytes are being
// stored: what a storage took out of the spool must come back and go under
// another name.
func TestNameLost(t *testing.T) {
	t.Parallel()
	for kind := range wraps(&breaking{}) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				other := newKit(t, d, options{store: newLocal(t)}) // a storage that shares nothing but rows
				var once atomic.Bool
				k := newKit(t, d, options{wrap: wraps(&breaking{after: func() {
					if once.CompareAndSwap(false, true) {
						other.accept(other.request(guest, "a.png", "theirs"))
					}
				}})[kind]})
				f := k.accept(k.request(guest, "a.png", "mine")).File
				if !strings.HasPrefix(f.Name, "a") || f.Name == "a" || k.content(f.Key()) != "mine" || k.content(f.VariantKey(vitrine.Thumb)) != "thumb of mine" {
					t.Errorf("name %q", f.Name)
				}
				if o := k.objects(); !slices.Equal(o, []string{f.Key(), f.VariantKey(vitrine.Thumb)}) {
					t.Errorf("objects %q", o)
				}
			})
		})
	}
}

// TestClientGone ends the context at every step.
func TestClientGone(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"before", "spool", "inspect", "render", "put", "placed"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			for kind := range wraps(&breaking{}) {
				ctx, cancel := context.WithCancel(t.Context())
				var puts atomic.Int32
				b := &breaking{
					before: func(ctx context.Context, _ string) error {
						if step == "put" {
							cancel()
							return ctx.Err()
						}
						return nil
					},
					after: func() {
						if step == "placed" && puts.Add(1) == 2 {
							cancel()
						}
					},
				}
				k := newKit(t, dbtest.SQLite(t), options{wrap: wraps(b)[kind], processor: stub{before: func(s string) error {
					if s == step {
						cancel()
					}
					return nil
				}}})
				if step == "spool" {
					r := io.MultiReader(strings.NewReader("abc"), readerFunc(func([]byte) (int, error) { cancel(); return 0, ctx.Err() }))
					if _, err := k.Spool(ctx, r, 100); !errors.Is(err, context.Canceled) {
						t.Errorf("got %v", err)
					}
					k.empty()
					continue
				}
				req := k.request(guest, "a.png", "x")
				if step == "before" {
					cancel()
				}
				if _, err := k.Accept(ctx, req); !errors.Is(err, context.Canceled) {
					t.Errorf("%s: got %v", kind, err)
				}
				k.empty()
				cancel()
			}
		})
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestSpoolBroken takes the spool folder away.
func TestSpoolBroken(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{})
	if err := os.RemoveAll(k.spool); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Spool(t.Context(), bytes.NewReader([]byte("x")), 10); !vitrine.Is(err, vitrine.CodeInternal) {
		t.Errorf("got %v", err)
	}
}

func TestCleanSpool(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{})
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, name := range []string{"upload-old", "decoder-old", "upload-new"} {
		folder := filepath.Join(k.spool, name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "source"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "old") {
			if err := os.Chtimes(folder, yesterday, yesterday); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		if err := k.CleanSpool(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := k.spooled(); !slices.Equal(got, []string{"decoder-old/source", "upload-new/source"}) {
		t.Errorf("left: %q", got)
	}
}
