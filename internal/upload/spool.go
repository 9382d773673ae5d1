package upload

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"vitrine/internal/vitrine"
)

// spoolPrefix begins the name of every folder that this room makes in the spool.
const spoolPrefix = "upload-"

// Spooled is a source on the local disk, alone in a folder that also takes what
// is made of it. Whoever got it must Close it. It belongs to one goroutine.
type Spooled struct {
	Size int64  // bytes
	MD5  string // 32 hex digits

	lender  *folders
	folder  string
	settled bool // no decoder can be at work in the folder any more
}

// path is where the received bytes are.
func (sp *Spooled) path() string { return filepath.Join(sp.folder, "source") }

// Close removes the source and everything made beside it. It is safe to call
// twice, and on nil.
func (sp *Spooled) Close() error {
	if sp == nil || sp.lender == nil {
		return nil
	}
	lender := sp.lender
	sp.lender = nil
	if sp.settled {
		return lender.giveBack(sp.folder)
	}
	return lender.remove(sp.folder)
}

// Spool writes a source of at most limit bytes aside, counting and digesting on
// the way. It reads at most one byte more than the limit. It returns
// CodeTooBig, CodeSourceEmpty, CodeSourceBroken if r fails (unless r's error is
// a vitrine.Error, which is returned as it is), or CodeNoSpace. After an error
// nothing is left in the spool. The file need not survive a crash, so that it is
// not synced: the storage does that.
func (s *Service) Spool(ctx context.Context, r io.Reader, limit vitrine.Size) (*Spooled, error) {
	defer s.meter.since(stepReceive, time.Now())
	folder, err := s.folders.take()
	if err != nil {
		return nil, spoolError(err)
	}
	sp := &Spooled{lender: &s.folders, folder: folder, settled: true}
	if err := sp.fill(ctx, r, int64(limit), s); err != nil {
		return nil, errors.Join(err, sp.Close())
	}
	return sp, nil
}

// fill writes the file. The end of r is io.EOF and nothing else: a multipart
// part that breaks off says io.ErrUnexpectedEOF.
func (sp *Spooled) fill(ctx context.Context, r io.Reader, limit int64, s *Service) error {
	f, err := os.OpenFile(sp.path(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return spoolError(err)
	}
	defer f.Close() // for the early returns; closing twice does no harm
	limit = max(limit, 0)
	block := block{hold: hold{hands: s.hands}}
	defer block.release()
	var scribe scribe
	defer scribe.end()

	digest := md5.New()
	step := func() (end bool, err error) {
		part, err := block.read(r, limit+1-sp.Size)
		if end = errors.Is(err, io.EOF); err != nil && !end {
			return false, sourceError(ctx, err)
		}
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		if sp.Size += int64(len(part)); sp.Size > limit {
			return false, tooBig(vitrine.Size(limit))
		}
		if err := s.room.take(int64(len(part))); err != nil {
			return false, err
		}
		_, _ = digest.Write(part) // a hash never fails
		if _, err := f.Write(part); err != nil {
			return false, spoolError(err)
		}
		block.done()
		return end, nil
	}
	for end := false; !end; {
		if block.fast {
			scribe.do(func() { end, err = step() })
		} else {
			end, err = step()
		}
		if err != nil {
			return err
		}
	}
	if err := f.Close(); err != nil {
		return spoolError(err)
	}
	if sp.Size == 0 {
		return vitrine.Errorf(vitrine.CodeSourceEmpty, "Empty source")
	}
	sp.MD5 = hex.EncodeToString(digest.Sum(nil))
	return nil
}

// sourceError is the refusal for a source that cannot be read on. What the
// reader itself decided, such as bad base64, stands.
func sourceError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if _, ok := errors.AsType[*vitrine.Error](err); ok {
		return err
	}
	return &vitrine.Error{Code: vitrine.CodeSourceBroken, Message: "File was partially uploaded, please send it again", Err: err}
}

// spoolError is our own fault, save that a full disk is told apart.
func spoolError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "No space left on storage", Err: err}
	}
	return fmt.Errorf("spooling: %w", err)
}

func tooBig(limit vitrine.Size) error {
	return vitrine.Errorf(vitrine.CodeTooBig, "File too big - max %s", limit)
}

// CleanSpool removes what uploads of an earlier run left in the spool folder
// when the process was killed. It touches only folders that this room made before
// the Service was made, and is meant for the start: no two processes share a
// spool folder.
func (s *Service) CleanSpool(ctx context.Context) error {
	entries, err := os.ReadDir(s.c.Spool)
	if err != nil {
		return fmt.Errorf("reading the spool folder: %w", err)
	}
	var errs []error
	for _, e := range entries {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !e.IsDir() || !strings.HasPrefix(e.Name(), spoolPrefix) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(s.started) {
			continue
		}
		if err == nil {
			err = os.RemoveAll(filepath.Join(s.c.Spool, e.Name()))
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cleaning the spool folder: %w", err)
	}
	return nil
}
