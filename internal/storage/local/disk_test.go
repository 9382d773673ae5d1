package local_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
)

func put(t *testing.T, s storage.Store, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), ""); err != nil {
		t.Fatal(err)
	}
}

// files are all files below the folder, with their contents.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.Walk(root, func(path string, fi os.FileInfo, err error) error {
		if err != nil || fi.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		all[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestContentIsTheFile(t *testing.T) {
	t.Parallel()
	s, root := newStore(t)
	put(t, s, "2026/a.jpg", "picture")
	for range 2 { // by the long way, then by the folder's handle
		o, err := s.Open(t.Context(), "2026/a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := o.Content.(*os.File); !ok {
			t.Errorf("got %T, want *os.File", o.Content)
		}
		o.Content.Close()
	}
	if got := files(t, root); len(got) != 1 || got["2026/a.jpg"] != "picture" {
		t.Errorf("got %q", got)
	}
}

func TestFolderIsReplaced(t *testing.T) {
	t.Parallel()
	s, root := newStore(t)
	put(t, s, "2026/a.jpg", "old")
	for range 2 {
		if o, err := s.Open(t.Context(), "2026/a.jpg"); err != nil {
			t.Fatal(err)
		} else {
			o.Content.Close()
		}
	}
	if err := os.RemoveAll(filepath.Join(root, "2026")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), "2026/a.jpg"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("without its folder: got %v", err)
	}
	put(t, s, "2026/a.jpg", "new")
	o, err := s.Open(t.Context(), "2026/a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Content.Close()
	b := make([]byte, 3)
	if _, err := o.Content.Read(b); err != nil || string(b) != "new" {
		t.Errorf("got %q, %v", b, err)
	}
}

func TestManyFolders(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for round := range 2 {
		for i := range 300 { // more than handles are kept
			key := string([]byte{'a' + byte(i/26), 'a' + byte(i%26)}) + "/a"
			if round == 0 {
				put(t, s, key, "x")
			}
			o, err := s.Open(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			o.Content.Close()
		}
	}
}

func TestLinksLeadNowhere(t *testing.T) {
	t.Parallel()
	s, root := newStore(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, s, "in/a", "a")
	for name, target := range map[string]string{"file": outside, "folder": filepath.Dir(outside), "in/file": outside, "in/up": "../../../../../../etc/passwd", "in/near": "a"} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"file", "folder/secret", "in/file", "in/up"} {
		for range 2 {
			if o, err := s.Open(t.Context(), key); err == nil {
				o.Content.Close()
				t.Errorf("open %s: led outside", key)
			}
		}
		if _, err := s.Stat(t.Context(), key); err == nil {
			t.Errorf("stat %s: led outside", key)
		}
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, ""); err == nil {
			t.Errorf("put %s: led outside", key)
		}
		if key == "folder/secret" {
			if err := s.Delete(t.Context(), key); err == nil {
				t.Errorf("delete %s: led outside", key)
			}
		}
	}
	if b, err := os.ReadFile(outside); err != nil || string(b) != "secret" {
		t.Errorf("outside: got %q, %v", b, err)
	}
	if o, err := s.Open(t.Context(), "in/near"); err != nil {
		t.Errorf("a link inside: %v", err)
	} else {
		o.Content.Close()
	}
}

func TestFilesAsFolders(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	put(t, s, "a/b", "x")
	if err := s.Put(t.Context(), "a/b/c", strings.NewReader("x"), 1, ""); !errors.Is(err, storage.ErrKey) {
		t.Errorf("below an object: got %v, want ErrKey", err)
	}
	if err := s.Put(t.Context(), "a", strings.NewReader("x"), 1, ""); !errors.Is(err, storage.ErrExists) {
		t.Errorf("in place of a folder: got %v, want ErrExists", err)
	}
	if _, err := s.Open(t.Context(), "a"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a folder: got %v, want ErrNotFound", err)
	}
}

