package db

import (
	"context"
	"net/netip"
	"time"

	"vitrine/internal/vitrine"
)

// KeyRecord is an API key with its digest and its user.
type KeyRecord struct {
	Key  vitrine.APIKey
	Hash []byte // SHA-256 of the secret
	User vitrine.User
}

// FileName is where a file's objects live within a storage.
type FileName struct{ Folder, Name string }

// Removal names objects that no row refers to any more.
type Removal struct {
	ID      int64
	Storage string
	Keys    []string
}

func (d *DB) User(ctx context.Context, id int64) (*vitrine.User, error) { return nil, errStub }
func (d *DB) UserByName(ctx context.Context, username string) (*vitrine.User, error) {
	return nil, errStub
}
func (d *DB) Users(ctx context.Context, after int64, limit int) ([]vitrine.User, error) {
	return nil, errStub
}
func (d *DB) CountUsers(ctx context.Context) (int64, error)                  { return 0, errStub }
func (d *DB) PasswordHash(ctx context.Context, userID int64) (string, error) { return "", errStub }
func (t *Tx) CreateUser(ctx context.Context, u *vitrine.User, passwordHash string) error {
	return errStub
}
func (t *Tx) SetUserStatus(ctx context.Context, id int64, status vitrine.UserStatus) error {
	return errStub
}
func (t *Tx) SetPasswordHash(ctx context.Context, id int64, hash string) error { return errStub }
func (t *Tx) DeleteUser(ctx context.Context, id int64) error                   { return errStub }

func (d *DB) Key(ctx context.Context, publicID string) (*KeyRecord, error)        { return nil, errStub }
func (d *DB) Keys(ctx context.Context, userID int64) ([]KeyRecord, error)         { return nil, errStub }
func (d *DB) TouchKey(ctx context.Context, id int64, at time.Time) error          { return errStub }
func (t *Tx) CreateKey(ctx context.Context, k *vitrine.APIKey, hash []byte) error { return errStub }
func (t *Tx) RevokeKey(ctx context.Context, publicID string) error                { return errStub }

func (d *DB) FileBySlug(ctx context.Context, slug vitrine.Slug) (*vitrine.File, error) {
	return nil, errStub
}
func (d *DB) FileByID(ctx context.Context, id int64) (*vitrine.File, error) { return nil, errStub }
func (d *DB) FileByOriginal(ctx context.Context, folder, name, ext string) (*vitrine.File, error) {
	return nil, errStub
}
func (d *DB) FileByVariant(ctx context.Context, folder, name, variantExt string) (*vitrine.File, error) {
	return nil, errStub
}
func (d *DB) NameTaken(ctx context.Context, folder, name, ext, variantExt string) (bool, error) {
	return false, errStub
}
func (d *DB) FileByDigest(ctx context.Context, md5 string, from netip.Addr, since time.Time) (*vitrine.File, error) {
	return nil, errStub
}
func (d *DB) FileOfOwnerByDigest(ctx context.Context, md5 string, ownerID int64) (*vitrine.File, error) {
	return nil, errStub
}
func (d *DB) UploadCount(ctx context.Context, from netip.Addr, since time.Time, most int) (int, error) {
	return 0, errStub
}
func (d *DB) ExpiredFiles(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return nil, errStub
}
func (d *DB) FilesOfOwner(ctx context.Context, ownerID, after int64, limit int) ([]int64, error) {
	return nil, errStub
}
func (d *DB) FilesNamed(ctx context.Context, storage string, names []FileName) ([]vitrine.File, error) {
	return nil, errStub
}
func (t *Tx) CreateFile(ctx context.Context, f *vitrine.File, tokenHash []byte) error { return errStub }
func (t *Tx) DeleteFile(ctx context.Context, id int64) (*vitrine.File, error)         { return nil, errStub }
func (d *DB) Removals(ctx context.Context, limit int) ([]Removal, error)              { return nil, errStub }
func (d *DB) DeleteRemoval(ctx context.Context, id int64) error                       { return errStub }
func (d *DB) DeleteToken(ctx context.Context, fileID int64) ([]byte, error)           { return nil, errStub }

func (d *DB) AlbumBySlug(ctx context.Context, slug vitrine.Slug) (*vitrine.Album, error) {
	return nil, errStub
}
func (d *DB) Album(ctx context.Context, id int64) (*vitrine.Album, error) { return nil, errStub }
func (d *DB) Albums(ctx context.Context, ownerID, after int64, limit int) ([]vitrine.Album, error) {
	return nil, errStub
}
func (t *Tx) CreateAlbum(ctx context.Context, a *vitrine.Album) error { return errStub }

func (d *DB) Category(ctx context.Context, id int64) (*vitrine.Category, error) { return nil, errStub }
func (d *DB) Categories(ctx context.Context) ([]vitrine.Category, error)        { return nil, errStub }
func (t *Tx) CreateCategory(ctx context.Context, c *vitrine.Category) error     { return errStub }

func (d *DB) Settings(ctx context.Context) (values map[string]string, version int64, err error) {
	return nil, 0, errStub
}
func (d *DB) SettingsVersion(ctx context.Context) (int64, error)      { return 0, errStub }
func (t *Tx) SetSetting(ctx context.Context, key, value string) error { return errStub }
func (t *Tx) ResetSetting(ctx context.Context, key string) error      { return errStub }
func (d *DB) Bans(ctx context.Context) ([]vitrine.Ban, error)         { return nil, errStub }
func (t *Tx) CreateBan(ctx context.Context, b *vitrine.Ban) error     { return errStub }
func (t *Tx) DeleteBan(ctx context.Context, p netip.Prefix) error     { return errStub }
