package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// seed fills a database so that the planner has something to choose from.
func seed(t *testing.T, d *db.DB) {
	t.Helper()
	const files = 3000
	var owners, albums []int64
	for i := range 200 {
		owners = append(owners, aUser(t, d, fmt.Sprint("user", i)).ID)
		privacy := vitrine.PrivacyPublic
		if i%4 == 0 {
			privacy = vitrine.PrivacyPrivate
		}
		albums = append(albums, anAlbum(t, d, owners[i], privacy).ID)
	}
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		for i := range files {
			f := aFile()
			f.OwnerID, f.AlbumID = owners[i%len(owners)], albums[i%len(albums)]
			f.UploaderIP = f.UploaderIP.Next()
			f.Description, f.Title = "a text", fmt.Sprint("Word ", i)
			f.Views = int64(i % 50)
			switch i % 5 {
			case 0:
				f.Animated = true
			case 1:
				f.Format, f.Extension = vitrine.MP4, "mp4"
			}
			if i%10 == 0 {
				f.ExpiresAt, f.SourceMD5 = at(int64(i)), f.MD5
				f.Tags = []vitrine.Tag{{Name: fmt.Sprint("tag", i%100)}, {Name: "all"}}
			}
			if err := tx.CreateFile(ctx, f, []byte("hash")); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		for i := range int64(300) {
			if _, err := tx.DeleteFile(ctx, files-i); err != nil {
				return err
			}
		}
		return nil
	}))
	for i, owner := range owners {
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			for j := range int64(10) {
				s := &vitrine.Session{UserID: owner, ExpiresAt: at(j)}
				if err := tx.CreateSession(ctx, s, fmt.Append(nil, owner, j)); err != nil {
					return err
				}
				if _, err := tx.SetLike(ctx, owner, 10*j+int64(i)+1, true, at(j)); err != nil {
					return err
				}
				if _, _, err := tx.CountAttempt(ctx, fmt.Sprint(owner, j), at(j), time.Minute); err != nil {
					return err
				}
				a := &vitrine.Album{Slug: aFile().Slug, OwnerID: owner, ParentID: albums[j], Name: "Word", Privacy: vitrine.PrivacyPublic}
				if err := tx.CreateAlbum(ctx, a); err != nil {
					return err
				}
			}
			return nil
		}))
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			return tx.CreateKey(ctx, &vitrine.APIKey{UserID: owner, PublicID: fmt.Sprint(i)}, []byte("hash"))
		}))
	}
}

// plan is what the engine tells about how it would run the statement.
func plan(t *testing.T, conn *sql.Conn, engine db.Engine, s db.Statement) string {
	t.Helper()
	text, args := "EXPLAIN QUERY PLAN "+s.Text, s.Args
	if engine == db.Postgres {
		// EXPLAIN takes no parameters; the simple protocol writes them into the text.
		text, args = "EXPLAIN "+s.Text, append([]any{pgx.QueryExecModeSimpleProtocol}, s.Args...)
	} else {
		for range strings.Count(s.Text, "$") - len(args) {
			args = append(args, nil)
		}
	}
	rows, err := conn.QueryContext(t.Context(), text, args...)
	must(t, err)
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var line string
		if engine == db.Postgres {
			must(t, rows.Scan(&line))
		} else {
			var skip any
			must(t, rows.Scan(&skip, &skip, &skip, &line))
		}
		if !strings.Contains(line, "CONSTANT ROW") {
			b.WriteString(line + "\n")
		}
	}
	must(t, rows.Err())
	return b.String()
}

// scans are lines of plans that read a table or index from end to end, or sort.
var scans = map[db.Engine]*regexp.Regexp{
	// "SCAN n" is the list of names in filesNamed, "SCAN d" and "SCAN u" what an inner
	// SELECT has found; "SCAN w VIRTUAL TABLE" is the words of a search, which FTS5 looks
	// up (M) in falling order of their rowid.
	db.SQLite: regexp.MustCompile(`(?m)^SCAN (?:[^nduw(]|[ndu]\w|w VIRTUAL TABLE INDEX \d+:[^M]).*$|^.*AUTOMATIC.*$`),
	// An index scan without a condition reads the whole index.
	db.Postgres: regexp.MustCompile(`(?m)^.*Seq Scan on.*$|^.*Index (?:Only )?Scan.*\n(?:\s*Filter:.*\n|\s*->.*\n|$)`),
}

