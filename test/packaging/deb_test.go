//go:build packaging

package packaging_test

import (
	"bytes"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vitrine/internal/app/apptest"
)

const (
	config   = "/etc/vitrine/vitrine.toml"
	unit     = "/usr/lib/systemd/system/vitrine.service"
	database = "/var/lib/vitrine/vitrine.db"
	address  = "http://127.0.0.1:8080"
)

// files are those of /packages on the machine that are uploaded; the HEIC is decoded
// by code that is compiled when it runs.
var files = []string{"photo.jpg", "clip.mp4", "tags.webm", "gps.heic", "gps.avif", "anim.webp"}

// TestDebianPackage is the life of an installation. Each part goes on where the
// one before ended.
func TestDebianPackage(t *testing.T) {
	if why := cannotBoot(); why != "" {
		t.Skip(why)
	}
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "photo.jpg"), apptest.Picture(t, 640, 480))
	for _, name := range []string{"film/clip.mp4", "film/tags.webm", "metadata/gps.heic", "metadata/gps.avif", "metadata/anim.webp"} {
		content, err := os.ReadFile(filepath.Join(root, "internal/media/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(folder, filepath.Base(name)), content)
	}
	makePackages(t, folder)

	s := &site{machine: boot(t, folder)}
	for _, part := range []struct {
		name string
		run  func(*testing.T, *site)
	}{
		{"install", install},
		{"use", use},
		{"confinement", confinement},
		{"calls", calls},
		{"upgrade", upgrade},
		{"upgrade of what is disabled", upgradeDisabled},
		{"remove and install again", removeAndInstall},
		{"purge keeps files", purgeKeeps},
		{"purge of nothing", purgeEmpty},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(t, s) }) {
			out, _ := s.try("journalctl", "-u", "vitrine", "--no-pager", "-o", "cat")
			t.Fatalf("log of the service:\n%s", out)
		}
	}
}

// site is a machine with Vitrine on it.
type site struct {
	machine
	key   string // of the account of the first start
	photo string // address of an uploaded file
}

// makePackages makes one.deb, and two.deb, which has a newer version and another
// configuration file.
func makePackages(t *testing.T, folder string) {
	t.Helper()
	out, err := exec.Command(filepath.Join(root, "tools/deb"), "v1.0.0", folder).Output()
	if err != nil {
		t.Fatalf("tools/deb: %v", err)
	}
	one, tree := filepath.Join(folder, "one.deb"), filepath.Join(t.TempDir(), "tree")
	for _, step := range [][]string{{"mv", strings.TrimSpace(string(out)), one}, {"dpkg-deb", "--raw-extract", one, tree}} {
		if out, err := exec.Command(step[0], step[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", step, err, out)
		}
	}
	edit := func(path, old, new string) {
		t.Helper()
		path = filepath.Join(tree, path)
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte(old)) {
			t.Fatalf("%s has no %q: %v", path, old, err)
		}
		writeFile(t, path, bytes.Replace(text, []byte(old), []byte(new), 1))
	}
	text, err := os.ReadFile(filepath.Join(tree, config))
	if err != nil {
		t.Fatal(err)
	}
	edit("DEBIAN/control", "Version: 1.0.0\n", "Version: 1.1.0\n")
	edit(config, "# Configuration of Vitrine", "# Configuration of Vitrine 1.1")
	changed := bytes.Replace(text, []byte("# Configuration of Vitrine"), []byte("# Configuration of Vitrine 1.1"), 1)
	edit("DEBIAN/md5sums", fmt.Sprintf("%x", md5.Sum(text)), fmt.Sprintf("%x", md5.Sum(changed)))
	if out, err := exec.Command("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, filepath.Join(folder, "two.deb")).CombinedOutput(); err != nil {
		t.Fatalf("dpkg-deb: %v\n%s", err, out)
	}
}

