package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
	"vitrine/internal/sched"
)

// reply is what the API answers.
type reply struct {
	Status int `json:"status_code"`
	Image  struct {
		URL   string
		Size  int64
		Thumb struct{ URL string }
	}
	Error struct{ Message string }
}

// post uploads a file by a form whose bytes come from body, and reads the answer.
func post(url, key, contentType string, body io.Reader) (reply, error) {
	var r reply
	req, err := http.NewRequest(http.MethodPost, url+"/api/1/upload", body)
	if err != nil {
		return r, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-API-Key", key)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return r, err
	}
	defer resp.Body.Close()
	return r, json.NewDecoder(resp.Body).Decode(&r)
}

// form encodes one file.
func form(content []byte) (body []byte, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, _ := w.CreateFormFile("source", "photo.jpg") // writing to memory does not fail
	_, _ = part.Write(content)
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

var welcome = regexp.MustCompile(`^Vitrine is open at (http://127\.0\.0\.1:\d+/)

This is its first start\. Keep these, they are not shown again:

  username  admin
  password  (\w{21})
  API key   (chv_\w{7}_[0-9a-f]{64})

Upload a picture:

  (curl --fail-with-body -X POST -H "X-API-Key: chv_\w+" -F source=@photo\.jpg http://127\.0\.0\.1:\d+/api/1/upload)

$`)

func TestFirstStart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		s := g.serve(t)
		t.Logf("ready after %s", s.start)

		// The curl line is pasted as it stands.
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "photo.jpg"), apptest.Picture(t, 64, 48), 0o600); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return strings.Contains(s.printed(), "curl") })
		line := regexp.MustCompile(`curl .*`).FindString(s.printed())
		curl := exec.Command("sh", "-c", line+" --silent")
		curl.Dir = folder
		out, err := curl.CombinedOutput()
		if err != nil || !strings.Contains(string(out), `"status_code":200`) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		s.stop(t)

		m := welcome.FindStringSubmatch(s.printed())
		if m == nil {
			t.Fatalf("the first start printed\n%s", s.printed())
		}
		password, key := m[2], m[3]
		if log := s.errs.String(); strings.Contains(log, key) || strings.Contains(log, password) {
			t.Errorf("the log tells the secrets:\n%s", log)
		}
		if list := g.run(t, "user", "list"); !regexp.MustCompile(`admin +\S+ +admin +valid +1 `).MatchString(list) {
			t.Errorf("accounts:\n%s", list)
		}
		checkModes(t, g)

		again := g.serve(t)
		again.stop(t)
		if want := "Vitrine is open at " + again.url + "/\n"; again.printed() != want {
			t.Errorf("the second start printed\n%s", again.printed())
		}
	})
}

// checkModes: nobody else on the machine may look.
func checkModes(t *testing.T, g ground) {
	t.Helper()
	for path, want := range map[string]os.FileMode{g.data: 0o700, filepath.Join(g.data, "vitrine.db"): 0o600} {
		info, err := os.Stat(path)
		if os.IsNotExist(err) && path != g.data {
			continue // another engine
		}
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing happened within 30 s")
		}
	}
}

func TestStopsAtOnceWhenIdle(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
			s := g.serve(t)
			body, contentType := form(apptest.Picture(t, 64, 48))
			if r, err := post(s.url, g.run(t, "key", "create", "--user", "admin"), contentType, bytes.NewReader(body)); err != nil || r.Status != 200 {
				t.Fatalf("%+v, %v", r, err)
			}
			begin := time.Now()
			if err := s.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := s.wait(t); err != nil {
				t.Errorf("%s: %v", signal, err)
			}
			if took := time.Since(begin); took > time.Second {
				t.Errorf("%s took %s", signal, took)
			} else {
				t.Logf("%s took %s", signal, took)
			}
		}
	})
}

