-- +goose Up

-- What lies in each storage. Every upload counts here, so a storage has several rows,
-- one of which a transaction takes by chance: uploads do not wait for each other.
CREATE TABLE storage_usage (
    storage    TEXT NOT NULL,
    shard      INTEGER NOT NULL,
    file_count INTEGER NOT NULL,
    byte_count INTEGER NOT NULL, -- of originals and variants
    PRIMARY KEY (storage, shard)
) STRICT, WITHOUT ROWID;
INSERT INTO storage_usage (storage, shard, file_count, byte_count)
    SELECT storage, 0, count(*), sum(size + thumb_size + medium_size + frame_size) FROM files GROUP BY storage;

-- Who mends the counters changes this row first: one at a time.
INSERT INTO versions (name, value) VALUES ('storage_usage', 1);
