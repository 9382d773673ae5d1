package cluster_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
)

const (
	uploaders = 5
	viewers   = 6
	// pause keeps the load below what two cores can do, so that a refusal says
	// something about the fault.
	pause = 60 * time.Millisecond
)

// load is uploads and views that go on while something is broken, through the
// balancer and to the nodes directly.
type load struct {
	site    *site
	t       testing.TB
	mayDie  bool // nodes may be killed: connection errors of theirs are no fault
	end     context.CancelFunc
	working sync.WaitGroup

	mu                                sync.Mutex
	tried                             int
	fates                             map[fate]int
	deletions                         int
	seen, missed                      int // views
	balanced, balancedMissed          int // those of them that went through the balancer
	balancedUnknown                   int // uploads through the balancer whose outcome is unknown
	slowestUpload, slowestView        time.Duration
	answers                           map[string]int // how often which answer came that was not 200
	wrong                             []string       // what may never happen
	longestBlind, longestBlindToWrite time.Duration  // without any view, or upload, that succeeded
	lastView, lastUpload              time.Time
}

// startLoad runs load until stop.
func (s *site) startLoad(t *testing.T, mayDie bool) *load {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	now := time.Now()
	l := &load{site: s, t: t, mayDie: mayDie, end: end, fates: make(map[fate]int), answers: make(map[string]int), lastView: now, lastUpload: now}
	for i := range uploaders {
		l.working.Go(func() { l.repeat(ctx, func() { l.upload(i) }) })
	}
	for range viewers {
		l.working.Go(func() { l.repeat(ctx, l.view) })
	}
	t.Cleanup(l.stop)
	return l
}

func (l *load) repeat(ctx context.Context, fn func()) {
	for ctx.Err() == nil {
		fn()
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
		}
	}
}

// stop waits for the answers of what is under way.
func (l *load) stop() {
	l.end()
	l.working.Wait()
}

// somewhere is where a request goes: every second one to the balancer.
func (l *load) somewhere() (base string, balanced bool) {
	if rand.IntN(2) == 0 {
		return l.site.balancer, true
	}
	return l.site.nodes[rand.IntN(nodeCount)].url(), false
}

// form is a picture that nobody has sent before, as a form.
func (l *load) form(title string) (body *bytes.Buffer, contentType string, digest [sha256.Size]byte, err error) {
	content := apptest.Picture(l.t, 560, 420)
	body = new(bytes.Buffer)
	w := multipart.NewWriter(body)
	fields := map[string]string{"title": title, "tags": "cluster," + title[:len(title)-3], "category_id": l.site.ledger.category}
	if rand.IntN(2) == 0 {
		fields["album_id"] = l.site.ledger.albums[0]
	}
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			return nil, "", digest, err
		}
	}
	part, err := w.CreateFormFile("source", "picture.jpg") // all of one name, which nodes must agree about
	if err != nil {
		return nil, "", digest, err
	}
	if _, err := part.Write(content); err != nil {
		return nil, "", digest, err
	}
	return body, w.FormDataContentType(), sha256.Sum256(content), w.Close()
}

