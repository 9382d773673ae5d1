//go:build packaging

package packaging_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// confinement looks at the running service from outside, and lets the doctor look
// from within the same confinement.
func confinement(t *testing.T, s *site) {
	pid := s.property(t, "MainPID")
	server := s.status(t, pid)
	for key, want := range map[string]string{"NoNewPrivs": "1", "Seccomp": "2", "CapEff": "0000000000000000", "CapBnd": "0000000000000000"} {
		if server[key] != want {
			t.Errorf("%s of the server is %q, want %s", key, server[key], want)
		}
	}
	s.is(t, "vitrine", "stat", "-c", "%U", "/proc/"+pid)

	decoders := strings.Fields(s.run(t, "pgrep", "--parent", pid))
	if len(decoders) == 0 {
		t.Error("no decoder is there")
	}
	for _, decoder := range decoders {
		if a, b := s.status(t, decoder)["Seccomp_filters"], server["Seccomp_filters"]; number(t, a) <= number(t, b) {
			t.Errorf("a decoder has %s filters of system calls and the server %s: it has none of its own", a, b)
		}
		// IDL, or B where the kernel shares processors out between all services alike.
		if server, class := s.policy(t, pid), s.policy(t, decoder); server != "TS" || class != "IDL" && class != "B" {
			t.Errorf("the server has scheduling class %s and a decoder %s, which does not give way", server, class)
		}
	}

	// Even root cannot write in the service's view of the files, save where it should.
	for path, may := range map[string]bool{"/usr/bin": false, "/etc/vitrine": false, "/var/log": false, "/home": false, "/var/lib/vitrine": true, "/tmp": true} {
		out, err := s.try("nsenter", "--target", pid, "--mount", "--root", "--", "sh", "-c", "cd "+path+" && touch try && rm try")
		if (err == nil) != may {
			t.Errorf("write in %s: %v, %s", path, err, out)
		}
	}

	text := s.within(t, "doctor", "/usr/bin/vitrine doctor --config "+config)
	for _, want := range []string{"out of reach (Landlock", "network and other programs are out of reach (seccomp)", "ffmpeg"} {
		if !strings.Contains(text, want) {
			t.Errorf("the doctor does not say %q:\n%s", want, text)
		}
	}
}

// policy is how ps(1) calls the scheduling policy of a process.
func (s *site) policy(t *testing.T, pid string) string {
	t.Helper()
	return strings.TrimSpace(s.run(t, "ps", "-o", "class=", "-p", pid))
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// calls lets every system call that the unit does not allow kill its process, which
// then shows that no picture and no film needs any of them.
func calls(t *testing.T, s *site) {
	const file = "/run/systemd/system/vitrine.service.d/deadly.conf"
	s.write(t, file, "[Service]\nSystemCallErrorNumber=kill\nRestart=no\n")
	s.run(t, "systemctl", "daemon-reload")
	s.run(t, "systemctl", "restart", "vitrine")
	s.waitReady(t)
	pid := s.property(t, "MainPID")
	s.upload(t, s.key, "photo.jpg")
	decoders := s.run(t, "pgrep", "--parent", pid)
	for _, name := range files {
		s.upload(t, s.key, name)
	}
	if after := s.property(t, "MainPID"); after != pid {
		t.Errorf("the server ended: %s", s.run(t, "systemctl", "show", "--property", "Result", "vitrine"))
	}
	if now := s.run(t, "pgrep", "--parent", pid); !strings.HasPrefix(now, decoders) {
		t.Errorf("decoders %q, afterwards %q", decoders, now)
	}
	s.run(t, "rm", file)
	s.run(t, "systemctl", "daemon-reload")
	s.run(t, "systemctl", "restart", "vitrine")
	s.waitReady(t)
}

// within runs a command as the unit runs the server, and returns what it prints.
func (s *site) within(t *testing.T, name, command string) string {
	t.Helper()
	text := s.run(t, "cat", unit)
	text = regexp.MustCompile(`(?m)^ExecStart=.*$`).ReplaceAllString(text, "ExecStart="+command)
	text = regexp.MustCompile(`(?m)^(Type|Restart)=.*$`).ReplaceAllString(text, "")
	text = strings.Replace(text, "[Service]", "[Service]\nType=oneshot", 1)
	s.write(t, "/run/systemd/system/"+name+".service", text)
	s.run(t, "systemctl", "daemon-reload")
	_, err := s.try("systemctl", "start", name)
	out := s.run(t, "journalctl", "-u", name, "--no-pager", "-o", "cat")
	if err != nil {
		t.Errorf("%s within the confinement: %v\n%s", name, err, out)
	}
	return out
}

// status reads /proc/PID/status.
func (s *site) status(t *testing.T, pid string) map[string]string {
	t.Helper()
	status := make(map[string]string)
	for line := range strings.Lines(s.run(t, "cat", "/proc/"+pid+"/status")) {
		key, value, _ := strings.Cut(line, ":")
		status[key] = strings.TrimSpace(value)
	}
	return status
}
