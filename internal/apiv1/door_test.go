package apiv1_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/internal/account"
	"vitrine/internal/apiv1"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/media"
	"vitrine/internal/server"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decoder" {
		os.Exit(media.RunDecoder(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// house is the door with real rooms behind it, on a real connection.
type house struct {
	url                string // of the server, without the base path of links
	user, admin, guest string // keys
	db                 *db.DB
	settings           *settings.Service
	spool              string
}

func newHouse(t testing.TB, pins map[string]string) *house {
	t.Helper()
	ctx, d := context.Background(), dbtest.SQLite(t)
	all := map[string]string{"flood_protection": "off", "on_duplicate": "allow", "guest_api": "on"}
	for k, v := range pins {
		all[k] = v
	}
	h := &house{db: d, spool: t.TempDir()}
	t.Cleanup(func() { // after the server is closed
		if left, _ := filepath.Glob(filepath.Join(h.spool, "upload-*", "*")); len(left) != 0 {
			t.Errorf("left in the spool: %v", left)
		}
	})
	var err error
	h.settings, err = settings.New(ctx, settings.Config{DB: d, Pinned: all})
	must(t, err)
	store, err := local.New(local.Config{Root: t.TempDir()})
	must(t, err)
	decoders, err := media.New(media.Config{Decoders: 1, Spool: h.spool})
	must(t, err)
	t.Cleanup(func() { _ = decoders.Close() })
	uploads, err := upload.New(upload.Config{
		DB: d, Settings: h.settings, Stores: storage.NewSet(map[string]storage.Store{"local": store}, "local"), Processor: decoders, Spool: h.spool,
	})
	must(t, err)
	accounts := account.New(account.Config{DB: d, Settings: h.settings})
	for name, key := range map[string]*string{"somebody": &h.user, "boss": &h.admin} {
		role := vitrine.RoleUser
		if name == "boss" {
			role = vitrine.RoleAdmin
		}
		_, err := accounts.CreateUser(ctx, account.NewUser{Username: name, Email: name + "@example.org", Role: role, Password: "a good password"})
		must(t, err)
		*key, _, err = accounts.CreateKey(ctx, name, "test")
		must(t, err)
	}
	h.guest = "the public key"
	if pins["guest_api"] == "" {
		must(t, h.settings.Set(ctx, "guest_key", h.guest))
	}
	texts, err := locale.New()
	must(t, err)
	base, err := url.Parse("https://pics.example.org/g")
	must(t, err)
	around, err := server.New(server.Config{Handler: apiv1.New(apiv1.Config{
		Account: accounts, Upload: uploads, Settings: h.settings, Locale: texts,
		Links: links.New(links.Config{Base: base, Settings: h.settings.Current}),
	})})
	must(t, err)
	listening := httptest.NewServer(around.Handler())
	t.Cleanup(listening.Close)
	h.url = listening.URL
	return h
}

// answer is what came back, parsed if it is JSON.
type answer struct {
	status int
	header http.Header
	body   string
	json   struct {
		StatusCode int             `json:"status_code"`
		Error      *refusal        `json:"error"`
		Success    *refusal        `json:"success"`
		Image      map[string]any  `json:"image"`
		Data       map[string]any  `json:"data"`
		Status     int             `json:"status"`
		StatusText string          `json:"status_txt"`
		Rest       json.RawMessage `json:"-"`
	}
}

type refusal struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// send sends a request with pairs of header names and values.
func (h *house) send(t testing.TB, method, path string, body func() (string, []byte), headers ...string) answer {
	t.Helper()
	var content io.Reader
	contentType := ""
	if body != nil {
		var b []byte
		contentType, b = body()
		content = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, h.url+path, content)
	must(t, err)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w, err := client.Do(r)
	must(t, err)
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	must(t, err)
	a := answer{status: w.StatusCode, header: w.Header, body: string(text)}
	if strings.HasPrefix(w.Header.Get("Content-Type"), "application/json") && method != http.MethodHead {
		must(t, json.Unmarshal(text, &a.json))
	}
	return a
}

func (h *house) post(t testing.TB, body func() (string, []byte), headers ...string) answer {
	t.Helper()
	return h.send(t, http.MethodPost, "/api/1/upload", body, headers...)
}

func picture(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	must(t, err)
	return string(b)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
