package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"vitrine/internal/vitrine"
)

var (
	insertLike = `INSERT INTO likes (file_id, user_id, created_at) SELECT $1, u.id, $3 FROM users u WHERE u.id = $2
		ON CONFLICT (file_id, user_id) DO NOTHING`
	deleteLike = `DELETE FROM likes WHERE file_id = $1 AND user_id = $2 RETURNING created_at`
	lockLikes  = `UPDATE files SET likes = likes WHERE id = $1 RETURNING likes`
	updateLike = `UPDATE files SET likes = likes + 1, score = ` + scoreWith("$2") + ` WHERE id = $1`
	updateOff  = `UPDATE files SET likes = likes - 1, score = ` + scoreWithout("$2") + ` WHERE id = $1`
	selectLike = `SELECT EXISTS (SELECT 1 FROM likes WHERE file_id = $1 AND user_id = $2)`
)

// SetLike makes a user like a file, or not any more, and returns how many do. Saying it
// twice changes nothing. CodeNotFound if there is no such file or user.
func (t *Tx) SetLike(ctx context.Context, userID, fileID int64, on bool, at time.Time) (likes int64, err error) {
	// The lock puts the likes of a file in a row.
	likes, err = scanID(t.row(ctx, lockLikes, fileID))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, vitrine.NotFound("file")
	}
	if err != nil {
		return 0, fmt.Errorf("lock a file: %w", err)
	}
	if !on {
		return t.unlike(ctx, userID, fileID, likes)
	}
	n, err := t.exec(ctx, insertLike, fileID, userID, micros(at))
	if err != nil {
		return 0, fmt.Errorf("like a file: %w", err)
	}
	if n == 0 { // a like already, or nobody
		if liked, err := t.liked(ctx, userID, fileID); err != nil || !liked {
			return 0, errors.Join(err, vitrine.NotFound("user"))
		}
		return likes, nil
	}
	if _, err := t.exec(ctx, updateLike, fileID, weight(likeViews, at)); err != nil {
		return 0, fmt.Errorf("count a like: %w", err)
	}
	return likes + 1, nil
}

func (t *Tx) unlike(ctx context.Context, userID, fileID, likes int64) (int64, error) {
	since, err := scanID(t.row(ctx, deleteLike, fileID, userID))
	if errors.Is(err, sql.ErrNoRows) {
		return likes, nil
	}
	if err != nil {
		return 0, fmt.Errorf("unlike a file: %w", err)
	}
	// What the like has added goes, or it could be given again and again.
	if _, err := t.exec(ctx, updateOff, fileID, weight(likeViews, instant(since))); err != nil {
		return 0, fmt.Errorf("count a like down: %w", err)
	}
	return likes - 1, nil
}

func (t *Tx) liked(ctx context.Context, userID, fileID int64) (liked bool, err error) {
	return liked, t.row(ctx, selectLike, fileID, userID).Scan(&liked)
}

// Liked reports whether the user likes the file.
func (d *DB) Liked(ctx context.Context, userID, fileID int64) (bool, error) {
	var liked bool
	if err := d.reader.row(ctx, selectLike, fileID, userID).Scan(&liked); err != nil {
		return false, d.fail("look for a like", err)
	}
	return liked, nil
}
