-- +goose Up

-- What a site with millions of files needs. 0001_first.sql explains the shape.

-- A stranger who looks through what somebody has shown walks past nothing that is
-- hidden, in no order.
CREATE INDEX files_owner_listed_views ON files (owner_id, views, id) WHERE listed AND owner_id > 0;
CREATE INDEX files_owner_listed_title ON files (owner_id, title_key, id) WHERE listed AND owner_id > 0;
CREATE INDEX files_category_listed ON files (category_id, id) WHERE listed AND category_id > 0;
CREATE INDEX albums_owner_top ON albums (owner_id, id) WHERE parent_id = 0;
CREATE INDEX albums_owner_public ON albums (owner_id, id) WHERE privacy = 'public';
CREATE INDEX albums_owner_public_top ON albums (owner_id, id) WHERE privacy = 'public' AND parent_id = 0;

-- The words that were ever written, so that a search for the beginning of a word can
-- look for whole ones. place is 1 for files, 2 for albums, 3 for users. seen is about how
-- many of them have the word; it only grows.
CREATE TABLE vocabulary (
    seen  INTEGER NOT NULL,
    place INTEGER NOT NULL,
    word  TEXT NOT NULL,
    PRIMARY KEY (place, word)
) STRICT, WITHOUT ROWID;

-- Words now come with marks of what they belong to (docs/adr/0017). The migration that
-- follows makes them anew.
DROP TABLE file_words;
DROP TABLE album_words;
DROP TABLE user_words;
CREATE VIRTUAL TABLE file_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE album_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE user_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
