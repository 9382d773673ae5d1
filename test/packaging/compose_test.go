package packaging_test

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"vitrine/internal/app"
)

// composition is what this test reads of a compose file.
type composition struct {
	Services map[string]service
	Networks map[string]struct {
		IPAM struct{ Config []struct{ Subnet string } }
	}
	Volumes map[string]any
	Secrets map[string]struct{ File string }
}

type service struct {
	Image       string
	Build       struct{ Context, Dockerfile string }
	Environment map[string]string
	Secrets     []string
	Volumes     []string
	Networks    networks
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Healthcheck *struct{ Test []string }
}

// networks are the names with the address in each: a list, where none is given.
type networks map[string]string

// UnmarshalYAML implements yaml.Unmarshaler.
func (n *networks) UnmarshalYAML(node *yaml.Node) error {
	*n = make(networks)
	if node.Kind == yaml.SequenceNode {
		for _, name := range node.Content {
			(*n)[name.Value] = ""
		}
		return nil
	}
	var list map[string]struct {
		Address string `yaml:"ipv4_address"`
	}
	if err := node.Decode(&list); err != nil {
		return err
	}
	for name, at := range list {
		(*n)[name] = at.Address
	}
	return nil
}

var compositions = []string{"one.yaml", "three.yaml"}

const composeFolder = "deploy/compose"

// compose reads a compose file as it is with the values of .env.example, and
// returns the names of the values it takes.
func compose(t *testing.T, name string) (composition, []string) {
	t.Helper()
	values := examples(t)
	var names []string
	text := regexp.MustCompile(`\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}`).ReplaceAllStringFunc(read(t, filepath.Join(composeFolder, name)), func(part string) string {
		if part == "$$" {
			return "$"
		}
		key, rest, _ := strings.Cut(strings.Trim(part, "${}"), ":")
		names = append(names, key)
		if values[key] != "" {
			return values[key]
		}
		if strings.HasPrefix(rest, "?") {
			t.Errorf("%s: .env.example has no %s", name, key)
		}
		return strings.TrimPrefix(rest, "-")
	})
	var c composition
	if err := yaml.Unmarshal([]byte(text), &c); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c, names
}

// examples are the values of .env.example.
func examples(t *testing.T) map[string]string {
	t.Helper()
	values := make(map[string]string)
	for line := range strings.Lines(read(t, filepath.Join(composeFolder, ".env.example"))) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(key, "#") {
			values[key] = value
		}
	}
	return values
}

// TestExampleValuesAreThoseOfCompose: none too many, none too few.
func TestExampleValuesAreThoseOfCompose(t *testing.T) {
	t.Parallel()
	var used []string
	for _, name := range compositions {
		_, names := compose(t, name)
		used = append(used, names...)
	}
	slices.Sort(used)
	if known := slices.Sorted(maps.Keys(examples(t))); !slices.Equal(slices.Compact(used), known) {
		t.Errorf("compose files take\n%v\n.env.example has\n%v", slices.Compact(used), known)
	}
}

// TestComposeNamesWhatItHas: services, networks, volumes, secrets, files.
func TestComposeNamesWhatItHas(t *testing.T) {
	t.Parallel()
	for _, name := range compositions {
		c, _ := compose(t, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addresses := make(map[string]string)
			for of, s := range c.Services {
				checkService(t, c, of, s)
				for _, address := range s.Networks {
					if other := addresses[address]; other != "" && address != "" {
						t.Errorf("%s and %s have the same address", of, other)
					}
					addresses[address] = of
				}
			}
		})
	}
}

func checkService(t *testing.T, c composition, of string, s service) {
	t.Helper()
	if s.Image == "" {
		t.Errorf("%s has no image", of)
	}
	if s.Build.Dockerfile != "" {
		if _, err := os.Stat(filepath.Join(root, composeFolder, s.Build.Context, s.Build.Dockerfile)); err != nil {
			t.Error(err)
		}
	}
	for _, v := range s.Volumes {
		source, _, _ := strings.Cut(v, ":")
		if strings.HasPrefix(source, ".") && source != examples(t)["BACKUPS"] {
			if _, err := os.Stat(filepath.Join(root, composeFolder, source)); err != nil {
				t.Error(err)
			}
		} else if _, ok := c.Volumes[source]; !ok && !strings.HasPrefix(source, ".") {
			t.Errorf("%s: there is no volume %s", of, source)
		}
	}
	for _, name := range s.Secrets {
		if _, ok := c.Secrets[name]; !ok {
			t.Errorf("%s: there is no secret %s", of, name)
		}
	}
	for name, address := range s.Networks {
		net, ok := c.Networks[name]
		if !ok {
			t.Errorf("%s: there is no network %s", of, name)
		} else if address != "" && !netip.MustParsePrefix(net.IPAM.Config[0].Subnet).Contains(netip.MustParseAddr(address)) {
			t.Errorf("%s: %s is not in the network %s", of, address, name)
		}
	}
	for name, on := range s.DependsOn {
		if other, ok := c.Services[name]; !ok {
			t.Errorf("%s depends on %s, which is not there", of, name)
		} else if on.Condition == "service_healthy" && other.Healthcheck == nil {
			t.Errorf("%s waits for the health of %s, which is not checked", of, name)
		}
	}
}

