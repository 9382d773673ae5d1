package app

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"vitrine/internal/backup"
	"vitrine/internal/db"
	"vitrine/internal/jobs"
	"vitrine/internal/media"
	"vitrine/internal/storage"
	"vitrine/internal/vips"
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
	Name   string `json:"name"`
	State  State  `json:"state"`
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"` // what to do; empty where nothing is to be done
}

// Bounds of the doctor's judgement.
const (
	littleSpace   = 1 << 30   // bytes free: weak
	noSpace       = 100 << 20 // bytes free: broken
	fewOpenFiles  = 4096
	tooFewFiles   = 256
	wrongClock    = 2 * time.Second
	longWait      = 15 * time.Minute // of a job or a removal
	oldBackup     = 8 * 24 * time.Hour
	doctorTimeout = 60 * time.Second
)

// Examine looks at everything that a server of this configuration needs, one Finding
// each, and changes nothing but for a small file that it writes and deletes in each
// storage. It does not need a server, nor anything that works.
func Examine(ctx context.Context, c Config) []Finding {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	c = c.withDefaults()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler) // the findings say it
	}
	found := []Finding{{"program", Good, "vitrine " + cmp.Or(c.Version, "of an unknown version"), ""}}
	database, ready := examineDatabase(ctx, c)
	found = append(found, database)
	a := &App{Config: c, log: c.Logger, meter: newMeter(c.Version)}
	if ready {
		whole, err := New(ctx, c)
		if err != nil {
			found = append(found, Finding{"start", Broken, "the server would not start: " + reason(err), ""})
		} else {
			a = whole
			found = append(found, a.examineClock(ctx), a.examineJobs(ctx), a.examineRemovals(ctx), a.examineBackup(ctx))
		}
	}
	if a.Stores == nil {
		if err := a.openStores(ctx); err != nil {
			found = append(found, Finding{"storage", Broken, reason(err), ""})
		}
	}
	if a.Stores != nil {
		found = append(found, a.examineStorages(ctx)...)
	}
	found = append(found, a.examineDecoders(ctx)...)
	found = append(found, examinePlace(c)...)
	if err := a.Close(); err != nil {
		found = append(found, Finding{"end", Weak, "not everything could be closed: " + reason(err), ""})
	}
	return found
}

// examineDatabase looks at the database without migrating it. ready says that a
// server could start on it as it is.
func examineDatabase(ctx context.Context, c Config) (f Finding, ready bool) {
	const name = "database"
	if path, ok := strings.CutPrefix(c.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return Finding{name, Good, "there is none yet; the first start of the server makes it, and an account", ""}, false
		}
	}
	start := time.Now()
	s, err := db.Look(ctx, db.Config{URL: c.Database, Logger: c.Logger})
	if err != nil {
		return Finding{name, Broken, "does not answer: " + newHandler(nil, c.secrets()...).clean(reason(err)),
			"is it running, and are address, name and password in VITRINE_DATABASE right?"}, false
	}
	engine := "PostgreSQL"
	if s.Engine == db.SQLite {
		engine = "SQLite"
	}
	engine += " " + s.Version
	switch {
	case s.Have == 0:
		return Finding{name, Good, engine + " answers; it is empty, and the first start of the server makes the tables and an account", ""}, false
	case s.Have < s.Know:
		return Finding{name, Weak, fmt.Sprintf("%s answers; its tables are of version %d, and this program wants %d", engine, s.Have, s.Know),
			"take a backup, then start the server of this version: it brings them up to date"}, false
	case s.Have > s.Know:
		return Finding{name, Weak, fmt.Sprintf("%s answers; its tables are of version %d, of which this program knows %d", engine, s.Have, s.Know),
			"use the newer program, which runs already elsewhere or did"}, true
	}
	return Finding{name, Good, fmt.Sprintf("%s answers in %s; its tables are up to date (version %d)", engine, time.Since(start).Round(100*time.Microsecond), s.Have), ""}, true
}

// examineClock compares the clock of this machine with that of the database, which
// counts.
func (a *App) examineClock(ctx context.Context) Finding {
	if err := a.clock.Refresh(ctx); err != nil {
		return Finding{"clock", Weak, "the database does not tell the time: " + reason(err), ""}
	}
	off := a.clock.Off().Round(time.Millisecond)
	if off.Abs() > wrongClock {
		return Finding{"clock", Weak, fmt.Sprintf("this machine is %s off the database, whose time counts", off.Abs()), "set the clock by NTP on both, such as with systemd-timesyncd or chrony"}
	}
	return Finding{"clock", Good, "agrees with that of the database", ""}
}

