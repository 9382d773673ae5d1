package upload_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// together sends the requests at once and counts the answers by code.
func (k *kit) together(reqs []upload.Request) (files []*vitrine.File, codes map[vitrine.Code]int) {
	k.Helper()
	codes = make(map[vitrine.Code]int)
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for _, req := range reqs {
		all.Go(func() {
			<-start
			res, err := k.Accept(context.Background(), req)
			mu.Lock()
			defer mu.Unlock()
			codes[vitrine.CodeOf(err)]++
			if err == nil {
				files = append(files, res.File)
			}
		})
	}
	close(start)
	all.Wait()
	return files, codes
}

func TestSameName(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		const n = 50
		k := newKit(t, d, options{store: st, pins: pin("flood_minute", "0")})
		var reqs []upload.Request
		for i := range n {
			reqs = append(reqs, k.request(guest, "wide.png", fmt.Sprint("bytes ", i)))
		}
		files, codes := k.together(reqs)
		if codes[""] != n {
			t.Fatalf("answers: %v", codes)
		}
		keys := make(map[string]bool)
		plain := 0
		for _, f := range files {
			keys[f.Key()] = true
			if f.Name == "wide" {
				plain++
			}
			content := k.content(f.Key())
			if digest(content) != f.MD5 || k.content(f.VariantKey(vitrine.Thumb)) != "thumb of "+content {
				t.Errorf("%s holds %q", f.Key(), content)
			}
		}
		if len(keys) != n || plain != 1 || len(k.objects()) != 2*n || k.rows() != n {
			t.Errorf("%d keys, %d plain names, %d objects, %d rows", len(keys), plain, len(k.objects()), k.rows())
		}
		if s := k.spooled(); len(s) > 0 {
			t.Errorf("left in the spool: %q", s)
		}
	})
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		elsewhere := netip.MustParseAddr("2001:db8::1")
		k := newKit(t, d, options{})
		u, v, admin := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin)
		k.accept(k.request(u, "a.png", "x"))
		for name, c := range map[string]struct {
			by   vitrine.Actor
			from netip.Addr
			at   time.Duration
			code vitrine.Code
		}{
			"same user":         {u, address, time.Hour, vitrine.CodeDuplicate},
			"guest, same place": {guest, address, 23 * time.Hour, vitrine.CodeDuplicate},
			"another user":      {v, address, time.Hour, vitrine.CodeDuplicate},
			"another place":     {u, elsewhere, time.Hour, ""},
			"admin":             {admin, address, time.Hour, ""},
		} {
			k.now.Store(noon.Add(c.at).UnixMicro())
			c.by.Address = c.from
			req := k.request(c.by, "b.png", "x")
			if _, err := k.Accept(t.Context(), req); vitrine.CodeOf(err) != c.code {
				t.Errorf("%s: got %v, want code %q", name, err, c.code)
			}
		}
		k.now.Store(noon.Add(49 * time.Hour).UnixMicro())
		k.accept(k.request(u, "c.png", "x"))
	})
}

func TestDuplicatesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		var reqs []upload.Request
		for range 20 {
			reqs = append(reqs, k.request(guest, "a.png", "x"))
		}
		if _, codes := k.together(reqs); codes[""] != 1 || codes[vitrine.CodeDuplicate] != 19 {
			t.Errorf("answers: %v", codes)
		}
	})
}

// TestDuplicateOfFailed lets the first of two fail: the second must pass.
func TestDuplicateOfFailed(t *testing.T) {
	t.Parallel()
	var once sync.Once
	k := newKit(t, dbtest.SQLite(t), options{processor: stub{before: func(step string) (err error) {
		if step == "render" {
			once.Do(func() { err = vitrine.Errorf(vitrine.CodeDamaged, "damaged") })
		}
		return err
	}}})
	_, codes := k.together([]upload.Request{k.request(guest, "a.png", "x"), k.request(guest, "a.png", "x")})
	if codes[""] != 1 || codes[vitrine.CodeDamaged] != 1 {
		t.Errorf("answers: %v", codes)
	}
}

