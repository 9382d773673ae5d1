package cluster_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app"
)

// site is three nodes and what they need.
type site struct {
	folder   string
	program  string
	postgres *postgres
	s3       *s3
	nodes    []*node
	balancer string // address without a final slash
	key      string // API key of the user ann
	adminKey string
	app      *app.App // past all wires: as a command beside the nodes
	ledger   *ledger
	rows     []row // of the table at the end
}

const password = "correct horse battery"

// newSite starts everything, until the test ends.
func newSite(t *testing.T) *site {
	t.Helper()
	// Not t.TempDir: PostgreSQL runs as another user, who must get through.
	folder, err := os.MkdirTemp("/tmp", "vitrine-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{folder: folder, ledger: newLedger()}
	t.Cleanup(func() {
		if t.Failed() {
			s.showLogs(t)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	s.program = compile(t)
	s.postgres = newPostgres(t, folder)
	s.s3 = newS3(t, folder)
	balancer := freeAddress(t)
	s.balancer = "http://" + balancer
	for i := range nodeCount {
		s.nodes = append(s.nodes, s.newNode(t, "node-"+string(rune('1'+i))))
	}
	s.settle(t)
	t.Cleanup(func() {
		for _, n := range s.nodes {
			if n.process != nil {
				_ = n.kill()
			}
		}
	})
	for _, n := range s.nodes {
		n.start(t)
	}
	startBalancer(t, folder, balancer, s.nodes)
	return s
}

// newNode prepares a node with wires of its own.
func (s *site) newNode(t *testing.T, name string) *node {
	t.Helper()
	n := &node{
		name: name, program: s.program, address: freeAddress(t), metrics: freeAddress(t),
		folder:   filepath.Join(s.folder, name),
		database: newWire(t, s.postgres.address), bucket: newWire(t, s.s3.address),
		small: name == "node-2" && noSmallDisks() == nil,
	}
	n.environ = append(s.environ(n.folder, n.database.address(), n.bucket.address()),
		"VITRINE_LISTEN="+n.address, "VITRINE_METRICS_LISTEN="+n.metrics, "VITRINE_TRUSTED_PROXIES=127.0.0.0/8")
	return n
}

// environ is the configuration of a node or a command.
func (s *site) environ(data, database, bucketAddress string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.folder, "VITRINE_DATA=" + data, "VITRINE_URL=" + s.balancer,
		"VITRINE_DATABASE=" + s.postgres.url(database, "vitrine"),
		"VITRINE_STORAGE=s3://" + bucket + "?path_style=true&region=" + region + "&endpoint=http://" + bucketAddress,
		"VITRINE_S3_ACCESS_KEY=" + s.s3.accessKey, "VITRINE_S3_SECRET_KEY=" + s.s3.secretKey,
		"VITRINE_DECODERS=2",
	}
}

// vitrine runs a command beside the nodes, and returns what it prints.
func (s *site) vitrine(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Env = s.environ(filepath.Join(s.folder, "commands"), s.postgres.address, s.s3.address)
	cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), new(strings.Builder)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("vitrine %s: %v\n%s", strings.Join(args, " "), err, cmd.Stderr)
	}
	return strings.TrimSpace(string(out))
}

// settle makes what the test needs: accounts, keys, settings.
func (s *site) settle(t *testing.T) {
	t.Helper()
	c, err := app.Load(app.Sources{Environ: s.environ(filepath.Join(s.folder, "app"), s.postgres.address, s.s3.address)})
	if err != nil {
		t.Fatal(err)
	}
	c.LogLevel = 8 // only errors
	if s.app, err = app.New(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.app.Close(); err != nil {
			t.Error(err)
		}
	})
	first, err := s.app.Account.Bootstrap(t.Context())
	if err != nil || first == nil {
		t.Fatalf("no first account: %v", err)
	}
	s.adminKey = first.Key
	s.vitrine(t, password, "user", "create", "--username", "ann", "--email", "ann@example.org", "--password-stdin")
	s.key = s.vitrine(t, "", "key", "create", "--user", "ann")
	s.vitrine(t, "", "settings", "set", "flood_protection", "off")
	s.ledger.albums = []string{lastField(s.vitrine(t, "", "album", "create", "--user", "ann", "--name", "Cluster"))}
	s.ledger.category = lastField(s.vitrine(t, "", "category", "create", "Breakage"))
}

func lastField(text string) string {
	fields := strings.Fields(text)
	return fields[len(fields)-1]
}

// showLogs tells what the nodes complained about.
func (s *site) showLogs(t *testing.T) {
	for _, n := range s.nodes {
		var lines []string
		for line := range strings.Lines(tail(n.log(), 200<<10)) {
			if strings.Contains(line, "level=") && !strings.Contains(line, "level=INFO") && !strings.Contains(line, "slow query") {
				lines = append(lines, line)
			}
		}
		t.Logf("%s, the last warnings and errors:\n%s", n.name, strings.Join(lines[max(0, len(lines)-40):], ""))
	}
}

// answer is an answer, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// clientLimit is the patience of a client; what takes longer is a fault of ours.
const clientLimit = 2 * time.Minute

// client keeps no connections: none is left over when we count what nodes have open.
var client = &http.Client{
	Timeout:       clientLimit,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ask sends a request with headers, which are pairs of name and value.
func ask(ctx context.Context, method, address string, body io.Reader, headers ...string) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	a := &answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}
