package upload_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// gate holds back the first n who come until they are all there, for a while at most.
type gate struct {
	open chan struct{}
	mu   sync.Mutex
	left int
}

func newGate(n int) *gate { return &gate{open: make(chan struct{}), left: n} }

func (g *gate) pass() {
	g.mu.Lock()
	if g.left--; g.left == 0 {
		close(g.open)
	}
	g.mu.Unlock()
	select {
	case <-g.open:
	case <-time.After(2 * time.Second):
	}
}

// gated is a storage whose Puts begin together.
type gated struct {
	storage.Store
	gate *gate
}

// Unwrap gives the storage behind.
func (g *gated) Unwrap() storage.Store { return g.Store }

func (g *gated) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	if !strings.Contains(key, ".th.") && !strings.Contains(key, ".md.") {
		g.gate.pass()
	}
	return g.Store.Put(ctx, key, r, size, mime)
}

// careless is a storage that replaces objects, and says so.
type careless struct{ storage.Store }

func (c careless) Exclusive(context.Context) (bool, error) { return false, nil }

func (c careless) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	if err := c.Delete(ctx, key); err != nil {
		return err
	}
	return c.Store.Put(ctx, key, r, size, mime)
}

// nodes are n kits on one database and one storage, with an account that all know. Their
// Puts begin together.
func nodes(t *testing.T, n int, o options) []*kit {
	t.Helper()
	u, shared := dbtest.PostgresURL(t), newLocal(t)
	g := newGate(n)
	wrap := o.wrap
	var list []*kit
	for range n {
		d, err := db.Open(t.Context(), db.Config{URL: u, Logger: quiet()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		o.store = shared
		o.wrap = func(st storage.Store) storage.Store {
			if wrap != nil {
				st = wrap(st)
			}
			return &gated{st, g}
		}
		list = append(list, newKit(t, d, o))
	}
	return list
}

// atOnce sends a request to each node in the same moment.
func atOnce(list []*kit, request func(k *kit, i int) upload.Request) (results []*upload.Result, codes map[vitrine.Code]int) {
	codes = make(map[vitrine.Code]int)
	var mu sync.Mutex
	var all sync.WaitGroup
	for i, k := range list {
		req := request(k, i)
		all.Go(func() {
			res, err := k.Accept(context.Background(), req)
			mu.Lock()
			defer mu.Unlock()
			codes[vitrine.CodeOf(err)]++
			if err == nil {
				results = append(results, res)
			} else if !vitrine.Is(err, vitrine.CodeDuplicate) {
				k.Error(err)
			}
		})
	}
	all.Wait()
	return results, codes
}

func TestDuplicatesAtTwoNodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, mode string
		guest      bool
		accepted   int
		rows       int
	}{
		{"a guest is refused", "error", true, 1, 1},
		{"a user is refused", "error", false, 1, 1},
		{"a user gets the earlier one", "existing", false, 2, 1},
		{"everybody may", "allow", false, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list := nodes(t, 2, options{pins: pin("on_duplicate", c.mode)})
			actor := guest
			if !c.guest {
				actor = list[0].user(vitrine.RoleUser)
			}
			results, codes := atOnce(list, func(k *kit, i int) upload.Request { return k.request(actor, fmt.Sprint("name", i, ".png"), "same") })
			if codes[""] != c.accepted || codes[vitrine.CodeDuplicate] != 2-c.accepted {
				t.Fatalf("answers %v", codes)
			}
			if n := list[0].rows(); n != c.rows {
				t.Errorf("%d rows", n)
			}
			if c.mode == "existing" && (results[0].File.ID != results[1].File.ID || results[0].Existing == results[1].Existing) {
				t.Errorf("%+v and %+v", results[0], results[1])
			}
			left := 0
			for _, key := range list[0].objects() {
				if !strings.Contains(key, ".th.") && !strings.Contains(key, ".md.") {
					left++
				}
			}
			if left != c.rows {
				t.Errorf("objects %q", list[0].objects())
			}
			for _, k := range list {
				if s := k.spooled(); len(s) != 0 {
					t.Errorf("left in a spool: %q", s)
				}
			}
		})
	}
}

// Of nodes that choose the same name at most one gets it, and the others take other ones,
// be it that the storage cannot tell them apart.
func TestSameNameAtTwoNodes(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(storage.Store) storage.Store{
		"a storage that refuses":  nil,
		"a storage that replaces": func(st storage.Store) storage.Store { return careless{st} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := nodes(t, 4, options{wrap: wrap})
			results, codes := atOnce(list, func(k *kit, i int) upload.Request { return k.request(guest, "name.png", fmt.Sprint("content ", i)) })
			if codes[""] != 4 {
				t.Fatalf("answers %v", codes)
			}
			plain, seen := 0, make(map[string]bool)
			for _, res := range results {
				if res.File.Name == "name" {
					plain++
				}
				content := list[0].content(res.File.Key())
				if !strings.HasPrefix(content, "content ") || seen[content] {
					t.Errorf("%s holds %q", res.File.Key(), content)
				}
				seen[content] = true
			}
			// None at all, where each was the first to place another one of its objects.
			if plain > 1 || list[0].rows() != 4 {
				t.Errorf("%d have the plain name, %d rows", plain, list[0].rows())
			}
			for _, res := range results {
				for _, key := range res.File.Keys() {
					list[0].content(key)
				}
			}
		})
	}
}
