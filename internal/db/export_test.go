package db

// Statement is one of the room's texts with arguments that suit it.
type Statement struct {
	Text string
	Args []any
	// Whole is why it may read a whole table or a part that a limit bounds; empty if
	// it must not.
	Whole string
}

const (
	few     = "admins make a handful of them"
	limited = "the limit bounds it: it reads in the order of the key"
)

// Statements are all texts of the room by the name of their constant, for the test
// that reads their plans.
func Statements() map[string]Statement {
	blob := []byte{1}
	names, nameArgs := filesNamed("local", []FileName{{"a", "b"}, {"c", "d"}})
	list := map[string]Statement{
		"selectUser":         {selectUser, []any{1}, ""},
		"selectUserByName":   {selectUserByName, []any{"a"}, ""},
		"selectUsers":        {selectUsers, []any{1, 10}, ""},
		"selectPassword":     {selectPassword, []any{1}, ""},
		"countUsers":         {countUsers, nil, "told so in its comment"},
		"updateUserStatus":   {updateUserStatus, []any{1, "valid"}, ""},
		"updatePasswordHash": {updatePasswordHash, []any{1, "x"}, ""},
		"deleteUser":         {deleteUser, []any{1}, ""},
		"deleteUserAlbums":   {deleteUserAlbums, []any{1}, ""},
		"lockUser":           {lockUser, []any{1}, ""},
		"countUser":          {countUser, []any{1, 1, 1}, ""},

		"selectKey":        {selectKey, []any{"a"}, ""},
		"selectKeys":       {selectKeys, nil, "an admin's list of all keys"},
		"selectKeysOfUser": {selectKeysOfUser, []any{1}, ""},
		"touchKey":         {touchKey, []any{1, 1}, ""},
		"deleteKey":        {deleteKey, []any{"a"}, ""},

		"selectAlbum":         {selectAlbum, []any{1}, ""},
		"selectAlbumBySlug":   {selectAlbumBySlug, []any{"a"}, ""},
		"selectAlbums":        {selectAlbums, []any{1, 10}, ""},
		"selectAlbumsOfOwner": {selectAlbumsOfOwner, []any{1, 10, 1}, ""},
		"countAlbum":          {countAlbum, []any{1, 1}, ""},
		"selectCategory":      {selectCategory, []any{1}, ""},
		"selectCategories":    {selectCategories, nil, few},
		"countCategory":       {countCategory, []any{1, 1}, ""},

		"selectSettings":        {selectSettings, nil, few},
		"selectSettingsVersion": {selectSettingsVersion, nil, ""},
		"deleteSetting":         {deleteSetting, []any{"a"}, ""},
		"bumpSettings":          {bumpSettings, nil, ""},
		"selectBans":            {selectBans, nil, few},
		"deleteBan":             {deleteBan, []any{"a"}, ""},
		"selectRemovals":        {selectRemovals, []any{10}, limited},
		"deleteRemoval":         {deleteRemoval, []any{1}, ""},

		"selectFileByID":            {selectFileByID, []any{1}, ""},
		"selectFileBySlug":          {selectFileBySlug, []any{"a"}, ""},
		"selectFileByOriginal":      {selectFileByOriginal, []any{"a", "b", "c"}, ""},
		"selectFileByVariant":       {selectFileByVariant, []any{"a", "b", "c"}, ""},
		"selectFileByDigest":        {selectFileByDigest, []any{blob, blob, 1}, ""},
		"selectFileOfOwnerByDigest": {selectFileOfOwnerByDigest, []any{blob, 1}, ""},
		"selectFileTags":            {selectFileTags, []any{1}, ""},
		"selectToken":               {selectToken, []any{1}, ""},
		"selectNameTaken":           {selectNameTaken, []any{"a", "b", "c", "d"}, ""},
		"selectUploadCount":         {selectUploadCount, []any{blob, 1, 10}, ""},
		"selectExpiredFiles":        {selectExpiredFiles, []any{1, 10}, ""},
		"selectFilesOfOwner":        {selectFilesOfOwner, []any{1, 1, 10}, ""},
		"filesNamed":                {names, nameArgs, ""},
		"deleteFile":                {deleteFile, []any{1}, ""},
		"deleteTexts":               {deleteTexts, []any{1}, ""},
		"deleteTags":                {deleteTags, []any{1}, ""},
		"lockFileTags":              {lockFileTags, []any{1}, ""},
		"uncountTag":                {uncountTag, []any{1}, ""},
	}
	return list
}
