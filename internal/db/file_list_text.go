package db

import (
	"math"

	"vitrine/internal/vitrine"
)

// fileListKey names one of the statements that list files.
type fileListKey struct {
	scope ListScope
	all   bool
	order *fileOrder
}

// fileOrder is an order of files. after compares with the position @number or @text,
// and @id; these are also what number and text select.
type fileOrder struct {
	number, text string
	after, by    string
	start        Position // before the first file
}

var (
	byID     = &fileOrder{`0`, `''`, `f.id > @id`, `f.id`, Position{}}
	byIDDesc = &fileOrder{`0`, `''`, `f.id < @id`, `f.id DESC`, atEnd}

	// The same for one kind alone, which has an index of its own.
	byIDOfKind     = &fileOrder{`0`, `''`, `f.kind = @kind AND f.kind > 0 AND f.id > @id`, `f.id`, Position{}}
	byIDOfKindDesc = &fileOrder{`0`, `''`, `f.kind = @kind AND f.kind > 0 AND f.id < @id`, `f.id DESC`, atEnd}

	byViews     = &fileOrder{`f.views`, `''`, `(f.views, f.id) > (@number, @id)`, `f.views, f.id`, Position{Number: -1}}
	byViewsDesc = &fileOrder{`f.views`, `''`, `(f.views, f.id) < (@number, @id)`, `f.views DESC, f.id DESC`, atEnd}

	byTitle     = &fileOrder{`0`, `f.title_key`, `(f.title_key, f.id) > (@text, @id)`, `f.title_key, f.id`, Position{}}
	byTitleDesc = &fileOrder{`0`, `f.title_key`, `(f.title_key, f.id) < (@text, @id)`, `f.title_key DESC, f.id DESC`, atEnd}

	byScoreDesc = &fileOrder{`f.score`, `''`, `(f.score, f.id) < (@number, @id)`, `f.score DESC, f.id DESC`, atEnd}

	byTag     = &fileOrder{`0`, `''`, `ft.file_id > @id`, `ft.file_id`, Position{}}
	byTagDesc = &fileOrder{`0`, `''`, `ft.file_id < @id`, `ft.file_id DESC`, atEnd}

	// Likes go by when they were given.
	byLike     = &fileOrder{`l.created_at`, `''`, `(l.created_at, l.file_id) > (@number, @id)`, `l.created_at, l.file_id`, Position{}}
	byLikeDesc = &fileOrder{`l.created_at`, `''`, `(l.created_at, l.file_id) < (@number, @id)`, `l.created_at DESC, l.file_id DESC`, atEnd}

	// What a search finds; PostgreSQL sorts it, within what it has found.
	byFound = &fileOrder{`0`, `''`, `w.rowid < @id`, `w.rowid DESC`, atEnd}
)

// atEnd is after everything.
var atEnd = Position{Number: math.MaxInt64, ID: math.MaxInt64}

