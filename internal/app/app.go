package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/jobs"
	"vitrine/internal/links"
	"vitrine/internal/media"
	"vitrine/internal/passwords"
	"vitrine/internal/server"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// App is the whole program put together. What New builds is enough for the
// command line; Listen adds what only a server needs.
type App struct {
	Config   Config
	DB       *db.DB
	Jobs     *jobs.Jobs
	Stores   *storage.Set
	Settings *settings.Service
	Account  *account.Service
	Catalog  *catalog.Service

	// From Listen on.
	Links  *links.Builder
	Media  *media.Service
	Upload *upload.Service

	log      *slog.Logger
	clock    *db.Clock
	meter    *meter
	spool    *spool
	listener net.Listener
	server   *server.Server
	closing  sync.Once
}

// New opens the database, which it creates or migrates, and builds the services.
// Nothing listens and nothing runs in the background yet. Whoever got an App must
// Close it or Serve it.
func New(ctx context.Context, c Config) (*App, error) {
	a := bare(c)
	for _, step := range []func(context.Context) error{
		a.openData, a.openDatabase, a.openStores, a.missStores, a.openSettings, a.openJobs, a.openServices,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

// bare is an App that has opened nothing.
func bare(c Config) *App {
	c = c.withDefaults()
	a := &App{Config: c, log: c.Logger, meter: newMeter(c.Version)}
	if a.log == nil {
		a.log = newLogger(os.Stderr, c.LogFormat, c.LogLevel)
	}
	a.log = slog.New(newHandler(a.log.Handler(), c.secrets()...))
	return a
}

// Now is the time that all servers of the site agree on.
func (a *App) Now() time.Time { return a.clock.Now() }

// openData makes the data folder, for our eyes only.
func (a *App) openData(context.Context) error {
	if err := os.MkdirAll(a.Config.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder %s cannot be made: %w", a.Config.Data, cause(err))
	}
	if err := os.Chmod(a.Config.Data, 0o700); err != nil && !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the data folder %s cannot be closed to others: %w", a.Config.Data, cause(err))
	}
	return nil
}

func (a *App) openDatabase(ctx context.Context) (err error) {
	// SQLite gives its other files the mode of the first.
	if path, ok := strings.CutPrefix(a.Config.Database, "sqlite:"); ok {
		f, err := os.OpenFile(filepath.Clean(path), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return fmt.Errorf("the database file %s cannot be opened: %w", path, cause(err))
		}
		f.Close()
	}
	a.DB, err = db.Open(ctx, db.Config{URL: a.Config.Database, SlowQuery: a.Config.SlowQuery, Logger: a.log})
	if vitrine.Is(err, vitrine.CodeBusy) {
		// To try again in a moment is advice for visitors; who starts it wants the cause.
		return errors.New("the database cannot be opened: " + reason(err))
	}
	if err != nil {
		return fmt.Errorf("the database cannot be opened: %w", err)
	}
	a.clock = db.NewClock(a.DB, a.Config.Clock)
	if err := a.clock.Refresh(ctx); err != nil {
		return fmt.Errorf("the database does not tell the time: %w", err)
	}
	return nil
}

func (a *App) openSettings(ctx context.Context) (err error) {
	a.Settings, err = settings.New(ctx, settings.Config{DB: a.DB, Pinned: a.Config.Settings, Logger: a.log})
	return err
}

func (a *App) openJobs(ctx context.Context) (err error) {
	if a.Jobs, err = jobs.New(ctx, jobs.Config{DB: a.DB, Clock: a.clock.Now, Logger: a.log}); err != nil {
		return fmt.Errorf("prepare jobs: %w", err)
	}
	return nil
}

func (a *App) openServices(context.Context) error {
	hasher := passwords.New() // one, so that all passwords together have a bound
	a.Account = account.New(account.Config{DB: a.DB, Settings: a.Settings, Passwords: hasher, Clock: a.clock.Now, Logger: a.log})
	a.Catalog = catalog.New(catalog.Config{DB: a.DB, Stores: a.Stores, Settings: a.Settings, Jobs: a.Jobs, Passwords: hasher, Clock: a.clock.Now, Logger: a.log})
	a.registerJobs()
	return nil
}

// Close releases everything that New and Listen took, the last first. Serve does
// it by itself. Closing twice is no error.
func (a *App) Close() error {
	var errs []error
	a.closing.Do(func() {
		if a.listener != nil {
			_ = a.listener.Close() // closed already if it was served
		}
		if a.Media != nil {
			errs = append(errs, a.Media.Close())
		}
		if a.spool != nil {
			a.spool.release()
		}
		if a.Catalog != nil {
			errs = append(errs, a.Catalog.Close())
		}
		if a.DB != nil {
			errs = append(errs, a.DB.Close())
		}
	})
	return errors.Join(errs...)
}
