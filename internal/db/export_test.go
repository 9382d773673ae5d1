package db

import (
	"fmt"
	"time"
)

// Statement is one of the room's texts with arguments that suit it.
type Statement struct {
	Text string
	Args []any
	// Whole is why it may read a whole table or a part that a limit bounds; empty if
	// it must not.
	Whole string
}

var dialects = map[Engine]dialect{SQLite: sqliteDialect{}, Postgres: postgresDialect{}}

const (
	few = "admins make a handful of them"
	// CountsFiles is for statements that are told to read all files in their comment.
	CountsFiles = "it counts all files"

	limited = "the limit bounds it: it reads in the order of the key"
)

// Statements are all texts of the room by the name of their constant, or what they
// list, for the test that reads their plans.
func Statements(e Engine) map[string]Statement {
	blob := []byte{1}
	names, nameArgs := filesNamed("local", []FileName{{"a", "b"}, {"c", "d"}})
	removed, removedArgs := removalsNamed("local", []FileName{{"a", "b"}, {"c", "d"}})
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
		"leaseRemovals":         {leaseRemovals(dialects[e]), []any{1, 2, 10}, "a backup has a hold: there are a few"},
		"deleteRemoval":         {deleteRemoval, []any{1}, ""},
		"delayRemoval":          {delayRemoval, []any{1, 1}, ""},
		"deleteUnused":          {deleteUnused, []any{"a", "b", 1}, ""},
		"selectStands":          {selectStands, []any{"a", "b"}, ""},
		"selectNameRemoved":     {selectNameRemoved, []any{"a", "b", "c"}, ""},
		"removalsNamed":         {removed, removedArgs, ""},
		"selectSeenFrom":        {selectSeenFrom, []any{blob, blob, 1, 1}, ""},
		"selectSeenOf":          {selectSeenOf, []any{blob, 1, 1}, ""},
		"selectPlace":           {selectPlace, []any{"a"}, ""},
		"deletePlace":           {deletePlace, []any{"a"}, ""},
		"selectHeld":            {selectHeld, []any{1}, few},
		"deleteHold":            {deleteHold, []any{"a"}, ""},
		"deleteEnded":           {deleteEnded, []any{1}, few},

		"selectFileByID":            {selectFileByID, []any{1}, ""},
		"selectFileBySlug":          {selectFileBySlug, []any{"a"}, ""},
		"selectFileByOriginal":      {selectFileByOriginal, []any{"a", "b", "c"}, ""},
		"selectFileByVariant":       {selectFileByVariant, []any{"a", "b", "c"}, ""},
		"selectFileByDigest":        {selectFileByDigest, []any{blob, blob, 1}, ""},
		"selectFileOfOwnerByDigest": {selectFileOfOwnerByDigest, []any{blob, 1}, ""},
		"selectFileTags":            {selectFileTags, []any{1}, ""},
		"selectToken":               {selectToken, []any{1}, ""},
		"selectNameTaken":           {selectNameTaken, []any{"a", "b", "c", "d", "e", "f", "g"}, ""},
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
	addChanges(list)
	addStorages(list)
	addLists(list, e)
	return list
}