// fileLists writes the statements that list files. All read in the order of an index.
// Kind (but for two orders of everybody's), expiry and, for orders other than the
// newest, whether a file is listed, are looked at on the way.
func fileLists(di dialect) map[fileListKey]named {
	const (
		rest   = ` AND f.kind BETWEEN @kind AND @lastkind AND (f.expires_at = 0 OR f.expires_at > @now) ORDER BY `
		owner  = `f.owner_id = @scope AND f.owner_id > 0 AND `
		album  = `f.album_id = @scope AND f.album_id > 0 AND `
		drawer = `f.category_id = @scope AND f.category_id > 0 AND `
		tag    = `ft.tag_id = @scope AND f.id = ft.file_id AND `
		liked  = `l.user_id = @scope AND f.id = l.file_id AND `
	)
	lists := map[fileListKey]named{}
	add := func(scope ListScope, all bool, o *fileOrder, from, where string) {
		if !all {
			where += `f.listed AND `
		}
		lists[fileListKey{scope, all, o}] = newNamed(`SELECT ` + listFields + `, ` + o.number + `, ` + o.text +
			` FROM ` + from + ` LEFT JOIN albums a ON a.id = f.album_id WHERE ` + where + o.after + rest + o.by + ` LIMIT @limit`)
	}
	for _, o := range []*fileOrder{byID, byIDDesc} {
		add(ScopeAll, false, o, `files f`+di.use("files_listed"), ``)
		add(ScopeAll, true, o, `files f`, ``)
		add(ScopeOwner, false, o, `files f`+di.use("files_owner_listed"), owner)
		add(ScopeOwner, true, o, `files f`+di.use("files_owner"), owner)
		for _, all := range []bool{false, true} {
			add(ScopeAlbum, all, o, `files f`+di.use("files_album"), album)
			add(ScopeCategory, all, o, `files f`+di.use("files_category"), drawer)
		}
	}
	add(ScopeAll, false, byIDOfKind, `files f`+di.use("files_listed_kind"), ``)
	add(ScopeAll, false, byIDOfKindDesc, `files f`+di.use("files_listed_kind"), ``)
	add(ScopeAll, false, byViewsDesc, `files f`+di.use("files_listed_views"), `f.views > 0 AND `)
	add(ScopeAll, false, byScoreDesc, `files f`+di.use("files_listed_score"), `f.score > 0 AND `)
	for _, all := range []bool{false, true} {
		add(ScopeOwner, all, byViewsDesc, `files f`+di.use("files_owner_views"), owner)
		add(ScopeOwner, all, byTitle, `files f`+di.use("files_owner_title"), owner)
		for _, o := range []*fileOrder{byViews, byViewsDesc} {
			add(ScopeAlbum, all, o, `files f`+di.use("files_album_views"), album)
		}
		for _, o := range []*fileOrder{byTitle, byTitleDesc} {
			add(ScopeAlbum, all, o, `files f`+di.use("files_album_title"), album)
		}
		for _, o := range []*fileOrder{byTag, byTagDesc} {
			add(ScopeTag, all, o, `file_tags ft CROSS JOIN files f`, tag)
		}
		for _, o := range []*fileOrder{byLike, byLikeDesc} {
			add(ScopeLikedBy, all, o, `likes l CROSS JOIN files f`, liked)
		}
		found := di.matches() + ` AND f.id = w.rowid AND `
		for scope, where := range map[ListScope]string{
			ScopeAll:      ``,
			ScopeOwner:    `f.owner_id = @scope AND `,
			ScopeAlbum:    `f.album_id = @scope AND `,
			ScopeCategory: `f.category_id = @scope AND `,
			ScopeTag:      `EXISTS (SELECT 1 FROM file_tags ft WHERE ft.file_id = f.id AND ft.tag_id = @scope) AND `,
			ScopeLikedBy:  `EXISTS (SELECT 1 FROM likes l WHERE l.file_id = f.id AND l.user_id = @scope) AND `,
		} {
			add(scope, all, byFound, `file_words w CROSS JOIN files f`, found+where)
		}
	}
	return lists
}

// key picks the statement for a list.
func (q *FileList) key() fileListKey {
	k := fileListKey{scope: q.Scope, all: q.All, order: byIDDesc}
	oldest := q.Sort == vitrine.SortOldest
	first, last := kindRange(q.Kind)
	ofKind := q.Scope == ScopeAll && !q.All && first == last
	switch {
	case q.Search != "":
		k.order = byFound
	case q.Scope == ScopeTag && oldest:
		k.order = byTag
	case q.Scope == ScopeTag:
		k.order = byTagDesc
	case q.Scope == ScopeLikedBy && oldest:
		k.order = byLike
	case q.Scope == ScopeLikedBy:
		k.order = byLikeDesc
	case oldest && ofKind:
		k.order = byIDOfKind
	case oldest:
		k.order = byID
	case q.Sort == vitrine.SortViews:
		k.order = byViewsDesc
	case q.Sort == vitrine.SortTitle:
		k.order = byTitle
	case q.Sort == vitrine.SortTrend:
		k.order = byScoreDesc
	case ofKind:
		k.order = byIDOfKindDesc
	}
	return k
}
