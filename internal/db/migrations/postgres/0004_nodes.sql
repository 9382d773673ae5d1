-- +goose Up

-- What several nodes need so that they do not work against each other.

-- A removal is done by one worker at a time, who leases it, and not before it is due.
-- While it stands, the name of its objects is not given again.
ALTER TABLE removals ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT ''; -- folder and base name; empty: from before this migration
ALTER TABLE removals ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0; -- 0: at once
ALTER TABLE removals ADD COLUMN leased_until BIGINT NOT NULL DEFAULT 0; -- 0: never leased
CREATE INDEX removals_name ON removals (name);
CREATE INDEX removals_due_at ON removals (due_at, id);

-- While a hold is alive, no objects are removed from storages.
CREATE TABLE holds (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL
);

-- Where long walks through a storage go on when they were broken off.
CREATE TABLE marks (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
