package app_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/sched"
)

// logLines are the lines of a log of JSON for which keep holds.
func logLines(t *testing.T, s *apptest.Site, keep func(map[string]any) bool) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(s.Log()) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("a line is no JSON: %q", line)
		}
		if keep(l) {
			list = append(list, l)
		}
	}
	return list
}

// TestLinesOfOneRequest: an upload that fails inside leaves lines of several rooms,
// all with the id that its client got.
func TestLinesOfOneRequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{JSONLog: true, SlowQuery: time.Nanosecond})
	wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 48)))
	if _, err := s.App.DB.SQL().ExecContext(t.Context(), "ALTER TABLE files RENAME TO gone"); err != nil {
		t.Fatal(err)
	}
	a := s.Upload(t, s.UserKey, "b.jpg", apptest.Picture(t, 64, 48))
	id := a.Header.Get("X-Request-Id")
	if a.Status != http.StatusInternalServerError || id == "" {
		t.Fatalf("got %d, request id %q: %s", a.Status, id, a.Body)
	}
	want := map[string]bool{"slow query": false, "upload failed": false, "request": false}
	for range 100 {
		for _, l := range logLines(t, s, func(l map[string]any) bool { return l["request_id"] == id }) {
			message, _ := l["msg"].(string)
			want[message] = true
		}
		if want["request"] {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	for message, found := range want {
		if !found {
			t.Errorf("no line %q with the request's id", message)
		}
	}
	if twice := strings.Count(s.Log(), `"request_id":"`+id+`","request_id"`); twice > 0 {
		t.Errorf("%d lines have two ids", twice)
	}
	for range 600 {
		if len(logLines(t, s, func(l map[string]any) bool { return l["job"] != nil && l["kind"] != nil && l["request_id"] == nil })) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("no line of a job names it")
}

// TestNoSecretsInTheLog at its most talkative.
func TestNoSecretsInTheLog(t *testing.T) {
	t.Parallel()
	bucket := apptest.Bucket(t)
	s := apptest.Start(t, apptest.Options{Bucket: bucket, JSONLog: true, SlowQuery: time.Nanosecond, Settings: map[string]string{"delivery": "redirect"}})
	a := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 48)))
	link := s.Get(t, a.Text("url")).Header.Get("Location")
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("X-Amz-Signature") == "" {
		t.Fatalf("no signed link: %q", link)
	}
	s.Get(t, s.URL+"/images/x.jpg?"+u.RawQuery) // somebody pastes it wrongly
	s.Get(t, s.URL+"/api/1/upload?key="+s.UserKey)
	deletion := a.Text("delete_url")
	s.Get(t, deletion)
	s.SignIn(t, "bob")
	s.Upload(t, "chv_wrong_SECRETKEY", "x.jpg", apptest.Picture(t, 64, 48))
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	log := s.Log()
	for name, secret := range map[string]string{
		"API key": s.UserKey, "wrong key": "SECRETKEY", "key of the bucket": bucket.SecretKey, "password": s.Password(),
		"signature": u.Query().Get("X-Amz-Signature"), "delete token": deletion[strings.LastIndex(deletion, "/")+1:],
	} {
		if secret != "" && strings.Contains(log, secret) {
			t.Errorf("the log has the %s", name)
		}
	}
	if !strings.Contains(log, "REDACTED") {
		t.Error("nothing was taken out")
	}
}

// TestNoPasswordInErrors: what a database that is not there says has no password.
func TestNoPasswordInErrors(t *testing.T) {
	t.Parallel()
	c, err := app.Load(app.Sources{Environ: []string{"VITRINE_DATABASE=postgres://vitrine:SECRETWORD@127.0.0.1:1/vitrine?connect_timeout=2", "VITRINE_DATA=" + t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = app.New(t.Context(), c); err == nil || strings.Contains(err.Error(), "SECRETWORD") {
		t.Errorf("got %v", err)
	}
}

// wire is a way to a server that can be cut.
type wire struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func newWire(t *testing.T, network, address string) *wire {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l}
	t.Cleanup(w.cut)
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(network, address)
			if err != nil {
				near.Close()
				continue
			}
			w.mu.Lock()
			w.conns = append(w.conns, near, far)
			w.mu.Unlock()
			go func() { _, _ = io.Copy(far, near); far.Close() }()
			go func() { _, _ = io.Copy(near, far); near.Close() }()
		}
	}()
	return w
}

// cut ends all connections and takes no more.
func (w *wire) cut() {
	w.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

// TestReadyWithoutStorageAndDatabase: without its bucket a node is degraded, without
// its database down, and it says so in time.
func TestReadyWithoutStorageAndDatabase(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(apptest.Database(t, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	database := newWire(t, "unix", u.Query().Get("host")+"/.s.PGSQL."+u.Query().Get("port"))
	u.Host, u.RawQuery = database.Addr().String(), "sslmode=disable"
	bucket := apptest.Bucket(t)
	store := newWire(t, "tcp", bucket.Endpoint)
	bucket.Endpoint = store.Addr().String()
	s := apptest.Start(t, apptest.Options{DatabaseURL: u.String(), Bucket: bucket})

	want := func(status int, words string) {
		t.Helper()
		var got apptest.Answer
		for range 20 {
			began := time.Now()
			got = s.Get(t, s.URL+"/readyz")
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("the answer took %s", took)
			}
			if got.Status == status && strings.HasPrefix(string(got.Body), words) {
				return
			}
			time.Sleep(300 * time.Millisecond)
		}
		t.Errorf("got %d %q, want %d %q", got.Status, got.Body, status, words)
	}
	want(http.StatusOK, "ok")
	store.cut()
	want(http.StatusOK, "degraded: the storage s3 does not answer")
	database.cut()
	want(http.StatusServiceUnavailable, "not ready: the database does not answer")
	if got := s.Get(t, s.URL+"/livez"); got.Status != http.StatusOK {
		t.Errorf("alive: got %d", got.Status)
	}
	if got := s.Get(t, s.URL+"/readyz"); strings.Contains(string(got.Body), "127.0.0.1") {
		t.Errorf("an address is told: %s", got.Body)
	}
}

// TestDecodersStepAside: while many look, one processor is left to them.
func TestDecodersStepAside(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Decoders: sched.Processors()})
	most := func() int { return s.App.Media.Load().MostRunning }
	if most() != sched.Processors() {
		t.Fatalf("%d decoders, want %d", most(), sched.Processors())
	}
	want := max(1, sched.Processors()-1)
	for begin := time.Now(); ; {
		resp, err := http.Get(s.URL + "/robots.txt")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if most() == want {
			break
		}
		if time.Since(begin) > time.Minute {
			t.Fatalf("%d decoders work while many look, want %d", most(), want)
		}
	}
	for begin := time.Now(); most() != sched.Processors(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begin) > time.Minute {
			t.Fatalf("nobody looks any more, and %d decoders work", most())
		}
	}
}