func addStorages(list map[string]Statement) {
	blob := []byte{1}
	for name, s := range map[string]Statement{
		"countStorage":       {countStorage, []any{"a", 1, 1, 1}, ""},
		"selectStorageUsage": {selectStorageUsage, nil, "16 rows a storage"},
		"selectUsageDrift":   {selectUsageDrift, nil, CountsFiles},
		"selectLateRemovals": {selectLateRemovals, []any{1}, "it counts what should not be there"},
		"bumpStorageUsage":   {bumpStorageUsage, nil, ""},
		"selectWalk":         {selectWalk, []any{1, 100, 0, 2, 10}, ""},
		"selectWalkStorage":  {selectWalkStorage, []any{1, 100, 0, 2, 10, "a"}, ""},
		"selectWalkOwner":    {selectWalkOwner, []any{1, 100, 0, 2, 10, "a", 1}, ""},
		"selectWalkTotal":    {selectWalkTotal, []any{1, 100, 0, 2, "a", 1}, ""},
		"selectFilesByMD5":   {selectFilesByMD5, []any{blob, 1, 10}, ""},
		"selectNewestFile":   {selectNewestFile, nil, ""},
		"updateStorage":      {updateStorage, []any{1, "a", "b", blob, 1, 1, 1, 1}, ""},
		"updateVariants":     {updateVariants, []any{1, "a", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, ""},
	} {
		list[name] = s
	}
}

func addChanges(list map[string]Statement) {
	blob := []byte{1}
	for name, s := range map[string]Statement{
		"updateAlbum":         {updateAlbum, []any{1, 1, 1, 1, "a", "public", "a", "b", "c", "d"}, ""},
		"updateAlbumPassword": {updateAlbumPassword, []any{1, "a"}, ""},
		"updateAlbumToken":    {updateAlbumToken, []any{1, blob}, ""},
		"selectAlbumSecrets":  {selectAlbumSecrets, []any{1}, ""},
		"deleteAlbum":         {deleteAlbum, []any{1}, ""},
		"updateAlbumsUp":      {updateAlbumsUp, []any{1, 2}, ""},
		"updateListed":        {updateListed, []any{1, true, 1, 100}, ""},
		"selectRelists":       {selectRelists, []any{0, 10}, ""},
		"selectRelistEnd":     {selectRelistEnd, []any{1, 1000, 10}, ""},
		"bumpRelist":          {bumpRelist, []any{1}, ""},
		"updateRelist":        {updateRelist, []any{1, 1, 1, true}, ""},
		"updateAlbumViews":    {updateAlbumViews, []any{1, 1}, ""},

		"countAttempt":        {countAttempt, []any{"a", 1, 1}, ""},
		"selectAttempts":      {selectAttempts, []any{"a", 1}, ""},
		"deleteAttempts":      {deleteAttempts, []any{"a"}, ""},
		"deleteAttemptsEnded": {deleteAttemptsEnded, []any{1}, ""},

		"selectSession":       {selectSession, []any{blob}, ""},
		"selectSessionsOf":    {selectSessionsOf, []any{1}, ""},
		"touchSession":        {touchSession, []any{1, 1, 1}, ""},
		"deleteSession":       {deleteSession, []any{blob}, ""},
		"deleteSessionOf":     {deleteSessionOf, []any{1, 1}, ""},
		"deleteSessions":      {deleteSessions, []any{1, blob}, ""},
		"deleteSessionsEnded": {deleteSessionsEnded, []any{1}, ""},

		"lockFile":        {lockFile, []any{1}, ""},
		"updateFile":      {updateFile, []any{1, 1, 1, 1, 1, false, "a", "b", true, 1}, ""},
		"updateFileViews": {updateFileViews, []any{1, 1, 1}, ""},
		"selectTexts":     {selectTexts, []any{1}, ""},
		"selectPrivacy":   {selectPrivacy, []any{1}, ""},
		"deleteLike":      {deleteLike, []any{1, 1}, ""},
		"lockLikes":       {lockLikes, []any{1}, ""},
		"updateLike":      {updateLike, []any{1, 1}, ""},
		"updateOff":       {updateOff, []any{1, 1}, ""},
		"selectLike":      {selectLike, []any{1, 1}, ""},

		"updateLikesOff":    {updateLikesOff, []any{1}, "what one user likes, when an account goes"},
		"deleteUserLikes":   {deleteUserLikes, []any{1}, ""},
		"updateProfile":     {updateProfile, []any{1, "a", "b", "c", true, "d", true}, ""},
		"selectUserByEmail": {selectUserByEmail, []any{"a"}, ""},
		"selectPublicUsers": {selectPublicUsers, []any{1, 10}, ""},
	} {
		list[name] = s
	}
	for name, build := range map[string]func([]int64) (string, []any){
		"files by ids": func(ids []int64) (string, []any) { return filesWith("id", "BIGINT", ids) },
		"tagsOfFiles":  tagsOfFiles, "countTagsOf": countTagsOf,
		"usersWith": usersWith, "altsOfFiles": altsOfFiles,
	} {
		text, args := build([]int64{1, 2, 3})
		list[name] = Statement{text, args, ""}
	}
	text, args := filesWith("slug", "TEXT", []string{"a", "b"})
	list["files by slugs"] = Statement{text, args, ""}
}

// Lists is what the names of statements that list files begin with.
const Lists = "list "

func addLists(list map[string]Statement, e Engine) {
	di := dialects[e]
	scopes := map[ListScope]string{
		ScopeAll: "all", ScopeOwner: "owner", ScopeAlbum: "album", ScopeCategory: "category", ScopeTag: "tag", ScopeLikedBy: "liked by",
	}
	values := map[string]any{
		"scope": 1, "now": 1, "limit": 10, "number": 5, "text": "word 00550", "id": 2000,
		"search": di.query(parseSearch(`word "a phrase" -no`, 3)), "owner": 1, "parent": 1, "top": 0, "before": 1000, "first": 1, "ids": "[1,2]",
		"window": "'x'",
	}
	value := func(name string) any { return values[name] }
	for k, s := range fileLists(di) {
		name := fmt.Sprintf("%s%s, everything %v, kind %q, by %v, falling %v", Lists, scopes[k.scope], k.all, k.kind, k.order.columns, k.order.desc)
		if k.order == byIDOfKind || k.order == byIDOfKindDesc {
			name += ", one kind"
		}
		if k.order == byFound {
			name = "found, " + name
		}
		list[name] = Statement{s.text, s.args(value), ""}
	}
	for w := range wordTables {
		s := newNamed(di.seek(w))
		list["found, seek "+string(w)] = Statement{s.text, s.args(value), ""}
		s = newNamed(di.few(w))
		list["found, few "+string(w)] = Statement{s.text, s.args(value), ""}
		list["newest of "+string(w)] = Statement{`SELECT COALESCE(max(id), 0) FROM ` + wordTables[w].of, nil, ""}
	}
	list["fileBlocks"] = Statement{fileBlocks(di), []any{100, 10, 1}, limited}
	list["albumBlocks"] = Statement{albumBlocks(di), []any{100, 10}, limited}
	list["selectSeen"] = Statement{selectSeen, []any{1, "a"}, ""}
	list["selectLonger"] = Statement{selectLonger, []any{1, "a", "b", 50}, "sorts a few thousand words"}
	by := map[albumsBy]string{albumsByID: "id", albumsByOwner: "owner", albumsTopByOwner: "owner, top", albumsByParent: "parent", albumsByWords: "words"}
	for k, s := range albumLists(di) {
		if values["owner"] = 0; k.by == albumsByOwner || k.by == albumsTopByOwner {
			values["owner"] = 1
		}
		if values["parent"] = 0; k.by == albumsByParent {
			values["parent"] = 1
		}
		name := fmt.Sprintf("%salbums by %s, listed %v", Lists, by[k.by], k.listed)
		if k.by == albumsByWords {
			name = "found, " + name
		}
		list[name] = Statement{s.text, s.args(value), ""}
	}
	users := foundUsers(di)
	list["found users"] = Statement{users.text, users.args(value), ""}
	list[Lists+"public users"] = Statement{selectPublicUsers, []any{1, 10}, ""}
}

// WordsOf is what the search makes of a text.
func WordsOf(text string) (list []string) {
	for _, w := range wordsOf(text) {
		list = append(list, w.text)
	}
	return list
}

// RelistAtOnce makes albums of more than n files follow in parts.
func (d *DB) RelistAtOnce(n int64) { d.relistAtOnce = n }

// LookTime changes Config.LookTime.
func (d *DB) LookTime(t time.Duration) { d.lookTime = t }

// TitleKey is by what a title is ordered.
func TitleKey(title string) string { return titleKey(title) }
