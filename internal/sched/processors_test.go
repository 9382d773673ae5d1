package sched

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// The runtime is told of more processors while there is a crowd, and for a while after.
func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []int
		c := &crowd{linger: 10 * time.Second, tell: func(n int) { told = append(told, n) }}
		want := func(when string, list ...int) {
			t.Helper()
			synctest.Wait()
			c.mu.Lock()
			defer c.mu.Unlock()
			if !slices.Equal(told, list) {
				t.Errorf("%s: told %v, want %v", when, told, list)
			}
		}
		narrow, wide := processors, 2*processors+2
		c.enter()()
		time.Sleep(time.Minute)
		want("nobody asked to adapt")
		c.adapts = true
		first, second := c.enter(), c.enter()
		want("two are there", wide)
		first()
		first() // the same one
		time.Sleep(time.Minute)
		want("one is there", wide)
		second()
		time.Sleep(9 * time.Second)
		want("shortly after", wide)
		third := c.enter()
		time.Sleep(time.Minute)
		want("one came back", wide)
		third()
		time.Sleep(9 * time.Second)
		c.enter()()
		time.Sleep(9 * time.Second)
		want("one was there for a moment", wide)
		time.Sleep(2 * time.Second)
		want("nobody came back", wide, narrow)
		c.enter()()
		want("another", wide, narrow, wide)
		time.Sleep(time.Minute)
		want("at the end", wide, narrow, wide, narrow)
	})
}
