package db_test

import (
	"context"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
)

// Clocks of machines that are off, and that are set while the program runs, show the time
// of a database that is elsewhere.
func TestClock(t *testing.T) {
	t.Parallel()
	shows := func(t *testing.T, c *db.Clock, ahead time.Duration) {
		t.Helper()
		if off := time.Until(c.Now()) - ahead; off.Abs() > 500*time.Millisecond {
			t.Errorf("it is %v off", off)
		}
	}
	for _, off := range []time.Duration{0, time.Hour, -time.Hour} {
		t.Run(off.String(), func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				c := db.NewClock(d, func() time.Time { return time.Now().Add(off) })
				shows(t, c, off)
				must(t, c.Refresh(t.Context()))
				if d.Engine() == db.SQLite { // the clock of the machine is all there is
					shows(t, c, off)
					return
				}
				shows(t, c, 0)
				if got := c.Off() - off; got.Abs() > 500*time.Millisecond {
					t.Errorf("says that the machine is %v ahead, not %v", c.Off(), off)
				}
			})
		})
	}
	t.Run("default", func(t *testing.T) {
		t.Parallel()
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			c := db.NewClock(d, nil)
			must(t, c.Refresh(t.Context()))
			shows(t, c, 0)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			must(t, c.Run(ctx))
		})
	})
}
