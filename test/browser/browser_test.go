package browser_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// password is that of the demo users.
const password = "demo of vitrine"

// patience is how long all journeys together may take.
const patience = 12 * time.Minute

func TestJourneys(t *testing.T) {
	t.Parallel()
	report := play(t, "specs")
	if report.count() == 0 {
		t.Fatal("no journey was made")
	}
	for _, s := range report.Suites {
		s.tell(t, "")
	}
}

// play runs the specs of a folder against fresh sites.
func play(t *testing.T, folder string) *report {
	t.Helper()
	settings := map[string]string{"url_upload": "off"}
	seeded := apptest.Start(t, apptest.Options{Settings: settings, Decoders: 2})
	if _, err := seeded.App.Seed(t.Context(), app.SeedOptions{Password: password}); err != nil {
		t.Fatal(err)
	}
	empty := apptest.Start(t, apptest.Options{Settings: settings, Decoders: 2})
	file := filepath.Join(t.TempDir(), "report.json")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node_modules/.bin/playwright", "test", "--config", "playwright.config.ts")
	cmd.Env = append(os.Environ(),
		"VITRINE_SPECS="+folder, "VITRINE_SITE="+seeded.URL, "VITRINE_EMPTY="+empty.URL, "VITRINE_PASSWORD="+password,
		"VITRINE_REPORT="+file, "VITRINE_OUTPUT="+t.TempDir(),
	)
	cmd.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	failed := cmd.Run()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: %s", failed, &out)
	}
	r := new(report)
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Errors {
		t.Error(e.Message)
	}
	return r
}

// report is what Playwright says of a run, as far as it is needed.
type report struct {
	Suites []suite
	Errors []struct{ Message string }
}

type suite struct {
	Title  string
	Suites []suite
	Specs  []struct {
		Title string
		Tests []struct {
			Results []struct {
				Status string
				Errors []struct{ Message string }
			}
		}
	}
}

func (r *report) count() (n int) {
	for _, s := range r.Suites {
		n += s.count()
	}
	return n
}

func (s *suite) count() int {
	n := len(s.Specs)
	for i := range s.Suites {
		n += s.Suites[i].count()
	}
	return n
}

// tell makes a test of every journey.
func (s *suite) tell(t *testing.T, above string) {
	name := strings.TrimPrefix(above+"/"+strings.TrimSuffix(s.Title, ".spec.ts"), "/")
	for _, spec := range s.Specs {
		t.Run(name+"/"+spec.Title, func(t *testing.T) {
			for _, run := range spec.Tests {
				for _, result := range run.Results {
					for _, e := range result.Errors {
						t.Error(e.Message)
					}
					if result.Status != "passed" && len(result.Errors) == 0 {
						t.Error(result.Status)
					}
				}
			}
		})
	}
	for i := range s.Suites {
		s.Suites[i].tell(t, name)
	}
}