// examineJobs looks whether work is being done.
func (a *App) examineJobs(ctx context.Context) Finding {
	const name = "jobs"
	s, err := a.Jobs.Look(ctx)
	if err != nil {
		return Finding{name, Broken, "cannot be looked at: " + reason(err), "look into the log of the database"}
	}
	now := a.clock.Now()
	led := "no server is running"
	if s.LedUntil.After(now) {
		led = "a server works on them"
	}
	switch {
	case !s.Longest.IsZero() && now.Sub(s.Longest) > jobs.StuckAfter:
		return Finding{name, Weak, fmt.Sprintf("one has been running since %s", s.Longest.UTC().Format(time.RFC3339)), "its server has probably died; any running server takes it up again"}
	case !s.Oldest.IsZero() && now.Sub(s.Oldest) > longWait:
		return Finding{name, Weak, fmt.Sprintf("%d wait, the first since %s; %s", s.Waiting, s.Oldest.UTC().Format(time.RFC3339), led), "start a server, or look into its log for what jobs say"}
	case s.Failing > 0:
		return Finding{name, Weak, fmt.Sprintf("%d failed and will be tried again; %s", s.Failing, led), "the log of the servers has the causes, with the number of the job"}
	}
	return Finding{name, Good, fmt.Sprintf("%d wait; %s", s.Waiting, led), ""}
}

// examineRemovals looks whether objects of deleted files go.
func (a *App) examineRemovals(ctx context.Context) Finding {
	const name = "removals"
	now := a.clock.Now()
	n, oldest, err := a.DB.RemovalsWaiting(ctx, now)
	switch {
	case err != nil:
		return Finding{name, Broken, "cannot be looked at: " + reason(err), "look into the log of the database"}
	case !oldest.IsZero() && now.Sub(oldest) > time.Hour:
		return Finding{name, Weak, fmt.Sprintf("%d deleted files still lie in their storage, the first since %s", n, oldest.Format(time.RFC3339)), "is a server running, does the storage answer, or is a backup being made?"}
	}
	return Finding{name, Good, fmt.Sprintf("%d wait for the next turn", n), ""}
}

// examineBackup tells of the last backup, wherever it lies.
func (a *App) examineBackup(ctx context.Context) Finding {
	const name = "backup"
	last, err := backup.ReadLast(ctx, a.DB)
	switch {
	case err != nil:
		return Finding{name, Weak, "cannot be looked at: " + reason(err), "look into the log of the database"}
	case last == nil:
		return Finding{name, Good, "vitrine backup was not used here yet", ""}
	}
	text := fmt.Sprintf("the last one shows %s, with %d files", last.Moment.Format(time.RFC3339), last.Files)
	if last.RowsOnly {
		text = fmt.Sprintf("the last one shows %s, with %d rows of files, and without the files themselves", last.Moment.Format(time.RFC3339), last.Files)
	}
	switch {
	case a.clock.Now().Sub(last.Moment) > oldBackup:
		return Finding{name, Weak, text, "take one each day; docs/OPERATIONS.md has a timer for it"}
	case last.Lost > 0:
		return Finding{name, Weak, fmt.Sprintf("%s; %d of their objects were missing or damaged", text, last.Lost), "vitrine storage verify names them"}
	}
	return Finding{name, Good, text, ""}
}

// examineStorages writes, reads and deletes an object in each storage. The default one
// is told as "storage".
func (a *App) examineStorages(ctx context.Context) (list []Finding) {
	_, first := a.Config.allStorages()
	for _, name := range a.Stores.Names() {
		title, text := "storage", name+": "
		if name != first {
			title = "storage " + name
		}
		store, err := a.Stores.Get(name)
		start := time.Now()
		if err == nil {
			err = tryStore(ctx, store)
		}
		if err != nil {
			list = append(list, Finding{title, Broken, text + reason(err), "look at its address, its keys, and whether it is full"})
			continue
		}
		list = append(list, Finding{title, Good, fmt.Sprintf("%stakes, gives back and deletes files (%s)", text, time.Since(start).Round(time.Millisecond)), ""})
	}
	return list
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
	broken := func(err error) []Finding {
		return []Finding{{"decoders", Broken, reason(err), "pictures cannot be taken in: is libvips 8.14 there, and may the data folder be written?"}}
	}
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
	decoders := Finding{"decoders", Good, "a decoder starts, with libvips " + vips.Version() + "; " + jail, ""}
	if strings.Contains(jail, "could") { // what a hostile picture could still do
		decoders.State, decoders.Advice = Weak, "a newer kernel (5.13, with Landlock) locks decoders in better"
	}
	films := Finding{"films", Good, "", ""}
	if version, err := service.CheckFilms(ctx); err == nil {
		films.Text = "ffmpeg " + version + " is there"
	} else if films.Text = "ffmpeg and ffprobe cannot be used: " + reason(err); a.acceptsFilms() {
		films.State, films.Advice = Broken, "install ffmpeg, or switch mp4, mov and webm off in the setting upload_formats"
	}
	return []Finding{decoders, films}
}

// acceptsFilms reports whether films may be uploaded at all.
func (a *App) acceptsFilms() bool {
	if a.Settings == nil {
		return true // they are by default
	}
	s := a.Settings.Current()
	return s.AllowsFormat(vitrine.MP4) || s.AllowsFormat(vitrine.MOV) || s.AllowsFormat(vitrine.WebM)
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
