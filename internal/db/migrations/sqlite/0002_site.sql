-- +goose Up

-- What the site needs: lists that page by key, search, likes, views, albums with
-- passwords, profiles, sessions. 0001_first.sql explains the shape.
--
-- Lists that everybody may see read partial indexes of the files that are listed, so
-- that what is private costs them nothing. A list by id is the newest first: ids grow
-- with time. An upload by a guest touches one of these indexes, one by a user four.
--
-- Counters named listed_count count listed files only: they are for strangers, who must
-- not learn how much there is that they cannot see.

-- Nothing reads files by their date.
DROP INDEX files_created_at;

ALTER TABLE files ADD COLUMN score INTEGER NOT NULL DEFAULT 0; -- trend, see trend.go; 0: never seen
ALTER TABLE files ADD COLUMN kind INTEGER NOT NULL DEFAULT 0; -- 0 still, 1 animation, 2 film
ALTER TABLE files ADD COLUMN listed INTEGER NOT NULL DEFAULT 0; -- approved, and its album public or none
ALTER TABLE files ADD COLUMN title_key TEXT NOT NULL DEFAULT ''; -- for the order by title
ALTER TABLE files ADD COLUMN placeholder BLOB;
UPDATE files SET
    kind = CASE WHEN extension <> variant_extension THEN 2 WHEN animated THEN 1 ELSE 0 END,
    listed = approved AND (album_id = 0 OR album_id IN (SELECT id FROM albums WHERE privacy = 'public'));
CREATE INDEX files_listed ON files (id) WHERE listed;
CREATE INDEX files_listed_kind ON files (kind, id) WHERE listed AND kind > 0;
CREATE INDEX files_listed_views ON files (views, id) WHERE listed AND views > 0;
CREATE INDEX files_listed_score ON files (score, id) WHERE listed AND score > 0;
CREATE INDEX files_owner_listed ON files (owner_id, id) WHERE listed AND owner_id > 0;
CREATE INDEX files_owner_views ON files (owner_id, views, id) WHERE owner_id > 0;
CREATE INDEX files_owner_title ON files (owner_id, title_key, id) WHERE owner_id > 0;
CREATE INDEX files_album_views ON files (album_id, views, id) WHERE album_id > 0;
CREATE INDEX files_album_title ON files (album_id, title_key, id) WHERE album_id > 0;

ALTER TABLE file_texts ADD COLUMN alt TEXT NOT NULL DEFAULT '';

ALTER TABLE albums ADD COLUMN views INTEGER NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN pass TEXT NOT NULL DEFAULT '';
ALTER TABLE albums ADD COLUMN sort TEXT NOT NULL DEFAULT 'date_desc';
ALTER TABLE albums ADD COLUMN password_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE albums ADD COLUMN token_hash BLOB; -- SHA-256 of the token of the guest who made it; NULL: none
CREATE INDEX albums_public ON albums (id) WHERE privacy = 'public';

ALTER TABLE users ADD COLUMN listed_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN has_listed INTEGER NOT NULL DEFAULT 0; -- listed_count > 0: changes less often
ALTER TABLE users ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN bio TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN website TEXT NOT NULL DEFAULT '';
UPDATE users SET listed_count = (SELECT count(*) FROM files f WHERE f.owner_id > 0 AND f.owner_id = users.id AND f.listed);
UPDATE users SET has_listed = listed_count > 0;
CREATE INDEX users_public ON users (id) WHERE has_listed AND NOT private;

ALTER TABLE categories ADD COLUMN listed_count INTEGER NOT NULL DEFAULT 0;
UPDATE categories SET listed_count = (
    SELECT count(*) FROM files f WHERE f.category_id > 0 AND f.category_id = categories.id AND f.listed);

ALTER TABLE tags ADD COLUMN listed_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tags ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- in lower case
UPDATE tags SET listed_count = (
    SELECT count(*) FROM file_tags ft JOIN files f ON f.id = ft.file_id WHERE ft.tag_id = tags.id AND f.listed);
CREATE INDEX tags_name_key ON tags (name_key, id);
CREATE INDEX tags_popular ON tags (listed_count, id) WHERE listed_count > 0;

CREATE TABLE likes (
    file_id    INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (file_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX likes_user ON likes (user_id, created_at, file_id);

DROP TABLE sessions; -- nothing has used it
CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    address      BLOB NOT NULL,
    user_agent   TEXT NOT NULL,
    token_hash   BLOB NOT NULL -- SHA-256
) STRICT;
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id, last_seen_at);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- How often something was tried within a window of time, on all nodes together.
CREATE TABLE attempts (
    key     TEXT NOT NULL PRIMARY KEY,
    ends_at INTEGER NOT NULL,
    tries   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_ends_at ON attempts (ends_at);

-- The words of files, albums and users, for the search. The program splits texts into
-- words itself (words.go); the tokenizer has only blanks to find. Migration 3 fills them.
CREATE VIRTUAL TABLE file_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE album_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE user_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
