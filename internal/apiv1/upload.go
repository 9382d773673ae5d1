package apiv1

import (
	"cmp"
	"context"
	"net/http"
	"net/netip"
	"strings"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// request is one request on its way through the door.
type request struct {
	*door
	w  http.ResponseWriter
	r  *http.Request
	in *intake // nil until parameters were read

	settings *vitrine.Settings
	key      string         // the key that was checked
	actor    *vitrine.Actor // whose key it is; nil: not known yet
	denied   error          // why the actor is refused
	ticket   *upload.Ticket // the place of the upload; nil: none is needed
}

// upload reads the request, makes sure who asks, hands the source to the deed
// and answers.
func (q *request) upload(version, action string) error {
	ctx := q.r.Context()
	q.settings = q.Settings.Current()
	known := version == "1" && action == "upload"
	q.in = &intake{
		limit:   q.limit,
		fields:  fields{body: map[string]string{}, query: map[string]string{}},
		body:    &body{src: q.r.Body, left: 4*int64(max(q.settings.UploadMaxSize, q.settings.UploadMaxSizeGuest)) + small},
		discard: !known,
	}
	defer q.in.close()
	querySource, err := q.in.readQuery(q.r)
	if err != nil {
		return err
	}
	// A key in the header is final. One in the query may give way to one in the
	// body; until then it tells the limit.
	if key, final := q.earlyKey(); key != "" && version == "1" {
		q.check(ctx, key)
		if q.denied != nil && final {
			if !q.worthReading() {
				return q.denied
			}
			q.in.discard = true
			q.in.body.limit(small)
		}
	}
	// Before the body is read, so that nobody sends what would then be refused.
	if !q.in.discard {
		if err := q.enter(); err != nil {
			return err
		}
		defer q.ticket.Leave()
	}
	if q.r.ContentLength > q.in.body.left {
		return vitrine.Errorf(vitrine.CodeTooBig, "File too big - max %s", q.limit())
	}
	broken := q.in.readBody(q.r)
	if broken == nil {
		broken = q.in.takeQuery(ctx, querySource)
	}
	if err := q.mayUpload(ctx, version, action); err != nil && (broken == nil || q.finalKey() != "") {
		return err
	}
	if broken != nil {
		// A source that was refused already is the better reason.
		return cmp.Or(q.in.rejected, broken)
	}
	result, err := q.accept(ctx)
	if err != nil {
		return err
	}
	q.answer(result)
	return nil
}

// enter takes a place for the upload: for whoever asks, or for their address
// where the key stands in the body.
func (q *request) enter() error {
	arrival := upload.Arrival{Actor: vitrine.Actor{Address: clientAddress(q.r)}, Size: q.r.ContentLength}
	if q.actor != nil {
		arrival.Actor = *q.actor
	}
	ticket, err := q.Upload.Enter(arrival)
	if err != nil {
		return err
	}
	q.ticket, q.in.spool = ticket, ticket
	return nil
}

// earlyKey is the key that stands outside the body; final says that no other
// can take its place.
func (q *request) earlyKey() (key string, final bool) {
	if k := q.r.Header.Get("X-API-Key"); k != "" {
		return k, true
	}
	return q.in.fields.get("key"), q.r.Method != http.MethodPost
}

// finalKey is the key that counts: of the header, the body, the query.
func (q *request) finalKey() string {
	if k := q.r.Header.Get("X-API-Key"); k != "" {
		return k
	}
	return q.in.fields.get("key")
}

// mayUpload makes the checks between reading and accepting, in their order.
func (q *request) mayUpload(ctx context.Context, version, action string) error {
	key := q.finalKey()
	switch {
	case key == "":
		return errNoKey
	case version != "1":
		return errVersion
	}
	if key != q.key {
		q.check(ctx, key)
	}
	switch {
	case q.denied != nil:
		return q.denied
	case action != "upload":
		return errAction
	}
	return nil
}

// check finds out who holds the key and whether they may upload.
func (q *request) check(ctx context.Context, key string) {
	q.key, q.actor, q.denied = key, nil, nil
	actor, err := q.Account.Authenticate(ctx, key, clientAddress(q.r))
	if err != nil {
		q.denied = err
		return
	}
	q.actor, q.denied = &actor, actor.MayUpload(q.settings)
}

// limit is the most bytes of the source: the actor's, or the larger of the two
// while the actor is not known.
func (q *request) limit() vitrine.Size {
	if q.actor != nil {
		return q.actor.MaxUploadSize(q.settings)
	}
	return max(q.settings.UploadMaxSize, q.settings.UploadMaxSizeGuest)
}

// worthReading reports whether a refused request is short enough to be read for
// the format in which it wants its answer.
func (q *request) worthReading() bool {
	return q.r.ContentLength >= 0 && q.r.ContentLength <= small
}

// accept hands the request to the deed.
func (q *request) accept(ctx context.Context) (*upload.Result, error) {
	switch {
	case q.in.rejected != nil:
		return nil, q.in.rejected
	case q.in.from == "":
		return nil, errNoSource
	}
	f := &q.in.fields
	var ignored []string
	width, noWidth, err := f.width()
	if err != nil {
		return nil, err
	}
	if noWidth {
		ignored = append(ignored, "width")
	}
	var expiration vitrine.Expiration
	if q.settings.ExpirableUploads {
		if expiration, err = vitrine.ParseExpiration(f.get("expiration"), q.Clock()); err != nil {
			return nil, err
		}
	} else if f.get("expiration") != "" {
		ignored = append(ignored, "expiration")
	}
	if _, unknown := f.format(); unknown {
		ignored = append(ignored, "format")
	}
	req := upload.Request{
		Actor:       *q.actor,
		Source:      q.in.source,
		Ticket:      q.ticket,
		Title:       f.get("title"),
		Description: f.get("description"),
		Tags:        f.get("tags"),
		Album:       f.get("album_id"),
		Category:    f.get("category_id"),
		Width:       width,
		Expiration:  expiration,
		NSFW:        f.one("nsfw"),
		UseFileDate: f.one("use_file_date"),
	}
	if req.Title == "" {
		req.Title = f.get("name")
	}
	q.in.source = upload.Source{} // the deed closes it
	result, err := q.Upload.Accept(ctx, req)
	if err != nil {
		return nil, err
	}
	if ignored = append(ignored, result.Warnings...); len(ignored) > 0 {
		q.w.Header().Set("Vitrine-Warning", "ignored: "+strings.Join(ignored, ", "))
	}
	return result, nil
}

// clientAddress is the address that the server wrote into RemoteAddr.
func clientAddress(r *http.Request) netip.Addr {
	if p, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return p.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(r.RemoteAddr)
	return a.Unmap()
}
