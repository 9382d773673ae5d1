package upload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	// recordTime bounds writing the row, which a client that goes away does not
	// interrupt: the outcome would be unknown.
	recordTime = 30 * time.Second
	// recordPause is the longest pause between two looks at what became of it.
	recordPause = 2 * time.Second
)

// errUnknown says that the row may have been written, or not.
var errUnknown = errors.New("the outcome of writing the row is unknown")

// newToken makes a delete token and what is kept of it.
func (s *Service) newToken() (token string, hash []byte) {
	token = randomHex(s.c.Random, 48)
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

// record writes the row in one transaction with tags, counters and the digest of
// the delete token, and fills in the ids of f. The file is recorded if and only
// if it returns nil, save for errUnknown. It returns CodeConflict with Field slug
// or name if another file has them, and errSeen if the same bytes, which before says
// matter, were recorded meanwhile.
//
// A connection that breaks while the transaction commits leaves its outcome
// unknown. Writing the same slug again settles it: the database waits for the
// first transaction to end, and a conflict with our own row is success.
func (s *Service) record(ctx context.Context, f *vitrine.File, tokenHash []byte, before *seen) error {
	defer s.meter.since(stepRecord, time.Now())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	var err error
	for try, pause := 0, 200*time.Millisecond; ; try, pause = try+1, min(2*pause, recordPause) {
		var written bool
		row := *f
		err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			written = false
			row = *f
			row.Tags = append([]vitrine.Tag(nil), f.Tags...)
			look, err := before.alone(ctx, tx)
			if err != nil {
				return err
			}
			// The row first: if an earlier try has written it, it is in its own way.
			if err := tx.CreateFile(ctx, &row, tokenHash); err != nil {
				return err
			}
			err = look(row.ID)
			written = err == nil
			return err
		})
		if err == nil {
			*f = row
			return nil
		}
		if vitrine.Is(err, vitrine.CodeConflict) {
			return s.ownConflict(ctx, f, err)
		}
		if errors.Is(err, errSeen) {
			return err
		}
		// A refusal with a reason came from the database itself, which then has
		// undone everything; one of a later try says that no earlier one is there,
		// save that nobody was asked.
		code := vitrine.CodeOf(err)
		refused := code != vitrine.CodeInternal && (try == 0 || code != vitrine.CodeBusy)
		if refused || try == 0 && !written {
			return fmt.Errorf("recording the file: %w", err)
		}
		s.c.Logger.WarnContext(ctx, "connection lost while recording a file", "file", string(f.Slug), "err", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("recording the file: %w: %w", errUnknown, err)
		}
	}
}

// ownConflict looks whether the row in the way is the very one that was to be
// written, and takes it if it is.
func (s *Service) ownConflict(ctx context.Context, f *vitrine.File, conflict error) error {
	row, err := s.c.DB.FileBySlug(ctx, f.Slug)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return conflict
	}
	if err != nil {
		return fmt.Errorf("looking for the recorded file: %w: %w", errUnknown, err)
	}
	if row.Key() != f.Key() || row.Storage != f.Storage || row.MD5 != f.MD5 || !row.UploadedAt.Equal(f.UploadedAt) {
		return conflict
	}
	*f = *row
	return nil
}
