-- +goose Up

-- The twin of migrations/sqlite/0006_scale.sql, which explains the shape.

CREATE INDEX files_owner_listed_views ON files (owner_id, views, id) WHERE listed AND owner_id > 0;
CREATE INDEX files_owner_listed_title ON files (owner_id, title_key, id) WHERE listed AND owner_id > 0;
CREATE INDEX files_category_listed ON files (category_id, id) WHERE listed AND category_id > 0;
CREATE INDEX albums_owner_top ON albums (owner_id, id) WHERE parent_id = 0;
CREATE INDEX albums_owner_public ON albums (owner_id, id) WHERE privacy = 'public';
CREATE INDEX albums_owner_public_top ON albums (owner_id, id) WHERE privacy = 'public' AND parent_id = 0;

CREATE TABLE vocabulary (
    seen  BIGINT NOT NULL,
    place SMALLINT NOT NULL,
    word  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (place, word)
) WITH (fillfactor = 90);

-- A search reads all that waits to be put into an index of words; so little may wait.
DROP TABLE file_words;
DROP TABLE album_words;
DROP TABLE user_words;
CREATE TABLE file_words (
    rowid BIGINT PRIMARY KEY, -- as SQLite calls it
    words TSVECTOR NOT NULL
);
CREATE INDEX file_words_words ON file_words USING GIN (words) WITH (gin_pending_list_limit = 256);
CREATE TABLE album_words (
    rowid BIGINT PRIMARY KEY, -- as SQLite calls it
    words TSVECTOR NOT NULL
);
CREATE INDEX album_words_words ON album_words USING GIN (words) WITH (gin_pending_list_limit = 256);
CREATE TABLE user_words (
    rowid BIGINT PRIMARY KEY, -- as SQLite calls it
    words TSVECTOR NOT NULL
);
CREATE INDEX user_words_words ON user_words USING GIN (words) WITH (gin_pending_list_limit = 256);
