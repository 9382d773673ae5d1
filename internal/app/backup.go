package app

import (
	"context"
	"fmt"

	"vitrine/internal/backup"
	"vitrine/internal/db"
)

// The values of backups that the command line and the service share.
type (
	// BackupOptions say how to make a backup.
	BackupOptions = backup.Options
	// BackupReport says what a backup has.
	BackupReport = backup.Report
	// BackupStep is how far a backup or a restore is.
	BackupStep = backup.Step
	// BackupVerification says what reading a backup again has found.
	BackupVerification = backup.Verification
	// Restored says what a restore has done.
	Restored = backup.Restored
)

// RestoreOptions say what of a backup to restore where.
type RestoreOptions struct {
	Snapshot string // name; empty: the newest
	Storage  string // name of the storage for all files; empty: that of the same name, or the default
	Workers  int    // objects written at once; 0: a few
	Progress backup.Progress
}

// Backup adds a snapshot of the site to the backup in a folder; see backup.Service.Create.
func (a *App) Backup(ctx context.Context, folder, program string, o BackupOptions) (*BackupReport, error) {
	s := backup.New(backup.Config{DB: a.DB, Stores: a.Stores, Program: program, Clock: a.Now, Logger: a.log})
	return s.Create(ctx, folder, o)
}

// VerifyBackup reads a snapshot in a folder again, the newest if it has no name. It needs
// no site.
func VerifyBackup(ctx context.Context, folder, snapshot string, workers int, progress backup.Progress) (*BackupVerification, error) {
	return backup.New(backup.Config{}).Verify(ctx, folder, snapshot, workers, progress)
}

// Restore makes the site of a configuration from the backup in a folder; see
// backup.Restore. The site must not exist yet, so there is no App of it.
func Restore(ctx context.Context, c Config, folder string, o RestoreOptions) (*Restored, error) {
	a := bare(c)
	if err := a.openData(ctx); err != nil {
		return nil, err
	}
	if err := a.openStores(ctx); err != nil {
		return nil, err
	}
	r, err := backup.Restore(ctx, folder, backup.RestoreOptions{
		Database: db.Config{URL: a.Config.Database, Logger: a.log}, Stores: a.Stores,
		Snapshot: o.Snapshot, Storage: o.Storage, Workers: o.Workers, Progress: o.Progress,
	})
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	return r, nil
}
