package app_test

import (
	"testing"

	"go.uber.org/goleak"

	"vitrine/internal/app/apptest"
)

// TestNothingIsLeftRunning does not run beside others: it counts goroutines.
func TestNothingIsLeftRunning(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			for _, store := range []string{"local", "s3"} {
				t.Run(store, func(t *testing.T) {
					o := apptest.Options{Engine: engine, Storage: store}
					if store == "s3" {
						o.Bucket = apptest.Bucket(t) // its server runs until the process ends
					}
					if engine == "postgres" {
						o.DatabaseURL = apptest.Database(t, engine)
					}
					before := goleak.IgnoreCurrent()
					s := apptest.Start(t, o)
					wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 640, 480)))
					if err := s.Stop(); err != nil {
						t.Fatal(err)
					}
					// Idle connections to the bucket close by themselves.
					goleak.VerifyNone(t, before,
						goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
				})
			}
		})
	}
}
