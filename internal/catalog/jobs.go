package catalog

import "time"

// PurgeExpired orders Service.PurgeExpired, every minute or so.
type PurgeExpired struct{}

// Kind is the stable name of the job.
func (PurgeExpired) Kind() string { return "purge_expired" }

// RemoveObjects orders Service.RemoveObjects, after every deletion and now and
// then for what was left.
type RemoveObjects struct{}

// Kind is the stable name of the job.
func (RemoveObjects) Kind() string { return "remove_objects" }

// RelistAlbums orders Service.RelistAlbums, whenever the privacy of an album was changed
// and now and then for what was left.
type RelistAlbums struct{}

// Kind is the stable name of the job.
func (RelistAlbums) Kind() string { return "relist_albums" }

// SweepOrphans orders Service.SweepOrphans, once a day or so.
type SweepOrphans struct{}

// Kind is the stable name of the job.
func (SweepOrphans) Kind() string { return "sweep_orphans" }

// Timeout is as long as jobs may run: a large bucket takes hours to list. The next turn
// goes on where one was broken off.
func (SweepOrphans) Timeout() time.Duration { return 50 * time.Minute }
