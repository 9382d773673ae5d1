package upload

import (
	"context"
	"errors"
	"strings"
	"time"

	"vitrine/internal/fetch"
	"vitrine/internal/vitrine"
)

// received is a source that has arrived.
type received struct {
	*Spooled
	filename string    // the client's base name, clean; empty: none was given
	stem     string    // of it, without extension: what stored name and title are made of
	at       time.Time // UTC, in microseconds like the rows
}

// receive takes over what the door spooled, or fetches the URL. The limit is the
// actor's: a door may have spooled before it knew who sends.
func (s *Service) receive(ctx context.Context, req Request, set *vitrine.Settings) (*received, error) {
	limit := req.Actor.MaxUploadSize(set)
	if req.Source.Spooled != nil {
		if vitrine.Size(req.Source.Spooled.Size) > limit {
			return nil, tooBig(limit)
		}
		name := clientName(req.Source.Filename)
		stem, _ := splitName(name)
		return &received{Spooled: req.Source.Spooled, filename: name, stem: stem, at: s.now()}, nil
	}
	r, err := s.c.Fetcher.Get(ctx, req.Source.URL)
	if err != nil {
		return nil, urlError(ctx, err)
	}
	defer r.Body.Close()
	if r.Size > int64(limit) {
		return nil, tooBig(limit)
	}
	sp, err := s.Spool(ctx, r.Body, limit)
	if vitrine.Is(err, vitrine.CodeSourceBroken) {
		return nil, urlError(ctx, err)
	}
	if err != nil {
		return nil, err
	}
	// The name on record keeps the query, the stored one does not.
	path, query, asked := strings.Cut(r.Filename, "?")
	if asked {
		query = "?" + strings.NewReplacer("/", "-", `\`, "-").Replace(query)
	}
	stem, _ := splitName(clientName(path))
	return &received{Spooled: sp, filename: clientName(path + query), stem: stem, at: s.now()}, nil
}

// now is the instant as rows keep it.
func (s *Service) now() time.Time { return s.c.Clock().UTC().Truncate(time.Microsecond) }

// urlError says why a URL gave no file, and nothing about what is behind it: the
// text for a closed port is that for an open one.
func urlError(ctx context.Context, err error) error {
	refused := func(text string) error {
		return &vitrine.Error{Code: vitrine.CodeURLRefused, Field: "source", Message: text, Err: err}
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, fetch.ErrScheme):
		return refused("Unsupported URL scheme, use http or https")
	case errors.Is(err, fetch.ErrSelf):
		return refused("Unsupported self host URL upload")
	case errors.Is(err, fetch.ErrAddress):
		return refused("Unsupported non-public IP address for upload")
	}
	return &vitrine.Error{Code: vitrine.CodeURLInvalid, Field: "source", Message: "Invalid image URL, use a public http or https address that answers with a file", Err: err}
}
