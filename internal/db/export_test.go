package db

import "fmt"

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

// Statements are all texts of the room by the name of their constant, or what they
// list, for the test that reads their plans.
func Statements(e Engine) map[string]Statement {
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
		"countUser":          {countUser, []any{1, 1, 1, 1}, ""},

		"selectKey":        {selectKey, []any{"a"}, ""},
		"selectKeys":       {selectKeys, nil, "an admin's list of all keys"},
		"selectKeysOfUser": {selectKeysOfUser, []any{1}, ""},
		"touchKey":         {touchKey, []any{1, 1}, ""},
		"deleteKey":        {deleteKey, []any{"a"}, ""},

		"selectAlbum":            {selectAlbum, []any{1}, ""},
		"selectAlbumBySlug":      {selectAlbumBySlug, []any{"a"}, ""},
		"selectAlbums":           {selectAlbums, []any{1, 10}, ""},
		"selectAlbumsOfOwner":    {selectAlbumsOfOwner, []any{1, 10, 1}, ""},
		"lockAlbum":              {lockAlbum, []any{1}, ""},
		"selectTagOfOwner":       {selectTagOfOwner, []any{1, 1}, ""},
		"countAlbum":             {countAlbum, []any{1, 1}, ""},
		"selectTag":              {selectTag, []any{"a"}, ""},
		"selectPopularTags":      {selectPopularTags, []any{10}, limited},
		"selectTagsAmongPopular": {selectTagsAmongPopular, []any{"a", "b", 10}, "2000 of them"},
		"selectTagsByPrefix":     {selectTagsByPrefix, []any{"a", "b", 10}, "2000 of them"},

		"selectCategory":      {selectCategory, []any{1}, ""},
		"selectCategoryByKey": {selectCategoryByKey, []any{"a"}, ""},
		"selectCategories":    {selectCategories, nil, few},
		"countCategory":       {countCategory, []any{1, 1, 1}, ""},

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
		"countTag":                  {countTag, []any{1, 1, 1}, ""}, "deleteLikes": {deleteLikes, []any{1}, ""},
	}
	addFileLists(list, e)
	return list
}

// Lists is what the names of statements that list files begin with.
const Lists = "list "

func addFileLists(list map[string]Statement, e Engine) {
	di := map[Engine]dialect{SQLite: sqliteDialect{}, Postgres: postgresDialect{}}[e]
	scopes := map[ListScope]string{
		ScopeAll: "all", ScopeOwner: "owner", ScopeAlbum: "album", ScopeCategory: "category", ScopeTag: "tag", ScopeLikedBy: "liked by",
	}
	values := map[string]any{
		"scope": 1, "kind": 1, "lastkind": 2, "now": 1, "limit": 10, "number": 5, "text": "word 00550", "id": 2000,
		"search": di.query(parseSearch(`word "a phrase" -no`, 3)),
	}
	for k, s := range fileLists(di) {
		name := fmt.Sprintf("%s%s, everything %v, by %v, falling %v", Lists, scopes[k.scope], k.all, k.order.columns, k.order.desc)
		if k.order == byIDOfKind || k.order == byIDOfKindDesc {
			name += ", one kind"
		}
		if k.order == byFound {
			name = "found, " + name
		}
		list[name] = Statement{s.text, s.args(func(name string) any { return values[name] }), ""}
	}
}
