package upkeep_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/upkeep"
	"vitrine/internal/vitrine"
)

// damageSite is a site with one kind of damage each.
type damageSite struct {
	*apptest.Site
	store, other storage.Store
	name         string
}

// file uploads a picture and gives its row.
func (d damageSite) file(t *testing.T, content []byte) *vitrine.File {
	t.Helper()
	a := d.Upload(t, d.UserKey, "picture.jpg", content)
	if a.Status != http.StatusOK {
		t.Fatalf("refused: %s", a.Body)
	}
	f, err := d.App.DB.FileBySlug(t.Context(), vitrine.Slug(a.Text("id_encoded")))
	must(t, err)
	return f
}

// change writes other bytes of the same length over an object.
func (d damageSite) change(t *testing.T, key string) {
	t.Helper()
	put(t, d.store, key, strings.Repeat("x", len(contentOf(t, d.store, key))))
}

func TestVerify(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ engine, store string }{{"sqlite", "local"}, {"postgres", "s3"}} {
		t.Run(test.engine, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{Engine: test.engine, Storage: test.store, Storages: map[string]string{"other": "local"}, Settings: map[string]string{"on_duplicate": "allow"}})
			d := damageSite{Site: s}
			var err error
			d.name, d.store = s.App.Stores.Default()
			d.other, err = s.App.Stores.Get("other")
			must(t, err)
			verifyDamages(t, d)
		})
	}
}

func verifyDamages(t *testing.T, d damageSite) {
	twin, big := apptest.Picture(t, 160, 120), apptest.Picture(t, 800, 600)
	file := func() *vitrine.File { return d.file(t, apptest.Picture(t, 160, 120)) }
	whole, noThumb, badThumb, longMedium := file(), file(), file(), d.file(t, big)
	lost, fromOther, fromTwin, badOriginal, moved := file(), file(), d.file(t, twin), d.file(t, twin), file()
	d.file(t, twin) // has the same bytes as those before
	must(t, d.store.Delete(t.Context(), noThumb.VariantKey(vitrine.Thumb)))
	d.change(t, badThumb.VariantKey(vitrine.Thumb))
	put(t, d.store, longMedium.VariantKey(vitrine.Medium), "a medium no more")
	must(t, d.store.Delete(t.Context(), lost.Key()))
	put(t, d.other, fromOther.Key(), contentOf(t, d.store, fromOther.Key()))
	must(t, d.store.Delete(t.Context(), fromOther.Key()))
	must(t, d.store.Delete(t.Context(), fromTwin.Key()))
	d.change(t, badOriginal.Key())
	put(t, d.store, "2026/11/21/orphan.th.jpg", "nobody's")
	put(t, d.store, "strange/thing.jpg", "not ours")
	_, err := d.App.DB.SQL().ExecContext(t.Context(), "UPDATE files SET storage = 'forgotten' WHERE slug = '"+string(moved.Slug)+"'")
	must(t, err)
	must(t, d.App.DB.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.CreateRemoval(ctx, "nowhere", db.FileName{Name: "stuck"}, []string{"stuck.jpg"}, time.Now().Add(-2*time.Hour))
	}))
	keeper, err := d.App.Upkeep(true)
	must(t, err)
	run := func(o upkeep.VerifyOptions) (upkeep.VerifyState, map[string]upkeep.Problem) {
		found := make(map[string]upkeep.Problem)
		o.OrphanAge = time.Nanosecond
		o.Problem = func(p upkeep.Problem) {
			key := p.Storage + " " + p.Key
			if p.Key == "" {
				key = p.Storage + ": " + p.Text
			}
			found[key] = p
		}
		s, err := keeper.Verify(t.Context(), o)
		must(t, err)
		return s, found
	}
	of := func(key string) string { return d.name + " " + key }
	expect := func(what string, found map[string]upkeep.Problem, want map[string]string) {
		t.Helper()
		for key, text := range want {
			p, ok := found[key]
			if !ok || !strings.Contains(p.Text, text) || p.Mended == strings.Contains(p.Text, "not mended") && key != "nowhere: "+p.Text {
				t.Errorf("%s: %s: got %+v, want %q", what, key, p, text)
			}
		}
		if len(found) != len(want) {
			t.Errorf("%s: %d problems, want %d: %+v", what, len(found), len(want), found)
		}
	}
	stuck := "nowhere: 1 removals of objects are overdue: the log of the servers says why, and none happens while no server runs"
	s, found := run(upkeep.VerifyOptions{})
	for _, key := range []string{of(noThumb.VariantKey(vitrine.Thumb)), of(longMedium.VariantKey(vitrine.Medium)), of(lost.Key()), of(fromOther.Key()),
		of(fromTwin.Key()), of("2026/11/21/orphan.th.jpg"), "other " + fromOther.Key(), stuck} {
		if p, ok := found[key]; !ok || p.Mended {
			t.Errorf("not found: %s in %+v", key, found)
		}
	}
	if _, ok := found[of(badOriginal.Key())]; ok || s.Foreign < 1 || s.Files < 10 {
		t.Errorf("a quick look: %+v", s)
	}
	s, found = run(upkeep.VerifyOptions{Deep: true})
	for _, key := range []string{of(badOriginal.Key()), of(badThumb.VariantKey(vitrine.Thumb))} {
		if _, ok := found[key]; !ok {
			t.Errorf("not found: %s in %+v", key, found)
		}
	}
	if s.Wrong() != s.Problems || s.Bytes == 0 {
		t.Errorf("a deep look: %+v", s)
	}
	_, found = run(upkeep.VerifyOptions{Deep: true, Mend: true})
	want := map[string]string{
		of(noThumb.VariantKey(vitrine.Thumb)):     "the thumb: it is missing",
		of(badThumb.VariantKey(vitrine.Thumb)):    "the thumb: it is no picture any more",
		of(longMedium.VariantKey(vitrine.Medium)): "the medium: it has 16 bytes instead of ",
		of(lost.Key()):                 "the original: it is missing; not mended: no storage and no other file has the same bytes",
		of(fromOther.Key()):            "the original: it is missing",
		of(fromTwin.Key()):             "the original: it is missing",
		of(badOriginal.Key()):          "its bytes are not those that were uploaded",
		of(moved.Key()):                "the storage forgotten is not configured",
		of("2026/11/21/orphan.th.jpg"): "it belongs to no file (8 B)",
		"other " + fromOther.Key():     "it belongs to no file",
	}
	delete(found, stuck) // a server may have tried it again meanwhile
	for key, p := range found {
		if strings.Contains(p.Text, "counters") && p.Mended {
			delete(found, key)
		}
	}
	expect("mended", found, want)
	_, err = d.App.Catalog.RemoveObjects(t.Context())
	if err != nil && !strings.Contains(err.Error(), `"nowhere"`) {
		t.Error(err)
	}
	s, found = run(upkeep.VerifyOptions{Deep: true})
	if s.Problems != 1 || !slices.Contains([]string{of(lost.Key())}, keyOf(found)) {
		t.Errorf("after mending: %+v, %+v", s, found)
	}
	for _, f := range []*vitrine.File{whole, noThumb, badThumb, longMedium, fromOther, fromTwin, badOriginal, moved} {
		for _, key := range f.Keys() {
			if a := d.Get(t, "/images/"+key); a.Status != http.StatusOK {
				t.Errorf("%s: %d", key, a.Status)
			}
		}
	}
	if got := contentOf(t, d.store, "strange/thing.jpg"); got != "not ours" {
		t.Error("what is not ours was touched")
	}
	if s, _ := run(upkeep.VerifyOptions{After: s.LastID}); s.Files != 0 {
		t.Errorf("after the last: %+v", s)
	}
}

