-- +goose Up

-- The files of a large album follow its privacy in steps (relist.go). relist is above 0
-- while they do, and counts up with every such change.
ALTER TABLE albums ADD COLUMN relist BIGINT NOT NULL DEFAULT 0;
CREATE INDEX albums_relist ON albums (id) WHERE relist > 0;

-- Films, and moving pictures, by views: few among very many pictures.
CREATE INDEX files_listed_kind_views ON files (kind, views, id) WHERE listed AND kind > 0 AND views > 0;