func install(t *testing.T, s *site) {
	out := s.run(t, "dpkg", "--install", "/packages/one.deb")
	if !strings.Contains(out, "journalctl -u vitrine") {
		t.Errorf("dpkg does not tell where the password is:\n%s", out)
	}
	s.waitReady(t)
	s.is(t, "enabled", "systemctl", "is-enabled", "vitrine")
	s.is(t, "750 root:vitrine", "stat", "-c", "%a %U:%G", "/etc/vitrine")
	s.is(t, "640 root:vitrine", "stat", "-c", "%a %U:%G", config)
	s.is(t, "700 vitrine:vitrine", "stat", "-c", "%a %U:%G", "/var/lib/vitrine")
	s.is(t, "600 vitrine:vitrine", "stat", "-c", "%a %U:%G", database)
	s.is(t, "", "dpkg", "--verify", "vitrine")
	s.is(t, "", "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit)
	t.Log(lastLine(s.run(t, "systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", unit))) // of 100, best is 0

	log := s.run(t, "journalctl", "-u", "vitrine", "--no-pager", "-o", "cat")
	if m := regexp.MustCompile(`API key +(chv_\w+)`).FindStringSubmatch(log); m != nil {
		s.key = m[1]
	} else {
		t.Fatalf("the log of the first start has no key:\n%s", log)
	}
}

func use(t *testing.T, s *site) {
	s.vitrine(t, "settings", "set", "on_duplicate", "allow") // the same two files come again and again
	s.run(t, "systemctl", "restart", "vitrine")
	s.waitReady(t)
	s.photo = s.upload(t, s.key, "photo.jpg")
	s.fetch(t, s.photo, "photo.jpg")
	s.fetch(t, s.upload(t, s.key, "clip.mp4"), "clip.mp4")
	if out := s.vitrine(t, "health"); out != "ok" {
		t.Errorf("vitrine health says %q", out)
	}

	s.vitrine(t, "user", "create", "--username", "ida", "--email", "ida@example.org")
	key := s.vitrine(t, "key", "create", "--user", "ida")
	s.upload(t, key, "clip.mp4")
	s.is(t, "", "find", "/var/lib/vitrine", "!", "-user", "vitrine")
}

func upgrade(t *testing.T, s *site) {
	before := s.property(t, "MainPID")
	s.run(t, "sed", "-i", `s/^#slow_query.*/slow_query = "1s"/; s/^#log_format.*/log_format = "json"/`, config)
	s.run(t, "dpkg", "--force-confold", "--install", "/packages/two.deb")
	s.waitReady(t)
	s.is(t, "1.1.0", "dpkg-query", "--show", "--showformat", "${Version}", "vitrine")
	if s.property(t, "MainPID") == before {
		t.Error("the upgrade did not restart the service")
	}
	s.is(t, "1", "grep", "-c", `^slow_query = "1s"`, config)
	s.is(t, "640 root:vitrine", "stat", "-c", "%a %U:%G", config)
	s.is(t, "1", "grep", "-c", "Vitrine 1.1", config+".dpkg-dist")
	s.fetch(t, s.photo, "photo.jpg")
	s.upload(t, s.key, "photo.jpg")
}

func upgradeDisabled(t *testing.T, s *site) {
	s.run(t, "systemctl", "disable", "--now", "vitrine")
	s.run(t, "dpkg", "--force-confold", "--install", "/packages/two.deb")
	if out, _ := s.try("systemctl", "is-enabled", "vitrine"); out != "disabled" {
		t.Errorf("after an upgrade the disabled service is %s", out)
	}
	if out, _ := s.try("systemctl", "is-active", "vitrine"); out != "inactive" {
		t.Errorf("after an upgrade the stopped service is %s", out)
	}
	s.run(t, "systemctl", "enable", "--now", "vitrine")
	s.waitReady(t)
}

func removeAndInstall(t *testing.T, s *site) {
	s.run(t, "dpkg", "--remove", "vitrine")
	if out, _ := s.try("systemctl", "is-active", "vitrine"); out == "active" {
		t.Error("the service goes on without its package")
	}
	s.gone(t, "/usr/bin/vitrine", unit)
	s.run(t, "ls", config, database)

	s.run(t, "dpkg", "--force-confold", "--install", "/packages/two.deb")
	s.waitReady(t)
	s.fetch(t, s.photo, "photo.jpg")
}

func purgeKeeps(t *testing.T, s *site) {
	if out := s.run(t, "dpkg", "--purge", "vitrine"); !strings.Contains(out, "The files in /var/lib/vitrine and the user vitrine are kept") {
		t.Errorf("purging says\n%s", out)
	}
	s.gone(t, "/etc/vitrine", "/etc/systemd/system/multi-user.target.wants/vitrine.service")
	s.run(t, "ls", database)
	s.run(t, "getent", "passwd", "vitrine")
}

func purgeEmpty(t *testing.T, s *site) {
	s.run(t, "dpkg", "--install", "/packages/two.deb")
	s.waitReady(t)
	s.fetch(t, s.photo, "photo.jpg")
	s.run(t, "dpkg", "--remove", "vitrine")
	s.run(t, "find", "/var/lib/vitrine", "-mindepth", "1", "-delete")
	s.run(t, "dpkg", "--purge", "vitrine")
	s.gone(t, "/etc/vitrine", "/var/lib/vitrine")
	if out, err := s.try("getent", "passwd", "vitrine"); err == nil {
		t.Errorf("the user stayed, with nothing to own: %s", out)
	}
}

func (s *site) waitReady(t *testing.T) {
	t.Helper()
	waitFor(t, "the service to be ready", func() bool {
		out, err := s.try("curl", "--silent", "--fail", address+"/readyz")
		return err == nil && out == "ok"
	})
	s.is(t, "active", "systemctl", "is-active", "vitrine")
}

// vitrine runs a command as docs/OPERATIONS.md says.
func (s *site) vitrine(t *testing.T, args ...string) string {
	t.Helper()
	return s.run(t, append([]string{"runuser", "-u", "vitrine", "--", "vitrine", "--config", config}, args...)...)
}

// upload sends a file of /packages and returns its address.
func (s *site) upload(t *testing.T, key, name string) string {
	t.Helper()
	out := s.run(t, "curl", "--silent", "--show-error", "--fail-with-body", "-H", "X-API-Key: "+key, "-F", "source=@/packages/"+name, address+"/api/1/upload")
	var reply struct{ Image struct{ URL string } }
	if err := json.Unmarshal([]byte(out), &reply); err != nil || reply.Image.URL == "" {
		t.Fatalf("%v\n%s", err, out)
	}
	return reply.Image.URL
}

// fetch compares what is at an address with a file of /packages.
func (s *site) fetch(t *testing.T, url, name string) {
	t.Helper()
	s.run(t, "sh", "-c", `curl --silent --show-error --fail "$1" | cmp - "/packages/$2"`, "sh", url, name)
}

// is runs a program that must print want.
func (s *site) is(t *testing.T, want string, args ...string) {
	t.Helper()
	if out := s.run(t, args...); out != want {
		t.Errorf("%s: %q, want %q", strings.Join(args, " "), out, want)
	}
}

func (s *site) gone(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if out, err := s.try("ls", "-ld", path); err == nil {
			t.Errorf("still there: %s", out)
		}
	}
}

// property is one of the service's, as systemd sees it.
func (s *site) property(t *testing.T, name string) string {
	t.Helper()
	return s.run(t, "systemctl", "show", "--property", name, "--value", "vitrine")
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