func TestExisting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{pins: pin("on_duplicate", "existing")})
		u, v := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		first := k.accept(k.request(u, "a.png", "x")).File
		k.now.Add((90 * 24 * time.Hour).Microseconds())
		u.Address = netip.MustParseAddr("198.51.100.1")
		again := k.accept(k.request(u, "b.png", "x"))
		if !again.Existing || again.DeleteToken != "" || again.File.Slug != first.Slug {
			t.Errorf("%+v", again)
		}
		if s := k.spooled(); len(s) > 0 {
			t.Errorf("left in the spool: %q", s)
		}
		// Nobody else learns about it.
		if r := k.accept(k.request(v, "c.png", "x")); r.Existing || r.File.Slug == first.Slug {
			t.Errorf("%+v", r)
		}
		k.refuse(k.request(guest, "d.png", "x"), vitrine.CodeDuplicate)
		// An admin is never refused, and gets back what is the admin's own.
		admin := k.user(vitrine.RoleAdmin)
		own := k.accept(k.request(admin, "g.png", "x"))
		if r := k.accept(k.request(admin, "h.png", "x")); own.Existing || !r.Existing || r.File.Slug != own.File.Slug {
			t.Errorf("admin: %+v, then %+v", own, r)
		}
		// Nor is there an answer that has expired.
		req := k.request(u, "e.png", "y")
		req.Expiration = vitrine.Expiration{Time: time.Hour}
		k.accept(req)
		k.now.Add((2 * time.Hour).Microseconds())
		if r := k.accept(k.request(u, "f.png", "y")); r.Existing {
			t.Errorf("expired: %+v", r)
		}
	})
}

func TestDuplicatesAllowed(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{pins: pin("on_duplicate", "allow")})
	if one, two := k.accept(k.request(guest, "a.png", "x")), k.accept(k.request(guest, "a.png", "x")); one.File.Slug == two.File.Slug {
		t.Error("one file")
	}
}

func TestFlood(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{pins: pin("flood_minute", "3", "flood_hour", "5", "flood_day", "0", "flood_week", "0", "flood_month", "0")})
		send := func(a vitrine.Actor, i int) error {
			_, err := k.Accept(t.Context(), k.request(a, "a.png", fmt.Sprint(i)))
			return err
		}
		for i, want := range []vitrine.Code{"", "", "", vitrine.CodeFlood} {
			if err := send(guest, i); vitrine.CodeOf(err) != want {
				t.Fatalf("upload %d: %v", i, err)
			}
		}
		if m := k.refuse(k.request(guest, "a.png", "y"), vitrine.CodeFlood); m != "Flooding detected. You can only upload 3 files per minute" {
			t.Errorf("message %q", m)
		}
		if err := send(vitrine.Actor{Address: netip.MustParseAddr("192.0.2.8")}, 9); err != nil {
			t.Errorf("another address: %v", err)
		}
		if err := send(k.user(vitrine.RoleAdmin), 10); err != nil {
			t.Errorf("admin: %v", err)
		}
		k.now.Add(time.Minute.Microseconds() + 1)
		for i, want := range []vitrine.Code{"", vitrine.CodeFlood} { // the admin's counts for the address
			if err := send(guest, 20+i); vitrine.CodeOf(err) != want {
				t.Fatalf("upload %d of the next minute: %v", i, err)
			}
		}
	})
}

func TestFloodAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{pins: pin("flood_minute", "10")})
		var reqs []upload.Request
		for i := range 30 {
			reqs = append(reqs, k.request(guest, "a.png", fmt.Sprint(i)))
		}
		// An upload that is being recorded at this very moment may count twice.
		if _, codes := k.together(reqs); codes[""] > 10 || codes[""] < 8 || codes[""]+codes[vitrine.CodeFlood] != 30 {
			t.Errorf("answers: %v", codes)
		}
	})
}

func TestTurns(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	k := newKit(t, dbtest.SQLite(t), options{active: 1, waiting: 1, processor: stub{before: func(step string) error {
		if step == "render" {
			entered <- struct{}{}
			<-release
		}
		return nil
	}}})
	one, two := k.request(guest, "a.png", "1"), k.request(guest, "a.png", "2")
	var all sync.WaitGroup
	errs := make([]error, 2)
	all.Go(func() { _, errs[0] = k.Accept(context.Background(), one) })
	<-entered
	all.Go(func() { _, errs[1] = k.Accept(context.Background(), two) })
	for k.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	k.refuse(k.request(guest, "a.png", "3"), vitrine.CodeBusy)
	close(release)
	<-entered
	all.Wait()
	if errs[0] != nil || errs[1] != nil {
		t.Error(errs)
	}
}
