package media

import (
	"context"
	"testing"
	"time"

	"vitrine/internal/sched"
)

func TestAudience(t *testing.T) {
	t.Parallel()
	var a audience
	now := time.Unix(1_700_000_000, 0)
	if a.many(now) {
		t.Error("many before the first")
	}
	for range manyViews - 1 {
		a.seen(now)
	}
	if a.many(now) {
		t.Errorf("%d in a second are many", manyViews-1)
	}
	a.seen(now)
	for after, want := range map[time.Duration]bool{0: true, 900 * time.Millisecond: true, time.Second: true, 2 * time.Second: false, -time.Hour: false} {
		if a.many(now.Add(after)) != want {
			t.Errorf("after %s: many is %v", after, !want)
		}
	}
	a.seen(now.Add(time.Second))
	if !a.many(now.Add(time.Second)) {
		t.Error("the second before is forgotten at its end")
	}
	a.seen(now.Add(2 * time.Second))
	if a.many(now.Add(2 * time.Second)) {
		t.Error("one view a second is many")
	}
}

// TestPlacesForAnAudience: while many look, one processor stays free; when they
// are gone, or where there is only one, decoders take all.
func TestPlacesForAnAudience(t *testing.T) {
	t.Parallel()
	decoders := sched.Processors()
	p := newPool(Config{Decoders: decoders})
	looking, left := make(chan struct{}), make(chan struct{})
	go func() { // 200 a second
		defer close(left)
		for {
			p.audience.seen(time.Now())
			select {
			case <-looking:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	for !p.audience.many(time.Now()) {
		time.Sleep(5 * time.Millisecond)
	}
	refused := func(what string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if free, err := p.place(ctx); err == nil {
			free()
			t.Error(what)
		}
	}
	for range max(1, decoders-1) {
		free, err := p.place(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer free()
	}
	if decoders > 1 {
		refused("all places were taken while many looked")
	}
	close(looking)
	<-left
	if decoders > 1 {
		free, err := p.place(t.Context()) // in three seconds at most
		if err != nil {
			t.Fatal(err)
		}
		defer free()
	}
	refused("there are more places than decoders")
}
