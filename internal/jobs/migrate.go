package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"

	"vitrine/internal/db"
)

// migrationTries is how often a node that migrates at the same time as another one
// looks again.
const migrationTries = 10

// migrate brings River's tables up to date. Each of its migrations is a transaction,
// so of several nodes that start at once one goes on and the others fail, look again
// and find it done.
func migrate(ctx context.Context, d *db.DB, driver riverdriver.Driver[*sql.Tx], log *slog.Logger) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(warnings{log.Handler()})})
	if err != nil {
		return err
	}
	all := migrator.AllVersions()
	newest := all[len(all)-1].Version
	for try := 1; ; try++ {
		if version(ctx, d) >= newest {
			return nil
		}
		if _, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err == nil {
			return nil
		}
		if try == migrationTries {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// version is the newest migration that was applied, 0 if there is no table yet.
func version(ctx context.Context, d *db.DB) int {
	var v int
	if err := d.SQL().QueryRowContext(ctx, "SELECT max(version) FROM river_migration").Scan(&v); err != nil {
		return 0
	}
	return v
}