func TestAdoptMoves(t *testing.T) {
	t.Parallel()
	s, root := newStore(t)
	path := filepath.Join(filepath.Dir(root), filepath.Base(root)+"-spooled")
	if err := os.WriteFile(path, []byte("picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Adopt(t.Context(), "2026/a.jpg", path); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(root, "2026/a.jpg"))
	if err != nil || !os.SameFile(before, after) || after.Mode().Perm() != 0o640 {
		t.Errorf("got another file or mode: %v, %v", after, err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the spooled file is still there: %v", err)
	}
	link := path + "-link"
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(link)
	if err := s.Adopt(t.Context(), "link", link); err == nil {
		t.Error("a symbolic link was adopted")
	}
}

func TestAdoptAcrossFileSystems(t *testing.T) {
	t.Parallel()
	other, err := os.MkdirTemp("/dev/shm", "vitrine-test-")
	if err != nil {
		t.Skip("there is no second file system at /dev/shm")
	}
	defer os.RemoveAll(other)
	s, root := newStore(t)
	path := filepath.Join(other, "spooled")
	want := bytes.Repeat([]byte("picture"), 100_000)
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, s, "taken.jpg", "x")
	if err := s.Adopt(t.Context(), "taken.jpg", path); !errors.Is(err, storage.ErrExists) {
		t.Errorf("taken: got %v", err)
	}
	if err := s.Adopt(t.Context(), "2026/a.jpg", path); err != nil {
		t.Fatal(err)
	}
	if got := files(t, root); len(got) != 2 || got["2026/a.jpg"] != string(want) {
		t.Errorf("got %d files, %d bytes", len(got), len(got["2026/a.jpg"]))
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the spooled file is still there: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := unix.Mount("vitrine-test", root, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(root, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s, err := local.New(local.Config{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	spooled := filepath.Join(t.TempDir(), "spooled")
	if err := os.WriteFile(spooled, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"put":   s.Put(t.Context(), "2026/a.jpg", bytes.NewReader(make([]byte, 2<<20)), 2<<20, ""),
		"adopt": s.Adopt(t.Context(), "2026/b.jpg", spooled),
	} {
		if !errors.Is(err, storage.ErrNoSpace) {
			t.Errorf("%s: got %v, want ErrNoSpace", what, err)
		}
	}
	if got := files(t, root); len(got) != 0 {
		t.Errorf("%d files were left", len(got))
	}
	if fi, err := os.Stat(spooled); err != nil || fi.Size() != 2<<20 {
		t.Errorf("the spooled file: %v, %v", fi, err)
	}
	for range 1500 { // the kernel may take a moment to give the room back
		if err = s.Put(t.Context(), "2026/a.jpg", strings.NewReader("small"), 5, ""); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	s, root := newStore(t)
	put(t, s, "2026/a.jpg", "x")
	old := filepath.Join(root, ".incoming", "left-behind")
	fresh := filepath.Join(root, ".incoming", "being-written")
	for _, path := range []string{old, fresh} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Sweep(t.Context(), time.Hour); n != 1 || err != nil {
		t.Errorf("got %d, %v, want 1", n, err)
	}
	if got := files(t, root); len(got) != 2 || got[".incoming/being-written"] == "" {
		t.Errorf("left: %q", got)
	}
	err := s.List(t.Context(), "", func(i storage.Info) error {
		if i.Key != "2026/a.jpg" {
			t.Errorf("list shows %q", i.Key)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.New(local.Config{Root: file}); err == nil {
		t.Error("a file as the folder: no error")
	}
	deep := filepath.Join(t.TempDir(), "a", "b")
	s, err := local.New(local.Config{Root: deep})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, "a", "x")
}

// TestKill kills a process while it writes, again and again: there are only
// whole objects afterwards, and remains in no place but .incoming.
func TestKill(t *testing.T) {
	t.Parallel()
	if root := os.Getenv("VITRINE_TEST_KILL"); root != "" {
		writeForever(t, root)
		return
	}
	root := t.TempDir()
	content := string(bytes.Repeat([]byte("0123456789"), 100_000))
	for round := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$", "-test.timeout=30s")
		cmd.Env = append(os.Environ(), "VITRINE_TEST_KILL="+root)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(200+round*37) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	whole := 0
	for name, got := range files(t, root) {
		switch {
		case strings.HasPrefix(name, ".incoming/"):
		case got != content:
			t.Errorf("%s has %d bytes", name, len(got))
		default:
			whole++
		}
	}
	if whole == 0 {
		t.Error("nothing was written at all")
	}
}

func writeForever(t *testing.T, root string) {
	t.Helper()
	s, err := local.New(local.Config{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	content := string(bytes.Repeat([]byte("0123456789"), 100_000))
	for i := 0; ; i++ {
		put(t, s, time.Now().Format("2006/01/02/150405.000000000")+".jpg", content)
	}
}
