package cluster_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// balancerFrame is what belongs around deploy/cluster/nginx.conf.
const balancerFrame = `%[1]s
daemon off;
worker_processes 1;
pid %[2]s/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/proxy;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
	include %[2]s/site.conf;
}
`

// startBalancer runs nginx with the configuration that we ship until the test ends.
func startBalancer(t testing.TB, folder, address string, nodes []*node) {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not on everybody's path
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("nginx is needed for this test: install the package nginx-light (%v)", err)
	}
	shipped, err := os.ReadFile(filepath.Join(repository, "deploy", "cluster", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"LISTEN": address}
	for i, n := range nodes {
		values[fmt.Sprintf("NODE_%d", i+1)] = n.address
	}
	site := string(shipped)
	for name, value := range values {
		site = strings.ReplaceAll(site, "${"+name+"}", value)
	}
	home := filepath.Join(folder, "nginx")
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // its folder is ours
	}
	config := filepath.Join(home, "nginx.conf")
	if err := os.MkdirAll(home, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{config: fmt.Sprintf(balancerFrame, user, home), filepath.Join(home, "site.conf"): site} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := filepath.Join(folder, "nginx.log")
	p, err := spawn("nginx", exec.Command(program, "-c", config, "-p", home, "-e", "stderr"), log, syscall.SIGTERM)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.end(syscall.SIGTERM, 10*time.Second); err != nil {
			t.Error(err)
		}
	})
	if err := waitFor(10*time.Second, func() error { return dial(address) }); err != nil {
		t.Fatalf("nginx does not answer: %v\n%s", err, tail(log, 2<<10))
	}
}