// lookedUp is in the plan of a list of which a page is found by its position, to the id.
var lookedUp = regexp.MustCompile(`(?m)^.*SEARCH \w+ USING .*[ (,](?:file_)?id\)?[<>]\(?\?`)

func TestNoStatementScans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		conn, err := d.SQL().Conn(t.Context())
		must(t, err)
		defer conn.Close()
		// Small tables are read from end to end, and what is little is sorted, whatever
		// the indexes; asked not to, PostgreSQL still does so where no index helps.
		set := func(texts ...string) {
			for _, text := range texts {
				if d.Engine() == db.Postgres {
					_, err := conn.ExecContext(t.Context(), text)
					must(t, err)
				}
			}
		}
		set("ANALYZE", "SET enable_seqscan = off")
		check := func(lists bool) {
			for name, s := range db.Statements(d.Engine()) {
				if strings.HasPrefix(name, db.Lists) != lists {
					continue
				}
				p := plan(t, conn, d.Engine(), s)
				if found := scans[d.Engine()].FindString(p); found != "" && s.Whole == "" {
					t.Errorf("%s reads too much: %q in\n%s", name, found, p)
				}
				if s.Whole == "" && d.Engine() == db.SQLite && strings.Contains(p, "TEMP B-TREE") && !strings.Contains(s.Text, "file_tags") {
					t.Errorf("%s sorts:\n%s", name, p)
				}
				if lists && d.Engine() == db.SQLite && strings.Contains(p, "USING INDEX") && !lookedUp.MatchString(p) {
					t.Errorf("%s reads from the beginning to where a page is:\n%s", name, p)
				}
				if lists && (strings.Contains(p, "Sort") || strings.Contains(p, "TEMP B-TREE")) {
					t.Errorf("%s sorts:\n%s", name, p)
				}
			}
		}
		check(false)
		set("SET enable_sort = off", "SET enable_incremental_sort = off")
		check(true)
	})
}

// With its own choice PostgreSQL must take the indexes of the large table too.
func TestPlannerTakesIndexes(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	seed(t, d)
	conn, err := d.SQL().Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "ANALYZE")
	must(t, err)
	for name, s := range db.Statements(db.Postgres) {
		if p := plan(t, conn, db.Postgres, s); strings.Contains(p, "Seq Scan on files") && s.Whole != db.CountsFiles {
			t.Errorf("%s:\n%s", name, p)
		}
	}
	// Nor may it look for a plan that suits all values, which it does for statements that
	// come often, and find one that reads all files.
	for _, text := range []string{"SET plan_cache_mode = force_generic_plan", "SET enable_sort = off", "SET enable_incremental_sort = off"} {
		_, err = conn.ExecContext(t.Context(), text)
		must(t, err)
	}
	for name, s := range db.Statements(db.Postgres) {
		if !strings.HasPrefix(name, db.Lists) {
			continue
		}
		_, err := conn.ExecContext(t.Context(), "PREPARE list AS "+s.Text)
		must(t, err)
		marks := make([]string, len(s.Args))
		for i := range marks {
			marks[i] = "$" + itoa(i+1)
		}
		p := plan(t, conn, db.Postgres, db.Statement{Text: "EXECUTE list (" + strings.Join(marks, ", ") + ")", Args: s.Args})
		if strings.Contains(p, "Seq Scan on files") || strings.Contains(p, "Sort") {
			t.Errorf("%s, whatever the values:\n%s", name, p)
		}
		_, err = conn.ExecContext(t.Context(), "DEALLOCATE list")
		must(t, err)
	}
}

// Every text of the room is in the list that the tests above read.
func TestStatementsAreComplete(t *testing.T) {
	t.Parallel()
	listed := db.Statements(db.SQLite)
	files, err := filepath.Glob("*.go")
	must(t, err)
	verbs := regexp.MustCompile(`^(select|count|update|delete|lock|touch|bump|uncount|filesNamed|removalsNamed|leaseRemovals|delay)`)
	fragments := map[string]bool{"selectFile": true} // begins other texts
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		for _, decl := range f.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST && g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					if _, ok := listed[id.Name]; !ok && verbs.MatchString(id.Name) && !fragments[id.Name] && !strings.HasSuffix(id.Name, "Batch") {
						t.Errorf("%s in %s is not in Statements", id.Name, name)
					}
				}
			}
		}
	}
}
