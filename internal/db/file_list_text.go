package db

import (
	"math"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

// fileListKey names one of the statements that list files.
type fileListKey struct {
	scope ListScope
	all   bool
	kind  vitrine.ListKind
	order *fileOrder
}

// kindConditions narrow a list to a kind. They are part of the text because the planner
// knows how common a kind is, but must guess, badly, how common a parameter.
var kindConditions = map[vitrine.ListKind]string{
	"":                   "",
	vitrine.ListImages:   " AND f.kind < 2",
	vitrine.ListAnimated: " AND f.kind = 1",
	vitrine.ListVideos:   " AND f.kind = 2",
}

// fileOrder is an order of files: by these columns, the last of which is the id, and in
// which way.
type fileOrder struct {
	columns []string
	desc    bool
	start   Position // before the first file
}

var (
	byID        = &fileOrder{[]string{"f.id"}, false, Position{}}
	byIDDesc    = &fileOrder{[]string{"f.id"}, true, atEnd}
	byViews     = &fileOrder{[]string{"f.views", "f.id"}, false, Position{Number: -1}}
	byViewsDesc = &fileOrder{[]string{"f.views", "f.id"}, true, atEnd}
	byTitle     = &fileOrder{[]string{"f.title_key", "f.id"}, false, Position{}}
	byTitleDesc = &fileOrder{[]string{"f.title_key", "f.id"}, true, atEnd}
	byScoreDesc = &fileOrder{[]string{"f.score", "f.id"}, true, atEnd}

	// The same as above, for one kind alone, which has indexes of its own.
	byIDOfKind        = &fileOrder{[]string{"f.id"}, false, Position{}}
	byIDOfKindDesc    = &fileOrder{[]string{"f.id"}, true, atEnd}
	byViewsOfKindDesc = &fileOrder{[]string{"f.views", "f.id"}, true, atEnd}

	byTag     = &fileOrder{[]string{"ft.file_id"}, false, Position{}}
	byTagDesc = &fileOrder{[]string{"ft.file_id"}, true, atEnd}

	// Likes go by when they were given.
	byLike     = &fileOrder{[]string{"l.created_at", "l.file_id"}, false, Position{}}
	byLikeDesc = &fileOrder{[]string{"l.created_at", "l.file_id"}, true, atEnd}

	// What a step of a search has found, by their ids; it is put in order later.
	byFound = &fileOrder{[]string{"f.id"}, true, atEnd}
)

// atEnd is after everything.
var atEnd = Position{Number: math.MaxInt64, ID: math.MaxInt64}

// number and text are what a position remembers besides the id.
func (o *fileOrder) number() string {
	if len(o.columns) > 1 && o.columns[0] != "f.title_key" {
		return o.columns[0]
	}
	return "0"
}

func (o *fileOrder) text() string {
	if o.columns[0] == "f.title_key" {
		return o.columns[0]
	}
	return "''"
}

// after are the conditions that follow a position, and by the order. What meets the
// first of them comes before what meets the second, if there is one. within, if not
// empty, is a column that has the given value. It is compared as a part of the row, and
// ordered by, though it is the same everywhere: so no other index than that which begins
// with it suits, whatever the planner believes about how few files pass the other
// conditions, or how early. Where the engine does not look such a row up, the index is
// named (dialect.use), and the files that are equal but for their id have a condition
// of their own.
func (o *fileOrder) after(di dialect, within, value string) (conditions []string, by string) {
	columns, values := slices.Clone(o.columns), []string{"@id"}
	switch {
	case o.text() != "''":
		values = []string{"@text", "@id"}
	case o.number() != "0":
		values = []string{"@number", "@id"}
	}
	beyond, along, direction := " > ", " <= ", ""
	if o.desc {
		beyond, along, direction = " < ", " >= ", " DESC"
	}
	before := ""
	if within != "" {
		columns, values = append([]string{within}, columns...), append([]string{value}, values...)
		before = within + along + value + " AND "
	}
	by = strings.Join(columns, direction+", ") + direction
	last := len(columns) - 1
	if columns[last] != "f.id" || di.looksUpRows() {
		return []string{before + "(" + strings.Join(columns, ", ") + ")" + beyond + "(" + strings.Join(values, ", ") + ")"}, by
	}
	same := ""
	for i, c := range columns[:last] {
		same += c + " = " + values[i] + " AND "
	}
	conditions = []string{same + "f.id" + beyond + "@id"}
	if len(o.columns) > 1 {
		if before != "" {
			before = within + " = " + value + " AND "
		}
		conditions = append(conditions, before+columns[last-1]+beyond+values[last-1])
	}
	return conditions, by
}

// walks reports whether a list goes past files that it does not show, as no index knows
// that: of another kind, or hidden. Its statement gives places and says which to show.
func (k fileListKey) walks() bool {
	switch k.order {
	case byFound:
		return false
	case byIDOfKind, byIDOfKindDesc, byViewsOfKindDesc:
		return false
	}
	return k.kind != "" || !k.all && !k.scope.listed()
}

// listed reports whether the scope has indexes of what is listed.
func (s ListScope) listed() bool { return s == ScopeAll || s == ScopeOwner || s == ScopeCategory }

// fileLists writes the statements that list files. All read in the order of an index,
// but for those that look at what a search has found.
func fileLists(di dialect) map[fileListKey]named {
	lists := map[fileListKey]named{}
	addKind := func(scope ListScope, all bool, kind vitrine.ListKind, o *fileOrder, from, where, within, value string) {
		k := fileListKey{scope, all, kind, o}
		const lasts = `(f.expires_at = 0 OR f.expires_at > @now)`
		shown := lasts + kindConditions[kind]
		switch {
		case all:
		case scope.listed():
			where += "f.listed AND "
		default:
			shown += " AND f.listed"
		}
		after, by := o.after(di, within, value)
		album := "f.album_id"
		if within == album {
			album = value // or the planner would merge by what the list is ordered by
		}
		fields, tables, also := listFields+`, `+o.number()+`, `+o.text(), from+` LEFT JOIN albums a ON a.id = `+album, ` AND `+lasts
		if k.walks() {
			fields, tables, also = o.number()+`, `+o.text()+`, f.id, CASE WHEN `+shown+` THEN 1 ELSE 0 END`, from, ""
		}
		parts := make([]string, len(after))
		for i, condition := range after {
			parts[i] = `SELECT ` + fields + ` FROM ` + tables + ` WHERE ` + where + condition + also + ` ORDER BY ` + by + ` LIMIT @limit`
		}
		text := parts[0]
		if len(parts) > 1 {
			text = `SELECT * FROM (` + strings.Join(parts, `) UNION ALL SELECT * FROM (`) + `) LIMIT @limit`
		}
		lists[k] = newNamed(text)
	}
	addFound := func(scope ListScope, all bool, where string) {
		if !all {
			where += "f.listed AND "
		}
		for kind, condition := range kindConditions {
			lists[fileListKey{scope, all, kind, byFound}] = newNamed(`SELECT ` + foundFields + `, 0, '' FROM files f WHERE ` + where +
				di.among("f.id", "@ids") + condition + ` AND (f.expires_at = 0 OR f.expires_at > @now)`)
		}
	}
	add := func(scope ListScope, all bool, o *fileOrder, from, where, within, value string) {
		for kind := range kindConditions {
			addKind(scope, all, kind, o, from, where, within, value)
		}
	}
	files := func(index string) string { return "files f" + di.use(index) }
	const scope = "@scope"
	for _, o := range []*fileOrder{byID, byIDDesc} {
		add(ScopeAll, false, o, files("files_listed"), "", "", "")
		add(ScopeAll, true, o, "files f", "", "", "")
		add(ScopeOwner, false, o, files("files_owner_listed"), "f.owner_id > 0 AND ", "f.owner_id", scope)
		add(ScopeOwner, true, o, files("files_owner"), "f.owner_id > 0 AND ", "f.owner_id", scope)
	}
	for _, o := range []*fileOrder{byIDOfKind, byIDOfKindDesc} {
		addKind(ScopeAll, false, vitrine.ListAnimated, o, files("files_listed_kind"), "f.kind > 0 AND ", "f.kind", "1")
		addKind(ScopeAll, false, vitrine.ListVideos, o, files("files_listed_kind"), "f.kind > 0 AND ", "f.kind", "2")
	}
	addKind(ScopeAll, false, vitrine.ListAnimated, byViewsOfKindDesc, files("files_listed_kind_views"), "f.kind > 0 AND f.views > 0 AND ", "f.kind", "1")
	addKind(ScopeAll, false, vitrine.ListVideos, byViewsOfKindDesc, files("files_listed_kind_views"), "f.kind > 0 AND f.views > 0 AND ", "f.kind", "2")
	add(ScopeAll, false, byViewsDesc, files("files_listed_views"), "f.views > 0 AND ", "", "")
	add(ScopeAll, false, byScoreDesc, files("files_listed_score"), "f.score > 0 AND ", "", "")
	for _, all := range []bool{false, true} {
		of := map[bool]string{true: "", false: "listed_"}[all]
		for o, index := range map[*fileOrder]string{byViewsDesc: "views", byTitle: "title"} {
			add(ScopeOwner, all, o, files("files_owner_"+of+index), "f.owner_id > 0 AND ", "f.owner_id", scope)
		}
		for o, index := range map[*fileOrder]string{
			byID: "files_album", byIDDesc: "files_album", byViews: "files_album_views", byViewsDesc: "files_album_views",
			byTitle: "files_album_title", byTitleDesc: "files_album_title",
		} {
			add(ScopeAlbum, all, o, files(index), "f.album_id > 0 AND ", "f.album_id", scope)
		}
		for _, o := range []*fileOrder{byID, byIDDesc} {
			add(ScopeCategory, all, o, files("files_category"+strings.TrimSuffix("_"+of, "_")), "f.category_id > 0 AND ", "f.category_id", scope)
		}
		for _, o := range []*fileOrder{byTag, byTagDesc} {
			add(ScopeTag, all, o, "file_tags ft CROSS JOIN files f", "f.id = ft.file_id AND ", "ft.tag_id", scope)
		}
		for _, o := range []*fileOrder{byLike, byLikeDesc} {
			add(ScopeLikedBy, all, o, "likes l CROSS JOIN files f", "f.id = l.file_id AND ", "l.user_id", scope)
		}
		for scope, where := range map[ListScope]string{
			ScopeAll:      "",
			ScopeOwner:    "f.owner_id = @scope AND ",
			ScopeAlbum:    "f.album_id = @scope AND ",
			ScopeCategory: "f.category_id = @scope AND ",
			ScopeTag:      "EXISTS (SELECT 1 FROM file_tags ft WHERE ft.file_id = f.id AND ft.tag_id = @scope) AND ",
			ScopeLikedBy:  "EXISTS (SELECT 1 FROM likes l WHERE l.file_id = f.id AND l.user_id = @scope) AND ",
		} {
			addFound(scope, all, where)
		}
	}
	return lists
}

// key picks the statement for a list.
func (q *FileList) key() fileListKey {
	k := fileListKey{q.Scope, q.All, q.Kind, byIDDesc}
	if _, ok := kindConditions[q.Kind]; !ok {
		k.kind = ""
	}
	oldest := q.Sort == vitrine.SortOldest
	ofKind := q.Scope == ScopeAll && !q.All && (q.Kind == vitrine.ListAnimated || q.Kind == vitrine.ListVideos)
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
	case q.Sort == vitrine.SortViews && ofKind:
		k.order = byViewsOfKindDesc
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
