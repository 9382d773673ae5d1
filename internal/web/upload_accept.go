package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// uploaded is a file that was taken in, as the page after an upload shows it and
// scripts are told of it.
type uploaded struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Kind      string      `json:"kind"`
	Viewer    string      `json:"viewer"`
	Direct    string      `json:"direct"`
	Medium    string      `json:"medium,omitempty"`
	Thumb     string      `json:"thumb,omitempty"`
	DeleteURL string      `json:"delete_url,omitempty"` // none for what was there already
	Token     string      `json:"token,omitempty"`      // proves an upload of a guest
	Width     int         `json:"width"`
	Height    int         `json:"height"`
	Size      string      `json:"size"`
	Codes     []codeGroup `json:"codes"`
	Notes     []string    `json:"notes,omitempty"` // what was not done as asked for
}

// refused is a file that was not taken in.
type refused struct {
	Name   string // empty: the form as a whole
	Reason string
	Link   string // to the file that is in the way; empty: none
}

// ignored are the texts for what the deed ignored, by its names for them.
var ignored = map[string]string{
	"album_id": "upload.ignored.album_id", "category_id": "upload.ignored.category_id", "tags": "upload.ignored.tags",
	"expiration": "upload.ignored.expiration", "width": "upload.ignored.width",
}

// uploadForm takes a form in: one answer in JSON for a script, which sends one
// file at a time, or a page for all files of a plain form.
func (q *visit) uploadForm() error {
	a, err := q.receive()
	defer a.close()
	if err != nil {
		return err
	}
	switch {
	case len(a.files) == 0:
		return vitrine.Errorf(vitrine.CodeSourceMissing, "No file was chosen")
	case q.wantsJSON() && len(a.files) > 1:
		return vitrine.Invalid("files", "Send one file per request")
	}
	req, err := q.uploadRequest(a)
	if err != nil {
		return err
	}
	var done []uploaded
	var failed []error
	var failures []refused
	for i, taken := range q.acceptAll(a.files, req) {
		if taken.err == nil {
			done = append(done, *taken.file)
			continue
		}
		if q.r.Context().Err() != nil {
			return taken.err // nobody waits for the answer
		}
		failed = append(failed, taken.err)
		failures = append(failures, q.refusal(a.files[i].name, taken.err))
	}
	if q.wantsJSON() {
		if len(failed) > 0 {
			return failed[0]
		}
		return q.json(http.StatusOK, done[0])
	}
	status := http.StatusOK
	if len(done) == 0 {
		status = q.statusOf(failed[0])
	}
	return q.uploadDone(status, done, failures)
}

// uploadRequest is what the fields say about every file of the form.
func (q *visit) uploadRequest(a *arrivals) (upload.Request, error) {
	req := upload.Request{
		Actor: q.actor(), Ticket: a.ticket, Title: a.first("title"), Description: a.first("description"), Alt: a.first("alt"),
		Tags: a.first("tags"), Album: a.first("album"), NSFW: a.on("nsfw"), Shrink: true,
	}
	var err error
	if text := a.first("width"); text != "" {
		if req.Width, err = strconv.Atoi(text); err != nil || req.Width < 1 || req.Width > 100000 {
			return req, vitrine.Invalid("width", "Invalid width: use a whole number of pixels")
		}
	}
	if req.Expiration, err = vitrine.ParseExpiration(a.first("expiration"), q.Clock()); err != nil {
		return req, err
	}
	if key := a.first("category"); key != "" {
		list, err := q.Catalog.Categories(q.r.Context())
		if err != nil {
			return req, err
		}
		if i := slices.IndexFunc(list, func(c vitrine.Category) bool { return c.URLKey == key }); i >= 0 {
			req.Category = strconv.FormatInt(list[i].ID, 10)
		} else {
			req.Category = key // refused below as any that does not exist
		}
	}
	return req, nil
}

// outcome is what became of one file.
type outcome struct {
	file *uploaded
	err  error
}

// acceptAll hands files to the deed, a few at a time: addresses are slow.
func (q *visit) acceptAll(files []arrival, req upload.Request) []outcome {
	all := make([]outcome, len(files))
	places := make(chan struct{}, formAtOnce)
	var wait sync.WaitGroup
	for i := range files {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			all[i].file, all[i].err = q.accept(&files[i], req)
		})
	}
	wait.Wait()
	return all
}

// accept hands one file to the deed.
func (q *visit) accept(f *arrival, req upload.Request) (*uploaded, error) {
	if f.err != nil {
		return nil, f.err
	}
	req.Source, f.source = f.source, upload.Source{} // the deed closes it
	r, err := q.Upload.Accept(q.r.Context(), req)
	if err != nil {
		return nil, err
	}
	return q.uploaded(r), nil
}

// uploaded tells of a file with all its links.
func (q *visit) uploaded(r *upload.Result) *uploaded {
	f := r.File
	u := &uploaded{
		ID: string(f.Slug), Title: f.DisplayTitle(), Kind: string(f.Kind()),
		Viewer: q.Links.Viewer(f), Direct: q.Links.Original(f),
		Width: f.Width, Height: f.Height, Size: vitrine.Size(f.Size).String(),
	}
	if f.Medium.Exists() {
		u.Medium = q.Links.Variant(f, vitrine.Medium)
	}
	if f.Thumb.Exists() {
		u.Thumb = q.Links.Variant(f, vitrine.Thumb)
	}
	if r.DeleteToken != "" {
		u.DeleteURL = q.Links.Delete(f, r.DeleteToken)
		if q.actor().Guest() {
			u.Token = r.DeleteToken
		}
	}
	u.Codes = q.codes(f, u.DeleteURL)
	if r.Existing {
		u.Notes = append(u.Notes, q.texts.T("upload.existing"))
	}
	for _, name := range r.Warnings {
		u.Notes = append(u.Notes, q.texts.T(ignored[name]))
	}
	return u
}

// refusal says why a file was refused, and remembers our own faults.
func (q *visit) refusal(name string, err error) refused {
	e, ok := errors.AsType[*vitrine.Error](err)
	if !ok {
		e = &vitrine.Error{Code: vitrine.CodeInternal}
	}
	if e.Code == vitrine.CodeInternal {
		q.Logger.ErrorContext(q.r.Context(), "upload failed", "request_id", q.r.Header.Get("X-Request-Id"), "err", err)
	}
	return refused{name, q.explain(e), q.linkOf(e)}
}

// statusOf is the status of a page that tells of a refusal only.
func (q *visit) statusOf(err error) int {
	return cmp.Or(refusals[vitrine.CodeOf(err)].status, http.StatusBadRequest)
}