// upload sends a picture, and deletes every tenth one again.
func (l *load) upload(uploader int) {
	title := l.site.ledger.title()
	body, contentType, digest, err := l.form(title)
	if err != nil {
		l.complain("a form cannot be written: %v", err)
		return
	}
	base, balanced := l.somewhere()
	headers := []string{"Content-Type", contentType, "X-API-Key", l.site.key, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", uploader+1)}
	start := time.Now()
	a, err := ask(context.Background(), http.MethodPost, base+"/api/1/upload", body, headers...)
	took := time.Since(start)
	became, f := l.judge(title, balanced, a, err)
	if f != nil {
		f.digest = digest
	}
	l.site.ledger.note(title, became, f)
	l.mu.Lock()
	l.tried++
	l.fates[became]++
	if balanced && became == unknown {
		l.balancedUnknown++
	}
	l.slowestUpload = max(l.slowestUpload, took)
	if became == acknowledged {
		l.longestBlindToWrite = max(l.longestBlindToWrite, time.Since(l.lastUpload))
		l.lastUpload = time.Now()
	}
	l.mu.Unlock()
	if f != nil && rand.IntN(10) == 0 {
		l.remove(f)
	}
}

// judge says what an answer to an upload means, and complains of what may not be.
func (l *load) judge(title string, balanced bool, a *answer, err error) (fate, *file) {
	if err != nil {
		l.connectionError("upload", balanced, err)
		return unknown, nil
	}
	switch {
	case a.status == http.StatusOK:
		f, err := readFile(title, a.body)
		if err != nil {
			l.complain("%s: a success that cannot be read: %v: %s", title, err, a.body)
			return unknown, nil
		}
		return acknowledged, f
	case balanced && fromBalancer(a):
		l.count("upload", a)
		return unknown, nil
	}
	l.count("upload", a)
	l.checkRefusal("upload", a)
	if a.status >= http.StatusInternalServerError && a.status != http.StatusServiceUnavailable {
		return failed, nil
	}
	return refused, nil
}

// remove deletes a file by its link.
func (l *load) remove(f *file) {
	l.site.ledger.leave(f)
	base, balanced := l.somewhere()
	a, err := ask(context.Background(), http.MethodPost, base+f.remove, nil, "Content-Type", "application/x-www-form-urlencoded")
	switch {
	case err != nil:
		l.connectionError("deletion", balanced, err)
	case a.status == http.StatusOK || a.status == http.StatusSeeOther:
		l.site.ledger.gone(f)
		l.mu.Lock()
		l.deletions++
		l.mu.Unlock()
	case balanced && fromBalancer(a):
		l.count("deletion", a)
	default:
		l.count("deletion", a)
		l.checkRefusal("deletion", a)
	}
}

// view fetches something of a file that must be there.
func (l *load) view() {
	f := l.site.ledger.any()
	if f == nil {
		return
	}
	what := rand.IntN(5)
	path := []string{f.path, f.thumb, f.medium, f.page, "/"}[what]
	base, balanced := l.somewhere()
	start := time.Now()
	a, err := ask(context.Background(), http.MethodGet, base+path, nil)
	took := time.Since(start)
	good := err == nil && a.status == http.StatusOK
	switch {
	case err != nil:
		l.connectionError("view", balanced, err)
	case a.status == http.StatusNotFound && !l.site.ledger.has(f):
		return // it was deleted meanwhile
	case !good:
		l.count("view", a)
		if !balanced || !fromBalancer(a) {
			l.checkRefusal("view", a)
		}
	case what == 0 && sha256.Sum256(a.body) != f.digest:
		l.complain("%s: other bytes at %s%s: %d of %d", f.title, base, path, len(a.body), f.size)
	case what == 1 && int64(len(a.body)) != f.thumbSize, what == 2 && int64(len(a.body)) != f.mediumSize:
		l.complain("%s: a variant of another size at %s%s: %d bytes", f.title, base, path, len(a.body))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowestView = max(l.slowestView, took)
	if !good {
		l.missed++
		if balanced {
			l.balancedMissed++
		}
		return
	}
	l.seen++
	if balanced {
		l.balanced++
	}
	l.longestBlind = max(l.longestBlind, time.Since(l.lastView))
	l.lastView = time.Now()
}

// fromBalancer reports whether nginx itself has answered: no node did.
func fromBalancer(a *answer) bool {
	return a.header.Get("X-Request-Id") == "" && (a.status == http.StatusBadGateway || a.status == http.StatusGatewayTimeout)
}

// checkRefusal complains of answers that are not of the agreed kinds.
func (l *load) checkRefusal(what string, a *answer) {
	retry, id := a.header.Get("Retry-After"), a.header.Get("X-Request-Id")
	fine := false
	switch a.status {
	case http.StatusBadRequest:
		var refusal struct {
			Error struct {
				Message string
				Code    int
			}
		}
		fine = what == "upload" && json.Unmarshal(a.body, &refusal) == nil && refusal.Error.Code != 0 && refusal.Error.Message != ""
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		fine = retry != ""
	case http.StatusInternalServerError:
		fine = id != ""
	}
	if !fine {
		l.complain("%s: answered with %d, Retry-After %q, request id %q: %.300s", what, a.status, retry, id, a.body)
	}
}

// connectionError complains unless a node may have been killed.
func (l *load) connectionError(what string, balanced bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[what+" cut"]++
	if balanced || !l.mayDie {
		l.wrong = append(l.wrong, fmt.Sprintf("%s: no answer (through the balancer: %v): %v", what, balanced, err))
	}
}

func (l *load) count(what string, a *answer) {
	by := ""
	if fromBalancer(a) {
		by = " of the balancer"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[fmt.Sprintf("%s %d%s", what, a.status, by)]++
}

func (l *load) complain(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// readFile reads what the API says of a stored file.
func readFile(title string, body []byte) (*file, error) {
	var reply struct {
		Image struct {
			URL           string
			Size          int64
			ThumbSize     int64  `json:"thumb_size"`
			MediumSize    int64  `json:"medium_size"`
			Page          string `json:"url_viewer"`
			Remove        string `json:"delete_url"`
			Thumb, Medium struct{ URL string }
		}
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		return nil, err
	}
	i := &reply.Image
	f := &file{title: title, size: i.Size, thumbSize: i.ThumbSize, mediumSize: i.MediumSize}
	for to, address := range map[*string]string{&f.path: i.URL, &f.page: i.Page, &f.thumb: i.Thumb.URL, &f.medium: i.Medium.URL, &f.remove: i.Remove} {
		u, err := url.Parse(address)
		if err != nil || !strings.HasPrefix(u.Path, "/") {
			return nil, fmt.Errorf("no address: %q", address)
		}
		*to = u.Path
	}
	return f, nil
}
