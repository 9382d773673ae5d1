-- +goose Up

-- The shape of this schema, for both engines. The file of the same number in the
-- other folder is its twin: same tables, same columns in the same order.
--
-- Ids are 64-bit integers; 0 in a column that refers to another table means none.
-- Instants are microseconds since 1970 in UTC; 0 means never. Addresses are the
-- 4 or 16 bytes of the address, empty if unknown. Digests are raw bytes.
--
-- Ten million files: a file takes about 400 bytes with all its index entries. What is
-- long (description, metadata) stands in a table of its own, so that lists read few
-- pages. The delete token is short and comes with every file: a table of its own would
-- cost each upload one more page to write. Counters are columns that the statement
-- which adds or takes away a file keeps right, so nothing is counted by reading.
--
-- files refers to users, albums and categories without foreign keys: the counter
-- update of the same transaction is the check that the other row exists, and it
-- locks it. A foreign key would check the same again on every upload.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- an id is never given twice
    created_at    INTEGER NOT NULL,
    file_count    INTEGER NOT NULL DEFAULT 0,
    byte_count    INTEGER NOT NULL DEFAULT 0,
    keep_exif     INTEGER NOT NULL,
    username      TEXT NOT NULL,
    username_key  TEXT NOT NULL, -- in lower case: names differ in more than case
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL, -- in lower case
    role          TEXT NOT NULL,
    status        TEXT NOT NULL,
    language      TEXT NOT NULL,
    password_hash TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_username ON users (username_key);
CREATE UNIQUE INDEX users_email ON users (email_key) WHERE email_key <> '';

CREATE TABLE api_keys (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL DEFAULT 0,
    public_id    TEXT NOT NULL,
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_public_id ON api_keys (public_id);
CREATE INDEX api_keys_user ON api_keys (user_id, id);

CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    data       BLOB NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE albums (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id    INTEGER NOT NULL,
    parent_id   INTEGER NOT NULL DEFAULT 0,
    cover_id    INTEGER NOT NULL DEFAULT 0,
    file_count  INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    slug        TEXT NOT NULL,
    privacy     TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX albums_slug ON albums (slug);
CREATE INDEX albums_owner ON albums (owner_id, id);
CREATE INDEX albums_parent ON albums (parent_id, id) WHERE parent_id > 0;

CREATE TABLE categories (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    file_count  INTEGER NOT NULL DEFAULT 0,
    name        TEXT NOT NULL,
    url_key     TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX categories_url_key ON categories (url_key);

CREATE TABLE files (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id          INTEGER NOT NULL,
    album_id          INTEGER NOT NULL,
    category_id       INTEGER NOT NULL,
    size              INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    uploaded_at       INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    duration          INTEGER NOT NULL, -- microseconds
    views             INTEGER NOT NULL,
    likes             INTEGER NOT NULL,
    width             INTEGER NOT NULL,
    height            INTEGER NOT NULL,
    thumb_size        INTEGER NOT NULL,
    thumb_width       INTEGER NOT NULL,
    thumb_height      INTEGER NOT NULL,
    medium_size       INTEGER NOT NULL,
    medium_width      INTEGER NOT NULL,
    medium_height     INTEGER NOT NULL,
    frame_size        INTEGER NOT NULL,
    frame_width       INTEGER NOT NULL,
    frame_height      INTEGER NOT NULL,
    tag_count         INTEGER NOT NULL,
    animated          INTEGER NOT NULL,
    is_360            INTEGER NOT NULL,
    resized           INTEGER NOT NULL,
    nsfw              INTEGER NOT NULL,
    approved          INTEGER NOT NULL,
    slug              TEXT NOT NULL,
    storage           TEXT NOT NULL,
    storage_mode      TEXT NOT NULL,
    format            TEXT NOT NULL,
    folder            TEXT NOT NULL,
    name              TEXT NOT NULL,
    extension         TEXT NOT NULL,
    variant_extension TEXT NOT NULL,
    title             TEXT NOT NULL,
    original_filename TEXT NOT NULL,
    uploader_ip       BLOB NOT NULL,
    md5               BLOB NOT NULL,
    source_md5        BLOB, -- NULL: the same as md5
    token_hash        BLOB -- SHA-256 of the delete token; NULL: none
) STRICT;
CREATE UNIQUE INDEX files_slug ON files (slug);
-- One name, one set of addresses. Pictures have the same extension twice, so that
-- the first index guards both their names; only films need the second.
CREATE UNIQUE INDEX files_variant_name ON files (folder, name, variant_extension);
CREATE UNIQUE INDEX files_film_name ON files (folder, name, extension) WHERE extension <> variant_extension;
CREATE INDEX files_owner ON files (owner_id, id) WHERE owner_id > 0;
CREATE INDEX files_album ON files (album_id, id) WHERE album_id > 0;
CREATE INDEX files_category ON files (category_id, id) WHERE category_id > 0;
CREATE INDEX files_expires_at ON files (expires_at) WHERE expires_at > 0;
CREATE INDEX files_created_at ON files (created_at, id);
CREATE INDEX files_md5 ON files (md5, uploader_ip, uploaded_at);
CREATE INDEX files_source_md5 ON files (source_md5, uploader_ip, uploaded_at) WHERE source_md5 IS NOT NULL;
CREATE INDEX files_uploader ON files (uploader_ip, uploaded_at);

CREATE TABLE file_texts (
    file_id     INTEGER PRIMARY KEY,
    description TEXT NOT NULL,
    exif        TEXT NOT NULL
) STRICT;

CREATE TABLE tags (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    file_count INTEGER NOT NULL DEFAULT 0,
    name       TEXT NOT NULL -- unique with its case
) STRICT;
CREATE UNIQUE INDEX tags_name ON tags (name);

CREATE TABLE file_tags (
    file_id  INTEGER NOT NULL,
    tag_id   INTEGER NOT NULL,
    position INTEGER NOT NULL, -- the order in which they were given
    PRIMARY KEY (file_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_tags_tag ON file_tags (tag_id, file_id);

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A number per thing that nodes keep in memory; it grows with every change.
CREATE TABLE versions (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO versions (name, value) VALUES ('settings', 1);

CREATE TABLE bans (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    prefix     TEXT NOT NULL, -- CIDR
    message    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX bans_prefix ON bans (prefix);

-- Objects that no row refers to any more and that are still to be removed.
CREATE TABLE removals (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    storage TEXT NOT NULL,
    keys    TEXT NOT NULL -- a JSON array of strings
) STRICT;
