package db

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// Seen says which earlier files with the same bytes matter to an upload.
type Seen struct {
	MD5     string     // in hex, of the bytes as they came
	From    netip.Addr // those from this address …
	Since   time.Time  // … at this instant or later; not valid: none
	OwnerID int64      // and those of this user; 0: none
}

// digestLocks is the key space of locks on digests, beside those of other users of the
// database: "Vi".
const digestLocks = 0x5669

const (
	selectSeenFrom = `SELECT COALESCE(max(d.id), 0) FROM (
		SELECT id FROM files WHERE md5 = $1 AND uploader_ip = $2 AND uploaded_at >= $3 AND id <> $4 UNION ALL
		SELECT id FROM files WHERE source_md5 = $1 AND uploader_ip = $2 AND uploaded_at >= $3 AND id <> $4) d`
	selectSeenOf = `SELECT COALESCE(max(d.id), 0) FROM (
		SELECT id FROM files WHERE md5 = $1 AND owner_id = $2 AND id <> $3 UNION ALL
		SELECT id FROM files WHERE source_md5 = $1 AND owner_id = $2 AND id <> $3) d`
)

// LockDigest lets transactions that record the same bytes pass one after the other, on
// all nodes: from here on this one sees what those before it have written. It comes
// first in a transaction, so that nobody waits in a circle. It reports false, having done
// nothing, where the database belongs to one node, which knows by itself what it does.
func (t *Tx) LockDigest(ctx context.Context, md5 string) (shared bool, err error) {
	text := t.db.dialect.lock()
	digest, ok := digestBytes(md5)
	if text == "" || !ok || len(digest) < 4 {
		return false, nil
	}
	if _, err := t.exec(ctx, text, int32(digestLocks), int32(binary.BigEndian.Uint32(digest))); err != nil { //nolint:gosec // all bits count
		return false, fmt.Errorf("lock a digest: %w", err)
	}
	return true, nil
}

// NewestSeen returns the highest id of a file with the same bytes that matters, 0 if
// there is none. The file except does not count.
func (t *Tx) NewestSeen(ctx context.Context, s Seen, except int64) (id int64, err error) {
	digest, ok := digestBytes(s.MD5)
	if !ok {
		return 0, nil
	}
	if s.From.IsValid() {
		if id, err = scanID(t.row(ctx, selectSeenFrom, digest, addressBytes(s.From), micros(s.Since), except)); err != nil {
			return 0, fmt.Errorf("look for the same bytes: %w", err)
		}
	}
	if s.OwnerID == 0 {
		return id, nil
	}
	own, err := scanID(t.row(ctx, selectSeenOf, digest, s.OwnerID, except))
	if err != nil {
		return 0, fmt.Errorf("look for the owner's same bytes: %w", err)
	}
	return max(id, own), nil
}
