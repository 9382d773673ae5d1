package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
)

var (
	metricName = regexp.MustCompile(`\b(?:vitrine|go|process)_[a-z0-9_]+\b`)
	shownName  = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)
)

// TestBoardAndAlertsAskForWhatIsThere: every metric of the Grafana board and of the
// alert rules is shown by a site that has done a little of everything.
func TestBoardAndAlertsAskForWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			boardAsksForWhatIsThere(t, apptest.Start(t, apptest.Options{Engine: engine, Metrics: true}))
		})
	}
}

func boardAsksForWhatIsThere(t *testing.T, s *apptest.Site) {
	t.Helper()
	a := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 640, 480)))
	s.Get(t, a.Text("url"))
	s.Get(t, a.Text("url"))
	s.Upload(t, s.UserKey, "b.jpg", []byte("no picture"))
	s.Get(t, s.URL+"/")
	if _, err := s.App.Backup(t.Context(), filepath.Join(t.TempDir(), "backup"), "test", app.BackupOptions{}); err != nil {
		t.Error(err)
	}

	asked := make(map[string]string) // metric → where
	for where, expressions := range map[string][]string{"the board": boardExpressions(t), "alerts": alertExpressions(t)} {
		if len(expressions) < 10 {
			t.Errorf("%s: only %d expressions", where, len(expressions))
		}
		for _, e := range expressions {
			names := metricName.FindAllString(e, -1)
			if len(names) == 0 {
				t.Errorf("%s: %q asks for nothing", where, e)
			}
			for _, name := range names {
				asked[name] = where
			}
		}
	}
	missing := func() (list []string) {
		shown := metrics(t, s)
		for name, where := range asked {
			if !shown[name] {
				list = append(list, where+": "+name)
			}
		}
		return list
	}
	for range 600 { // the first jobs take a moment
		if len(missing()) == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if list := missing(); len(list) > 0 {
		t.Errorf("not shown at /metrics: %q", list)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "OPERATIONS.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range shownName.FindAllStringSubmatch(string(s.Get(t, "http://"+s.App.MetricsAddr().String()+"/metrics").Body), -1) {
		if strings.HasPrefix(m[1], "vitrine_") && !strings.Contains(string(page), "`"+m[1]+"`") {
			t.Errorf("docs/OPERATIONS.md does not explain %s", m[1])
		}
	}
}

// metrics are the names that a site shows.
func metrics(t *testing.T, s *apptest.Site) map[string]bool {
	t.Helper()
	got := s.Get(t, "http://"+s.App.MetricsAddr().String()+"/metrics")
	if got.Status != http.StatusOK {
		t.Fatalf("metrics: %d %s", got.Status, got.Body)
	}
	shown := make(map[string]bool)
	for _, m := range shownName.FindAllStringSubmatch(string(got.Body), -1) {
		if shown[m[1]] = true; m[2] == "histogram" {
			shown[m[1]+"_bucket"], shown[m[1]+"_sum"], shown[m[1]+"_count"] = true, true, true
		}
	}
	return shown
}

func readDeploy(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func boardExpressions(t *testing.T) (list []string) {
	t.Helper()
	type panel struct {
		ID         int    `json:"id"`
		Type       string `json:"type"`
		Title      string `json:"title"`
		Datasource struct {
			UID string `json:"uid"`
		} `json:"datasource"`
		Targets []struct {
			Expr string `json:"expr"`
		} `json:"targets"`
	}
	var board struct {
		Title         string  `json:"title"`
		SchemaVersion int     `json:"schemaVersion"`
		Panels        []panel `json:"panels"`
	}
	if err := json.Unmarshal(readDeploy(t, "grafana/vitrine.json"), &board); err != nil {
		t.Fatal(err)
	}
	ids, rows := make(map[int]bool), 0
	for _, p := range board.Panels {
		if ids[p.ID] || p.Title == "" {
			t.Errorf("panel %d %q: the number is taken, or it has no title", p.ID, p.Title)
		}
		ids[p.ID] = true
		if p.Type == "row" {
			rows++
			continue
		}
		if p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
			t.Errorf("panel %q: it does not ask the chosen data source", p.Title)
		}
		for _, target := range p.Targets {
			if strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
				t.Errorf("panel %q: brackets of %q", p.Title, target.Expr)
			}
			list = append(list, target.Expr)
		}
	}
	if board.Title == "" || board.SchemaVersion < 39 || rows != 7 {
		t.Errorf("title %q, schema %d, %d rows", board.Title, board.SchemaVersion, rows)
	}
	return list
}

func alertExpressions(t *testing.T) (list []string) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Expr        string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(readDeploy(t, "prometheus/alerts.yml"), &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("alert %q lacks a severity, summary or description", r.Alert)
			}
			list = append(list, r.Expr)
		}
	}
	return list
}
