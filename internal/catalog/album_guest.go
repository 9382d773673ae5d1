package catalog

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// Proof shows that somebody uploaded a file, or made an album, as a guest.
type Proof struct {
	Slug  vitrine.Slug
	Token string // the delete token of the file; that of CreateGuestAlbum
}

// CreateGuestAlbum puts files that a guest has just uploaded, and that are in no
// album yet, into a new unlisted or public album without owner. Files whose token
// is wrong are refused with CodeForbidden. The token that it returns claims the
// album.
func (s *Service) CreateGuestAlbum(ctx context.Context, actor vitrine.Actor, n NewAlbum, files []Proof) (a *vitrine.Album, token string, err error) {
	set := s.c.Settings.Current()
	if !actor.Guest() {
		return nil, "", vitrine.Errorf(vitrine.CodeForbidden, "Users make albums of their own")
	}
	if err := actor.MayUpload(set); err != nil {
		return nil, "", err
	}
	if err := actor.MayMakeAlbums(set); err != nil {
		return nil, "", err
	}
	if len(files) == 0 || len(files) > mostAtOnce {
		return nil, "", vitrine.Invalid("files", "Choose 1 to %d files for the album", mostAtOnce)
	}
	n.OwnerID, n.Parent, n.Password = 0, "", ""
	d, err := s.newAlbum(ctx, n)
	if err != nil {
		return nil, "", err
	}
	proven, err := s.proven(ctx, files)
	if err != nil {
		return nil, "", err
	}
	for _, f := range proven {
		if f == nil || f.OwnerID != 0 || f.AlbumID != 0 {
			return nil, "", vitrine.Errorf(vitrine.CodeForbidden, "One of the files is not yours to put into an album")
		}
	}
	token, d.token = newAlbumToken()
	err = s.createAlbum(ctx, d, func(ctx context.Context, tx *db.Tx) error {
		for _, f := range proven {
			if err := tx.UpdateFile(ctx, f.ID, db.FileChange{AlbumID: &d.album.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	s.cache.forget(proven...)
	d.album.FileCount = int64(len(proven))
	return d.album, token, nil
}

// newAlbumToken makes 48 hex digits and their SHA-256.
func newAlbumToken() (token string, hash []byte) {
	var b [24]byte
	_, _ = rand.Read(b[:])
	token = hex.EncodeToString(b[:])
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

// proven finds the files, each once; nil for one whose proof is not good.
func (s *Service) proven(ctx context.Context, proofs []Proof) ([]*vitrine.File, error) {
	var files []*vitrine.File
	seen := make(map[Proof]bool)
	for _, p := range proofs {
		if seen[p] {
			continue
		}
		seen[p] = true
		f, err := s.CheckToken(ctx, string(p.Slug), p.Token)
		if err != nil && !vitrine.Is(err, vitrine.CodeNotFound) {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Claim gives a user what they made as a guest, and returns how many files and
// albums became theirs. What is somebody's already, or has another token, is
// passed over. An album brings the guests' files in it along. It is safe to
// repeat.
func (s *Service) Claim(ctx context.Context, actor vitrine.Actor, files, albums []Proof) (int, error) {
	if actor.Guest() {
		return 0, vitrine.Errorf(vitrine.CodeUnauthorized, "Sign in to claim what you uploaded")
	}
	if len(files) > mostAtOnce || len(albums) > mostAtOnce {
		return 0, vitrine.Invalid("files", "Too many files: claim at most %d at once", mostAtOnce)
	}
	proven, err := s.proven(ctx, files)
	if err != nil {
		return 0, err
	}
	total, err := s.claimFiles(ctx, actor, proven)
	if err != nil {
		return total, err
	}
	for _, p := range albums {
		n, err := s.claimAlbum(ctx, actor, p)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

// claimFiles makes those of the files the actor's that are nobody's.
func (s *Service) claimFiles(ctx context.Context, actor vitrine.Actor, files []*vitrine.File) (int, error) {
	var free []*vitrine.File
	for _, f := range files {
		if f != nil && f.OwnerID == 0 {
			free = append(free, f)
		}
	}
	owner := actor.UserID()
	return s.updateFiles(ctx, free, func(*vitrine.File) db.FileChange { return db.FileChange{OwnerID: &owner} })
}

// claimAlbum takes the files first: if it is interrupted, the album can still be
// claimed.
func (s *Service) claimAlbum(ctx context.Context, actor vitrine.Actor, p Proof) (int, error) {
	a, err := s.c.DB.AlbumBySlug(ctx, p.Slug)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && a.OwnerID != 0 {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("finding a guest's album: %w", err)
	}
	_, want, err := s.c.DB.AlbumSecrets(ctx, a.ID)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the token of an album: %w", err)
	}
	given := sha256.Sum256([]byte(p.Token))
	if subtle.ConstantTimeCompare(given[:], want) != 1 {
		return 0, nil
	}
	total, after := 0, int64(0)
	for {
		files, err := s.c.DB.FilesOfAlbum(ctx, a.ID, after, updateSize)
		if err != nil {
			return total, fmt.Errorf("listing the files of an album: %w", err)
		}
		if len(files) == 0 {
			break
		}
		after = files[len(files)-1].ID
		list := make([]*vitrine.File, len(files))
		for i := range files {
			list[i] = &files[i]
		}
		n, err := s.claimFiles(ctx, actor, list)
		if total += n; err != nil {
			return total, err
		}
	}
	n, err := s.takeAlbum(ctx, actor, a.ID)
	return total + n, err
}

// takeAlbum makes an album the actor's if it is nobody's, and its token good for
// nothing.
func (s *Service) takeAlbum(ctx context.Context, actor vitrine.Actor, id int64) (taken int, err error) {
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		taken = 0
		a, err := tx.LockAlbum(ctx, id)
		if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && a.OwnerID != 0 {
			return nil
		}
		if err != nil {
			return err
		}
		a.OwnerID = actor.UserID()
		if err := tx.UpdateAlbum(ctx, a); err != nil {
			return err
		}
		taken = 1
		return tx.SetAlbumSecrets(ctx, id, nil, []byte{})
	})
	if err != nil {
		return 0, fmt.Errorf("claiming an album: %w", err)
	}
	s.cache.forgetAll()
	return taken, nil
}
