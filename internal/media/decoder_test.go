package media_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// runBroken is a decoder that misbehaves as its first argument says, as long as
// a file of the name "trouble" is in the spool; then it is a good one.
func runBroken(args []string) int {
	how, spool := args[0], args[2]
	if how == "jail" {
		return tryToEscape(spool)
	}
	if _, err := os.Stat(filepath.Join(spool, "trouble")); err != nil {
		return media.RunDecoder(args[1:], os.Stdin, os.Stdout)
	}
	if how == "dead" {
		return 3
	}
	for {
		if _, err := media.ReadRequest(os.Stdin); err != nil {
			return 0
		}
		switch how {
		case "crash":
			fmt.Fprintln(os.Stderr, strings.Repeat("going down ", 10000))
			var p *int
			*p = 1
		case "hang":
			select {}
		case "slow":
			time.Sleep(200 * time.Millisecond)
			_ = media.WriteAnswer(os.Stdout, &media.Answer{})
		case "babble":
			fmt.Print(strings.Repeat("nonsense", 1000))
		case "endless":
			_, _ = os.Stdout.Write([]byte{0xff, 0xff, 0xff, 0xff, '{'})
		case "empty":
			_ = media.WriteAnswer(os.Stdout, &media.Answer{})
		case "outside", "linked":
			name := "../../outside.jpeg"
			if how == "linked" {
				name = "linked.jpeg"
			}
			p := &media.Product{Name: name, Format: vitrine.JPEG, Width: 1, Height: 1}
			_ = media.WriteAnswer(os.Stdout, &media.Answer{Original: p, Thumb: p})
		}
	}
}

// tryToEscape locks itself in and reports what it could still do.
func tryToEscape(spool string) int {
	fmt.Println(media.Confine(spool))
	for what, err := range map[string]error{
		"file":    second(os.ReadFile("/etc/passwd")),
		"folder":  second(os.ReadDir("/")),
		"network": second(net.Dial("udp", "127.0.0.1:9")),
		"program": exec.Command("/bin/true").Run(),
		"write":   os.WriteFile("/tmp/vitrine-escaped", nil, 0o600),
	} {
		if err == nil {
			fmt.Println("escaped:", what)
		}
	}
	if err := os.WriteFile(filepath.Join(spool, "inside"), []byte("x"), 0o600); err != nil {
		fmt.Println("locked out of the spool:", err)
	}
	return 0
}

func second[T any](_ T, err error) error { return err }

func broken(how string) func(*media.Config) {
	return func(c *media.Config) {
		self, err := os.Executable()
		if err != nil {
			panic(err)
		}
		c.Command = []string{self, "broken", how}
	}
}

func trouble(t *testing.T, b bench) (stop func()) {
	t.Helper()
	name := filepath.Join(b.spool, "trouble")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() { os.Remove(name) }
}

func TestDecoderMisbehaves(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]vitrine.Code{
		"crash": vitrine.CodeDamaged, "hang": vitrine.CodeDamaged, "babble": vitrine.CodeDamaged, "endless": vitrine.CodeDamaged,
		"dead": vitrine.CodeDamaged, "empty": vitrine.CodeInternal,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(c *media.Config) {
				broken(how)(c)
				c.Timeout = 500 * time.Millisecond
			})
			stop := trouble(t, b)
			path := b.putFile(t, "pictures/plain.jpg")
			start := time.Now()
			_, err := b.Inspect(context.Background(), path)
			if !vitrine.Is(err, want) {
				t.Errorf("got %v, want %s", err, want)
			}
			if e, ok := errors.AsType[*vitrine.Error](err); ok && (strings.Contains(e.Message, "/") || len(e.Message) < 20) {
				t.Errorf("not a clear sentence: %q", e.Message)
			}
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("took %v", took)
			}
			stop()
			if how == "empty" {
				return // it still serves, and will until it is replaced
			}
			time.Sleep(10 * time.Millisecond)
			if i, err := b.inspectPatiently(path); err != nil || i.Width != 640 {
				t.Errorf("the next picture: %v, %v", i, err)
			}
		})
	}
}

// inspectPatiently asks again where the machine was too busy for the short
// timeout of a test.
func (b bench) inspectPatiently(path string) (i *vitrine.Inspection, err error) {
	for range 20 {
		if i, err = b.Inspect(context.Background(), path); err == nil {
			return i, nil
		}
	}
	return nil, err
}

func TestDecoderIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"outside", "linked", "empty"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, broken(how))
			path := b.putFile(t, "pictures/plain.jpg")
			good := newBench(t, nil)
			req := good.request(t, good.putFile(t, "pictures/plain.jpg"))
			trouble(t, b)
			req.Source, req.Folder = path, b.folder(t)
			if err := os.Symlink("/etc/passwd", filepath.Join(req.Folder, "linked.jpeg")); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(b.spool, "..", "outside.jpeg"), []byte("secret"), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := b.Render(context.Background(), req)
			if how == "empty" { // nothing was asked to change, and nothing was made
				if err != nil || r.Changed || r.Original.Path != path {
					t.Errorf("%+v, %v", r, err)
				}
				return
			}
			if !vitrine.Is(err, vitrine.CodeInternal) {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
}