// TestStopFinishesUploads stops a server in the middle of an upload.
func TestStopFinishesUploads(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		s := g.serve(t)
		key := g.run(t, "key", "create", "--user", "admin")
		content := apptest.Picture(t, 800, 600)
		body, contentType := form(content)
		r, w := io.Pipe()
		type outcome struct {
			reply reply
			err   error
		}
		done := make(chan outcome, 1)
		go func() {
			reply, err := post(s.url, key, contentType, r)
			done <- outcome{reply, err}
		}()
		if _, err := w.Write(body[:len(body)/2]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // so that the server is within the request
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool {
			resp, err := http.Get(s.url + "/livez")
			if err == nil {
				resp.Body.Close()
			}
			return err != nil
		})
		if _, err := w.Write(body[len(body)/2:]); err != nil {
			t.Fatal(err)
		}
		w.Close()
		got := <-done
		if got.err != nil || got.reply.Status != 200 || got.reply.Image.Size == 0 {
			t.Fatalf("the running upload: %+v, %v", got.reply, got.err)
		}
		if err := s.wait(t); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		again := g.serve(t)
		resp, err := http.Get(again.url + got.reply.Image.URL[strings.Index(got.reply.Image.URL, "/images/"):])
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if n, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK || n != got.reply.Image.Size {
			t.Errorf("the file afterwards: %s, %d bytes, %v", resp.Status, n, err)
		}
	})
}

// TestTwoServersOneFolder: a second server on the same data folder, started by
// mistake, spoils nothing.
func TestTwoServersOneFolder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		first := g.serve(t)
		key := g.run(t, "key", "create", "--user", "admin")
		body, contentType := form(apptest.Picture(t, 800, 600))
		r, w := io.Pipe()
		done := make(chan reply, 1)
		go func() {
			got, err := post(first.url, key, contentType, r)
			if err != nil {
				t.Error(err)
			}
			done <- got
		}()
		if _, err := w.Write(body[:len(body)/2]); err != nil {
			t.Fatal(err)
		}
		second := g.serve(t) // cleans the remains of crashes, not what is on its way
		for range 5 {
			for _, s := range []*served{first, second} {
				body, contentType := form(apptest.Picture(t, 100, 100))
				if got, err := post(s.url, key, contentType, bytes.NewReader(body)); err != nil || got.Status != 200 {
					t.Errorf("%+v, %v", got, err)
				}
			}
		}
		if _, err := w.Write(body[len(body)/2:]); err != nil {
			t.Fatal(err)
		}
		w.Close()
		if got := <-done; got.Status != 200 {
			t.Errorf("the upload that was on its way: %+v", got)
		}
		first.stop(t)
		second.stop(t)
		if list := g.run(t, "user", "list"); !regexp.MustCompile(`admin +\S+ +admin +valid +11 `).MatchString(list) {
			t.Errorf("accounts:\n%s", list)
		}
	})
}

// TestRuntimeKnowsOfUploads: while uploads come in, the Go runtime is told of more
// processors, of which some are left for views.
func TestRuntimeKnowsOfUploads(t *testing.T) {
	t.Parallel()
	g := newGround(t, "sqlite")
	// An address that nobody else takes, also not for a moment as one end of a connection.
	metrics := fmt.Sprintf("127.7.%d.%d:9464", os.Getpid()>>8&0xff, os.Getpid()&0xff)
	g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
	key := g.run(t, "key", "create", "--user", "ann")
	s := g.serve(t, "--metrics-listen", metrics)
	told := func() string {
		t.Helper()
		resp, err := http.Get("http://" + metrics + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?m)^go_sched_gomaxprocs_threads (\d+)$`).FindSubmatch(text)
		if found == nil {
			t.Fatal("the metrics do not tell of how many processors the runtime knows")
		}
		return string(found[1])
	}
	processors := sched.Processors()
	if got := told(); got != strconv.Itoa(processors) {
		t.Errorf("before uploads %s, want %d", got, processors)
	}
	body, contentType := form(apptest.Picture(t, 64, 48))
	if r, err := post(s.url, key, contentType, bytes.NewReader(body)); err != nil || r.Status != http.StatusOK {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := told(); got != strconv.Itoa(2*processors+2) {
		t.Errorf("after an upload %s, want %d", got, 2*processors+2)
	}
}
