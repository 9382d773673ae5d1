package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/media"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// State is how well something does.
type State string

// The states of a Finding.
const (
	Good   State = "ok"
	Weak   State = "weak"   // works, but not as well as it could
	Broken State = "broken" // uploads would fail
)

// Finding is what the doctor saw of one thing, in plain words.
type Finding struct {
	Name  string
	State State
	Text  string
}

// Bounds of the doctor's judgement.
const (
	littleSpace   = 1 << 30   // bytes free: weak
	noSpace       = 100 << 20 // bytes free: broken
	fewOpenFiles  = 4096
	tooFewFiles   = 256
	doctorTimeout = 30 * time.Second
)

// Examine looks at everything that the server needs, one Finding each.
func (a *App) Examine(ctx context.Context) []Finding {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	var found []Finding
	found = append(found, a.examineDatabase(ctx), a.examineStorage(ctx))
	found = append(found, a.examineDecoders(ctx)...)
	return append(found, a.examineDisk(), a.examineLimits())
}

func (a *App) examineDatabase(ctx context.Context) Finding {
	start := time.Now()
	if err := a.DB.Ping(ctx); err != nil {
		return Finding{"database", Broken, "does not answer: " + reason(err)}
	}
	kind := "PostgreSQL"
	if a.DB.Engine() == db.SQLite {
		kind = "SQLite"
	}
	users, err := a.Account.Users(ctx, 0, 1)
	if err != nil {
		return Finding{"database", Broken, "answers, but cannot be read: " + reason(err)}
	}
	if len(users) == 0 {
		return Finding{"database", Good, kind + " answers; there are no accounts yet, the first start of the server makes one"}
	}
	return Finding{"database", Good, fmt.Sprintf("%s answers in %s", kind, time.Since(start).Round(100*time.Microsecond))}
}

// examineStorage writes, reads and deletes an object.
func (a *App) examineStorage(ctx context.Context) Finding {
	name, store := a.Stores.Default()
	start := time.Now()
	if err := tryStore(ctx, store); err != nil {
		return Finding{"storage", Broken, err.Error()}
	}
	place := "the local folder"
	if name == bucketStore {
		place = "the bucket"
	}
	return Finding{"storage", Good, fmt.Sprintf("%s takes, gives back and deletes files (%s)", place, time.Since(start).Round(time.Millisecond))}
}

func tryStore(ctx context.Context, store storage.Store) (err error) {
	key, content := "vitrine-doctor-"+rand.Text()+".txt", []byte("vitrine doctor was here\n")
	if err := store.Put(ctx, key, bytes.NewReader(content), int64(len(content)), "text/plain"); err != nil {
		return fmt.Errorf("a file cannot be written: %w", err)
	}
	defer func() {
		if gone := store.Delete(context.WithoutCancel(ctx), key); gone != nil {
			err = errors.Join(err, fmt.Errorf("a file cannot be deleted: %w", gone))
		}
	}()
	object, err := store.Open(ctx, key)
	if err != nil {
		return fmt.Errorf("a file that was just written cannot be opened: %w", err)
	}
	defer object.Content.Close()
	if read, err := io.ReadAll(object.Content); err != nil || !bytes.Equal(read, content) {
		return errors.New("a file that was just written reads differently")
	}
	return nil
}

// examineDecoders starts a decoder, asks how well it is locked in, and looks for
// the programs that films need.
func (a *App) examineDecoders(ctx context.Context) []Finding {
	broken := func(err error) []Finding { return []Finding{{"decoders", Broken, reason(err)}} }
	spool, err := openSpool(a.Config.spool())
	if err != nil {
		return broken(err)
	}
	defer spool.release()
	service, err := media.New(media.Config{Decoders: 1, Spool: spool.path, Logger: a.log})
	if err != nil {
		return broken(err)
	}
	defer func() { _ = service.Close() }() // the check is over
	jail, err := service.Confinement(ctx)
	if err != nil {
		return broken(fmt.Errorf("a decoder does not start: %w", err))
	}
	decoders := Finding{"decoders", Good, "a decoder starts; " + jail}
	if strings.Contains(jail, "could") { // what a hostile picture could still do
		decoders.State = Weak
	}
	films := Finding{"films", Good, ""}
	if version, err := service.CheckFilms(ctx); err == nil {
		films.Text = "ffmpeg " + version + " is there"
	} else if films.Text = "ffmpeg and ffprobe cannot be used: " + reason(err); a.acceptsFilms() {
		films.State = Broken
	}
	return []Finding{decoders, films}
}

// acceptsFilms reports whether films may be uploaded at all.
func (a *App) acceptsFilms() bool {
	s := a.Settings.Current()
	return s.AllowsFormat(vitrine.MP4) || s.AllowsFormat(vitrine.MOV) || s.AllowsFormat(vitrine.WebM)
}

func (a *App) examineDisk() Finding {
	var s syscall.Statfs_t
	if err := syscall.Statfs(a.Config.Data, &s); err != nil {
		return Finding{"disk", Broken, "the data folder cannot be looked at: " + err.Error()}
	}
	free := vitrine.Size(int64(s.Bavail) * int64(s.Bsize)) //nolint:unconvert // the types differ between systems
	switch {
	case free < noSpace:
		return Finding{"disk", Broken, fmt.Sprintf("only %s are free for the data folder", free)}
	case free < littleSpace:
		return Finding{"disk", Weak, fmt.Sprintf("%s are free for the data folder, which will not last", free)}
	}
	return Finding{"disk", Good, fmt.Sprintf("%s are free for the data folder", free)}
}

func (a *App) examineLimits() Finding {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return Finding{"limits", Weak, "the limit of open files is unknown"}
	}
	// Go raises the soft limit to the hard one at start, and says what it made.
	switch {
	case l.Cur < tooFewFiles:
		return Finding{"limits", Broken, fmt.Sprintf("only %d files may be open at once: raise it with ulimit -n or LimitNOFILE=", l.Cur)}
	case l.Cur < fewOpenFiles:
		return Finding{"limits", Weak, fmt.Sprintf("%d files may be open at once; a busy site needs %d (ulimit -n, LimitNOFILE=)", l.Cur, fewOpenFiles)}
	case os.Getuid() == 0:
		return Finding{"limits", Weak, fmt.Sprintf("%d files may be open at once; the program runs as root, which it does not need", l.Cur)}
	}
	return Finding{"limits", Good, fmt.Sprintf("%d files may be open at once", l.Cur)}
}

// reason is an error with its cause in one line: the doctor speaks to who runs
// the machine.
func reason(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		text = e.Message
		if e.Err != nil {
			text += ": " + e.Err.Error()
		}
	}
	return strings.ReplaceAll(text, "\n", "; ")
}