func TestDecoderJail(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(self, "broken", "jail", "--spool", t.TempDir()).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	words, _, _ := strings.Cut(string(out), "\n")
	t.Log(words)
	if strings.Contains(words, "could") {
		t.Skip("this kernel cannot confine decoders wholly: " + words)
	}
	if strings.Contains(string(out), "escaped") || strings.Contains(string(out), "locked out") {
		t.Errorf("%s", out)
	}
}

// children lists the decoders of a spool that are running.
func children(t *testing.T, spool string) (pids []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		line, err := os.ReadFile(f)
		if err == nil && bytes.Contains(line, []byte("--spool\x00"+spool+"\x00")) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestServiceCloseEndsEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *media.Config) {
		broken("hang")(c)
		c.Decoders = 2
	})
	trouble(t, b)
	path := b.putFile(t, "pictures/plain.jpg")
	results := make(chan error)
	for range 4 { // two run, two wait
		go func() {
			_, err := b.Inspect(context.Background(), path)
			results <- err
		}()
	}
	for len(children(t, b.spool)) < 2 {
		time.Sleep(5 * time.Millisecond)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	for range 4 {
		if err := <-results; !vitrine.Is(err, vitrine.CodeBusy) {
			t.Errorf("got %v", err)
		}
	}
	if left := children(t, b.spool); len(left) > 0 {
		t.Errorf("decoders %v are still there", left)
	}
	if _, err := b.Inspect(context.Background(), path); !vitrine.Is(err, vitrine.CodeBusy) {
		t.Errorf("after the end: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestServiceCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t, broken("hang"))
	stop := trouble(t, b)
	path := b.putFile(t, "pictures/plain.jpg")
	ctx, cancel := context.WithCancel(context.Background())
	running, waiting := make(chan error), make(chan error)
	go func() { _, err := b.Inspect(ctx, path); running <- err }()
	for len(children(t, b.spool)) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	short, done := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer done()
	go func() { _, err := b.Inspect(short, path); waiting <- err }()
	if err := <-waiting; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting: %v", err)
	}
	stop()
	cancel()
	if err := <-running; !errors.Is(err, context.Canceled) {
		t.Errorf("running: %v", err)
	}
	if i, err := b.Inspect(context.Background(), path); err != nil || i.Width != 640 {
		t.Errorf("the slot is not free: %v", err)
	}
}

func TestServiceRefusesWhenTooManyWait(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *media.Config) {
		broken("hang")(c)
		c.Queue = 2
	})
	trouble(t, b)
	path := b.putFile(t, "pictures/plain.jpg")
	results := make(chan error, 6)
	for range 6 { // one runs, two wait
		go func() {
			_, err := b.Inspect(context.Background(), path)
			results <- err
		}()
	}
	for range 3 {
		err := <-results
		if e, ok := errors.AsType[*vitrine.Error](err); !ok || e.Code != vitrine.CodeBusy || e.RetryAfter < 1 {
			t.Errorf("got %v", err)
		}
	}
	b.Close()
	for range 3 {
		<-results
	}
}

func TestServiceAdmitsByMemory(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *media.Config) {
		broken("slow")(c)
		c.Decoders, c.Budget = 3, 3*media.BaseWeight/2
	})
	trouble(t, b)
	var wg sync.WaitGroup
	start := time.Now()
	for range 3 {
		wg.Go(func() {
			if err := b.Check(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if took := time.Since(start); took < 600*time.Millisecond {
		t.Errorf("three jobs of 200 ms took %v: they ran together", took)
	}
}

// A decoder whose server is gone ends.
func TestDecoderEndsWithItsInput(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "decoder", "--spool", t.TempDir())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestConfigValidate(t *testing.T) {
	t.Parallel()
	_, err := media.New(media.Config{Decoders: -1, Queue: -1})
	if err == nil || !strings.Contains(err.Error(), "decoders") || !strings.Contains(err.Error(), "queue") {
		t.Errorf("got %v", err)
	}
}

func TestServiceStaysInTheSpool(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	data, err := os.ReadFile("testdata/pictures/plain.jpg")
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "plain.jpg")
	if err := os.WriteFile(outside, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Inspect(context.Background(), outside); !vitrine.Is(err, vitrine.CodeInternal) {
		t.Errorf("a file outside: %v", err)
	}
	link := filepath.Join(b.spool, "link")
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Inspect(context.Background(), link); !vitrine.Is(err, vitrine.CodeInternal) {
		t.Errorf("a link to outside: %v", err)
	}
}