// TestNodesUnderstandTheirEnvironment, with the secrets that make-secrets makes.
func TestNodesUnderstandTheirEnvironment(t *testing.T) {
	t.Parallel()
	secrets := makeSecrets(t)
	for _, name := range compositions {
		c, _ := compose(t, name)
		nodes := 0
		for of, s := range c.Services {
			if !strings.HasPrefix(s.Image, "vitrine") {
				continue
			}
			nodes++
			var environ []string
			for key, value := range s.Environment {
				if file, ok := strings.CutPrefix(value, "/run/secrets/"); ok {
					if !slices.Contains(s.Secrets, file) {
						t.Errorf("%s in %s: %s is no secret of it", of, name, file)
					}
					value = filepath.Join(secrets, filepath.Base(c.Secrets[file].File))
				}
				environ = append(environ, key+"="+value)
			}
			if _, err := app.Load(app.Sources{Environ: environ}); err != nil {
				t.Errorf("%s in %s: %v", of, name, err)
			}
		}
		if nodes == 0 {
			t.Errorf("%s has no node", name)
		}
	}
}

// makeSecrets runs a copy of make-secrets, twice, and returns its folder.
func makeSecrets(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	script := filepath.Join(folder, "make-secrets")
	if err := os.WriteFile(script, []byte(read(t, filepath.Join(composeFolder, "make-secrets"))), 0o700); err != nil {
		t.Fatal(err)
	}
	secrets := filepath.Join(folder, "secrets")
	var before string
	for range 2 {
		if out, err := exec.Command("sh", script).CombinedOutput(); err != nil || len(out) > 0 {
			t.Fatalf("make-secrets: %v\n%s", err, out)
		}
		var now strings.Builder
		files, err := os.ReadDir(secrets)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(secrets, f.Name()))
			if err != nil || len(text) < 16 {
				t.Errorf("%s holds %d bytes, %v", f.Name(), len(text), err)
			}
			fmt.Fprintf(&now, "%s=%s\n", f.Name(), text)
		}
		if before != "" && now.String() != before {
			t.Error("the second run of make-secrets changed something")
		}
		before = now.String()
	}
	if info, err := os.Stat(secrets); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the secrets: %v, %v", info.Mode(), err)
	}
	return secrets
}

// TestBalancerLeadsToTheNodes: nginx understands the file with the addresses of the
// nodes.
func TestBalancerLeadsToTheNodes(t *testing.T) {
	t.Parallel()
	c, _ := compose(t, "three.yaml")
	balancer := c.Services["balancer"]
	template, _, _ := strings.Cut(balancer.Volumes[0], ":")
	site := read(t, filepath.Join(composeFolder, template))
	filter := regexp.MustCompile(balancer.Environment["NGINX_ENVSUBST_FILTER"])
	folder := t.TempDir()
	for key, value := range balancer.Environment {
		if key == "LISTEN" {
			value = "unix:" + folder + "/socket" // nginx listens for a moment even if it only tests
		}
		if filter.MatchString(key) {
			site = strings.ReplaceAll(site, "${"+key+"}", value)
		}
	}
	if left := regexp.MustCompile(`\$\{\w+\}`).FindAllString(site[strings.Index(site, "upstream"):], -1); left != nil {
		t.Errorf("compose does not fill in %v", left)
	}
	for _, node := range []string{"node1", "node2", "node3"} {
		if address := c.Services[node].Networks["inner"] + ":8080"; !strings.Contains(site, "server "+address+" ") {
			t.Errorf("nothing leads to %s at %s", node, address)
		}
	}
	program := "/usr/sbin/nginx"
	if _, err := os.Stat(program); err != nil {
		t.Fatal("nginx is not here: tools/install test gets it")
	}
	frame := "pid " + folder + "/pid; events {} http { access_log off; client_body_temp_path " + folder + "; proxy_temp_path " + folder +
		"; fastcgi_temp_path " + folder + "; uwsgi_temp_path " + folder + "; scgi_temp_path " + folder + ";\n" + site + "}\n"
	path := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(path, []byte(frame), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "-t", "-q", "-c", path, "-e", "stderr").CombinedOutput(); err != nil {
		t.Errorf("nginx -t: %v\n%s", err, out)
	}
}