// keyOf is the key of the only element; empty if there are others.
func keyOf(m map[string]upkeep.Problem) string {
	for key := range m {
		if len(m) == 1 {
			return key
		}
	}
	return ""
}

// Young objects, copies of a move under way and old objects of a moved file are no orphans.
func TestVerifySparesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		f := k.file(nil)
		k.move(upkeep.MoveOptions{})
		put(t, k.a, "2026/11/21/young.jpg", "an upload under way")
		s, err := k.Verify(t.Context(), upkeep.VerifyOptions{})
		if err != nil || s.Problems != 0 || s.Young != 1 || s.Files != 1 || s.Objects != 2 || s.LastID != f.ID {
			t.Errorf("verified %+v, %v", s, err)
		}
		if _, err := k.Verify(t.Context(), upkeep.VerifyOptions{Mend: true}); err == nil {
			t.Error("mended without a decoder")
		}
		if _, err := k.Verify(t.Context(), upkeep.VerifyOptions{Storage: "c"}); !vitrine.Is(err, vitrine.CodeInvalid) {
			t.Errorf("an unknown storage: %v", err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if s, err := k.Verify(ctx, upkeep.VerifyOptions{}); err != nil || !s.Stopped {
			t.Errorf("stopped: %+v, %v", s, err)
		}
	})
}

// A storage that got another name by mistake loses nothing.
func TestRenamedStorageIsNotSwept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		f := k.file(nil)
		_, err := d.SQL().ExecContext(t.Context(), "UPDATE files SET storage = 'before'")
		must(t, err)
		for range 2 {
			if r, err := k.catalog.SweepOrphans(t.Context(), time.Nanosecond); err != nil || r.Orphans != 0 {
				t.Errorf("swept %+v, %v", r, err)
			}
			k.later(time.Hour)
			k.settle()
		}
		if n := len(objects(t, k.a)); n != 2 {
			t.Errorf("%d objects of %s are left", n, f.Key())
		}
		var told []string
		_, err = k.Verify(t.Context(), upkeep.VerifyOptions{OrphanAge: time.Nanosecond, Problem: func(p upkeep.Problem) { told = append(told, p.Storage+": "+p.Text) }})
		if err != nil || !strings.Contains(strings.Join(told, "\n"), "is not configured") && !strings.Contains(strings.Join(told, "\n"), "counters") {
			t.Errorf("told %q, %v", told, err)
		}
	})
}
