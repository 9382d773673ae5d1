package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// RestoreOptions say how to make a site of a backup.
type RestoreOptions struct {
	Database db.Config // an empty database, or one that this restore was broken off in
	Stores   *storage.Set
	Snapshot string // name; empty: the newest
	// Storage is the storage that takes all objects. Empty: each goes to the storage of
	// the name that it had, or to the default where there is none of that name.
	Storage  string
	Workers  int // objects written at once, 1 to 64; 0: 4
	Progress Progress
}

// Restored says what Restore has done.
type Restored struct {
	Manifest *Manifest
	Placed   int64 // objects put into storages
	Found    int64 // objects that stood there already, with the right digest
	Bytes    int64 // of both
	Changed  int   // texts that the database could not keep as they were
	Storages []string
	Missing  int64 // objects that the backup does not have
	// Faulty counts objects that the backup should have and that are damaged or gone;
	// Faults are the first of them.
	Faulty int64
	Faults []string
}

// restoring is one run of Restore.
type restoring struct {
	o        RestoreOptions
	folder   string
	path     string // of the snapshot
	manifest *Manifest
	loader   *db.Loader
	t        *teller
	r        *Restored
}

// Restore fills an empty database and the storages from a backup and compares what is
// there then with what the backup says: rows by their number, objects by their digests.
// Until it has ended nobody can open the database; after an error or a kill it goes on
// where it was when it is called with the same backup again. Objects that the backup has
// lost are told in Restored, with a nil error.
//
// CodeConflict says in one sentence what stands in the way: rows in the database, or
// another object under the key of one of ours. CodeDamaged says that rows or index of the
// backup are damaged; then nothing was changed.
func Restore(ctx context.Context, folder string, o RestoreOptions) (*Restored, error) {
	m, id, err := readManifest(folder, o.Snapshot)
	if err != nil {
		return nil, err
	}
	r := &restoring{
		o: o, folder: folder, path: snapshotPath(folder, m.Snapshot), manifest: m,
		t: newTeller(o.Progress), r: &Restored{Manifest: m},
	}
	if _, err := r.storage(""); err != nil {
		return nil, err
	}
	if err := checkParts(ctx, r.path, m, r.t); err != nil {
		return nil, err
	}
	if r.loader, err = db.OpenLoader(ctx, o.Database, id, m.Schema); err != nil {
		return nil, err
	}
	err = inOrder(ctx, r.rows, r.tables, r.words, r.objects, r.compare)
	if err == nil {
		err = r.loader.Finish(ctx)
	}
	if err = errors.Join(err, r.loader.Close()); err != nil {
		return nil, err
	}
	return r.r, nil
}

// storage is where the objects of a storage go.
func (r *restoring) storage(name string) (string, error) {
	def, _ := r.o.Stores.Default()
	to := r.o.Storage
	if to == "" {
		to = name
		if _, err := r.o.Stores.Get(name); err != nil {
			to = def
		}
	}
	if _, err := r.o.Stores.Get(to); err != nil {
		return "", vitrine.Errorf(vitrine.CodeNotFound, "There is no storage %q: it would have to be configured (there are: %v)", to, r.o.Stores.Names())
	}
	return to, nil
}

// batchRows and batchBytes bound what one transaction loads.
const (
	batchRows  = 10_000
	batchBytes = 16 << 20
)

// rows loads all tables.
func (r *restoring) rows(ctx context.Context) error {
	for _, p := range r.manifest.Tables {
		if err := r.table(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (r *restoring) table(ctx context.Context, p Part) error {
	t, err := openTable(r.path, p)
	if err != nil {
		return err
	}
	defer t.close()
	there, err := r.loader.Loaded(ctx, p.Name)
	if err != nil {
		return err
	}
	if err := t.skip(there); err != nil {
		return err
	}
	at := -1 // the column that names the storage
	if p.Name == "files" {
		at = slices.Index(t.names(), "storage")
	}
	for ended := false; !ended; {
		batch := make([][]any, 0, 1000)
		for size := 0; len(batch) < batchRows && size < batchBytes; {
			row, err := t.next()
			if ended = errors.Is(err, io.EOF); ended {
				break
			}
			if err != nil {
				return err
			}
			if at >= 0 {
				name, _ := row[at].(string)
				if row[at], err = r.storage(name); err != nil {
					return err
				}
			}
			size += weight(row)
			batch = append(batch, row)
		}
		if len(batch) > 0 {
			n, err := r.loader.Load(ctx, p.Name, t.names(), batch)
			if err != nil {
				return err
			}
			r.r.Changed += n
		}
		r.t.say(Step{Doing: "rows of " + p.Name, Done: t.rows, Total: p.Rows})
	}
	return r.loader.SetLastID(ctx, p.Name, p.LastID)
}

// weight is about how much memory a row takes.
func weight(row []any) int {
	n := 24 * len(row)
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// tables makes the indexes and brings the tables up to date.
func (r *restoring) tables(ctx context.Context) error {
	r.tell("indexes")
	if err := r.loader.Index(ctx); err != nil {
		return err
	}
	r.tell("newer tables")
	return r.loader.Upgrade(ctx)
}

// words makes everything findable.
func (r *restoring) words(ctx context.Context) error {
	total := r.manifest.Rows("files") + r.manifest.Rows("albums") + r.manifest.Rows("users")
	return r.loader.Words(ctx, func(done int64) { r.t.say(Step{Doing: "words", Done: done, Total: total}) })
}

// tell says what takes long and cannot say how far it is.
func (r *restoring) tell(doing string) {
	r.t.last = r.t.last.Add(-r.t.every)
	r.t.say(Step{Doing: doing})
}

// compare looks whether all rows are there.
func (r *restoring) compare(ctx context.Context) error {
	counts, err := r.loader.Counts(ctx)
	if err != nil {
		return err
	}
	for _, p := range r.manifest.Tables {
		if n := counts[p.Name]; n != p.Rows {
			return fmt.Errorf("the table %s has %d rows, the backup %d: this should not be, empty the database and begin anew", p.Name, n, p.Rows)
		}
	}
	return nil
}
