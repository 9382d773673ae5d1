package main_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// lines splits a table into rows of fields.
func rows(table string) [][]string {
	var list [][]string
	for line := range strings.Lines(table) {
		list = append(list, strings.Fields(line))
	}
	return list
}

func TestUsersAndKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		out := g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org", "--role", "admin")
		if m := regexp.MustCompile(`^Account ann was made\.\npassword  (\w{21})$`).FindStringSubmatch(out); m == nil {
			t.Fatalf("printed %q", out)
		}
		given := g.try(t, "correct horse\n", "user", "create", "--username", "bob", "--email", "bob@example.org", "--password-stdin")
		if given.code != 0 || given.out != "Account bob was made.\n" {
			t.Fatalf("%+v", given)
		}
		list := rows(g.run(t, "user", "list"))
		if len(list) != 3 || list[1][0] != "ann" || list[1][2] != "admin" || list[2][0] != "bob" || list[2][2] != "user" || list[2][3] != "valid" {
			t.Errorf("users %q", list)
		}

		out = g.run(t, "user", "password", "ann")
		if !regexp.MustCompile(`^Account ann has a new password\.\npassword  \w{21}$`).MatchString(out) {
			t.Errorf("printed %q", out)
		}
		if given := g.try(t, "battery staple\n", "user", "password", "bob", "--password-stdin"); given.code != 0 || given.out != "Account bob has a new password.\n" {
			t.Errorf("%+v", given)
		}

		key := g.run(t, "key", "create", "--user", "ann", "--name", "my tool")
		m := regexp.MustCompile(`^chv_(\w{7})_[0-9a-f]{64}$`).FindStringSubmatch(key)
		if m == nil {
			t.Fatalf("not a key alone: %q", key)
		}
		keys := rows(g.run(t, "key", "list", "--user", "ann"))
		if len(keys) != 2 || keys[1][0] != m[1] || keys[1][1] != "ann" || keys[1][2] != "my" || strings.Contains(strings.Join(keys[1], " "), key[13:]) {
			t.Errorf("keys %q", keys)
		}
		g.run(t, "key", "revoke", m[1])
		if keys := rows(g.run(t, "key", "list")); len(keys) != 1 {
			t.Errorf("keys after revoke %q", keys)
		}
		guest := g.run(t, "key", "create", "--guest")
		if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(guest) {
			t.Errorf("not a guest key alone: %q", guest)
		}
		if g.run(t, "settings", "get", "guest_key") != guest || g.run(t, "settings", "get", "guest_api") != "on" {
			t.Error("the guest key is not set")
		}

		g.run(t, "user", "suspend", "bob")
		if r := g.try(t, "", "key", "create", "--user", "bob"); r.code != 1 || r.err != "vitrine: The account bob is suspended: restore it first\n" {
			t.Errorf("a key for a suspended account: %+v", r)
		}
		g.run(t, "user", "restore", "bob")
		g.run(t, "key", "create", "--user", "bob")

		if r := g.try(t, "alice\n", "user", "delete", "bob"); r.code != 1 || !strings.Contains(r.err, "Nothing was deleted") {
			t.Errorf("deleted without the name: %+v", r)
		}
		if r := g.try(t, "bob\n", "user", "delete", "bob"); r.code != 0 || r.out != "Account bob was deleted, with 0 files.\n" {
			t.Errorf("not deleted with the name: %+v", r)
		}
		g.run(t, "user", "delete", "ann", "--yes")
		if list := rows(g.run(t, "user", "list")); len(list) != 1 {
			t.Errorf("users %q", list)
		}
	})
}

func TestThingsToChooseFrom(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
		parent := g.run(t, "album", "create", "--user", "ann", "--name", "Holidays", "--privacy", "unlisted")
		child := g.run(t, "album", "create", "--user", "ann", "--name", "Norway", "--parent", parent)
		for _, slug := range []string{parent, child} {
			if !regexp.MustCompile(`^\w{7}$`).MatchString(slug) {
				t.Errorf("not an id alone: %q", slug)
			}
		}
		for _, args := range [][]string{{"album", "list"}, {"album", "list", "--user", "ann"}} {
			if list := g.run(t, args...); len(rows(list)) != 3 || !strings.Contains(list, parent) || !strings.Contains(list, "unlisted") {
				t.Errorf("%v:\n%s", args, list)
			}
		}
		id := g.run(t, "category", "create", "Wild life", "--url-key", "wild")
		if list := rows(g.run(t, "category", "list")); len(list) != 2 || list[1][0] != id || list[1][3] != "wild" {
			t.Errorf("category %q, list %q", id, list)
		}
		if r := g.try(t, "", "category", "create", "Other", "--url-key", "wild"); r.code != 1 || strings.Count(r.err, "\n") != 1 {
			t.Errorf("the key of a category twice: %+v", r)
		}

		if out := g.run(t, "ban", "add", "192.0.2.77/24", "--for", "1h", "--message", "Come back later"); out != "192.0.2.0/24" {
			t.Errorf("banned %q", out)
		}
		if list := g.run(t, "ban", "list"); len(rows(list)) != 2 || !strings.Contains(list, "192.0.2.0/24") || !strings.Contains(list, "Come back later") {
			t.Errorf("bans:\n%s", list)
		}
		g.run(t, "ban", "remove", "192.0.2.*")
		if list := rows(g.run(t, "ban", "list")); len(list) != 1 {
			t.Errorf("bans %q", list)
		}
	})
}

func TestSettingsCommands(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		if v := g.run(t, "settings", "get", "upload_max_size"); v != "20MB" {
			t.Errorf("default %q", v)
		}
		g.run(t, "settings", "set", "upload_max_size", "1.5 GB")
		if v := g.run(t, "settings", "get", "upload_max_size"); v != "1500MB" {
			t.Errorf("set %q", v)
		}
		g.run(t, "settings", "set", "guest_key", "a public secret")
		list := g.run(t, "settings", "list")
		if !regexp.MustCompile(`(?m)^upload_max_size +\* +1500MB `).MatchString(list) || strings.Contains(list, "a public secret") {
			t.Errorf("list:\n%s", list)
		}
		g.run(t, "settings", "set", "site_description", "")
		g.run(t, "settings", "reset", "upload_max_size")
		if v := g.run(t, "settings", "get", "upload_max_size"); v != "20MB" {
			t.Errorf("reset %q", v)
		}
		g.environ = append(g.environ, "VITRINE_SETTING_UPLOAD_MAX_SIZE=3MB")
		if v := g.run(t, "settings", "get", "upload_max_size"); v != "3MB" {
			t.Errorf("pinned %q", v)
		}
		if r := g.try(t, "", "settings", "set", "upload_max_size", "4MB"); r.code != 1 || !strings.Contains(r.err, "is pinned") {
			t.Errorf("a pinned setting was set: %+v", r)
		}
		if list := g.run(t, "settings", "list"); !regexp.MustCompile(`(?m)^upload_max_size +\+ +3MB `).MatchString(list) {
			t.Errorf("list:\n%s", list)
		}
	})
}

func TestHelp(t *testing.T) {
	t.Parallel()
	g := newGround(t, "sqlite")
	for _, args := range []string{
		"serve", "user create", "user list", "user password", "user suspend", "user restore", "user delete", "key create", "key list", "key revoke",
		"album create", "album list", "category create", "category list", "ban add", "ban remove", "ban list",
		"backup", "restore", "settings get", "settings set", "settings reset", "settings list", "storage list", "storage move", "storage verify", "doctor", "version",
	} {
		out := g.run(t, append(strings.Fields(args), "--help")...)
		if !strings.Contains(out, "Example:") || !strings.Contains(out, "vitrine "+args) || !strings.Contains(out, "--profile=FILE") {
			t.Errorf("vitrine %s --help:\n%s", args, out)
		}
	}
	top := g.run(t, "--help")
	if strings.Contains(top, "decoder ") || !strings.Contains(top, "serve") {
		t.Errorf("vitrine --help:\n%s", top)
	}
	if alone := g.run(t); alone != top {
		t.Error("vitrine alone does not print the help")
	}
	if _, err := os.Stat(g.data); err == nil {
		t.Error("asking for help made a data folder")
	}
	if out := g.run(t, "version"); !strings.HasPrefix(out, "vitrine ") || strings.Contains(out, "\n") {
		t.Errorf("version %q", out)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
		tests := []struct {
			name, args, stdin string
			environ           []string
			code              int
			want              string
		}{
			{"unknown command", "publish", "", nil, 2, "unexpected argument publish"},
			{"unknown flag", "user list --colour", "", nil, 2, "unknown flag --colour"},
			{"missing flag", "user create --username bob", "", nil, 2, "missing flags: --email"},
			{"missing argument", "user suspend", "", nil, 2, `expected "<username>"`},
			{"bad role", "user create --username bob --email b@example.org --role king", "", nil, 2, "--role must be one of"},
			{"taken name", "user create --username ann --email b@example.org", "", nil, 1, "This username is taken: choose another"},
			{"taken address", "user create --username bob --email ann@example.org", "", nil, 1, "This email address belongs to another account"},
			{"bad name", "user create --username b --email b@example.org", "", nil, 2, "Invalid username: use 3 to 16 letters, digits or underscores"},
			{"short password", "user create --username bob --email b@example.org --password-stdin", "short\n", nil, 2, "Invalid password: use 8 to 128 characters"},
			{"new short password", "user password bob --password-stdin", "short\n", nil, 2, "Invalid password: use 8 to 128 characters"},
			{"no password", "user create --username bob --email b@example.org --password-stdin", "", nil, 2, "Invalid password"},
			{"unknown user", "user suspend bob", "", nil, 1, `No such user: "bob"`},
			{"key of nobody", "key create", "", nil, 2, "whose key? use --user NAME or --guest"},
			{"key of both", "key create --guest --user ann", "", nil, 2, "can't be used together"},
			{"unknown key", "key revoke abcdefg", "", nil, 1, `No such key: "abcdefg"`},
			{"album of nobody", "album create --user bob --name A", "", nil, 1, `No such user: "bob"`},
			{"bad ban", "ban add everybody", "", nil, 2, `Invalid address "everybody"`},
			{"bad duration", "ban add 192.0.2.7 --for soon", "", nil, 2, "--for"},
			{"unknown setting", "settings get colour", "", nil, 2, `Unknown setting "colour"`},
			{"bad setting", "settings set language xx", "", nil, 2, "Invalid value for language: use one of en, nb, ru, ja, zh-CN"},
			{"bad configuration", "user list --listen nowhere", "", nil, 2, `--listen: "nowhere" is not an address`},
			{"bad environment", "user list", "", []string{"VITRINE_COLOUR=red"}, 2, "VITRINE_COLOUR: there is no such variable"},
			{"silent database", "user list --database postgres://u:secret@127.0.0.1:1/db", "", nil, 1, "the database cannot be opened: "},
			{"no such profile", "serve --profile /nowhere.toml", "", nil, 2, "the file /nowhere.toml cannot be read: no such file or directory"},
			{"address in use or not ours", "serve --listen 192.0.2.1:80", "", nil, 1, "cannot listen on 192.0.2.1:80: "},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				g := g
				g.environ = append(append([]string(nil), g.environ...), test.environ...)
				r := g.try(t, test.stdin, strings.Fields(test.args)...)
				if r.code != test.code || r.out != "" {
					t.Errorf("exit code %d, want %d; printed %q", r.code, test.code, r.out)
				}
				if strings.Contains(r.err, "secret") {
					t.Errorf("told a secret: %q", r.err)
				}
				if !strings.HasPrefix(r.err, "vitrine: ") || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, test.want) {
					t.Errorf("said %q, want one line with %q", r.err, test.want)
				}
			})
		}
	})
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		out := g.run(t, "doctor")
		for _, name := range []string{"database", "storage", "decoders", "films", "disk", "limits"} {
			if !regexp.MustCompile(`(?m)^(ok|weak) +` + name + " ").MatchString(out) {
				t.Errorf("%s is not well:\n%s", name, out)
			}
		}
		if !regexp.MustCompile(`(?m)^\w+ +decoders .*libvips \d+\.\d+`).MatchString(out) {
			t.Errorf("the doctor does not tell which libvips:\n%s", out)
		}
		if out := g.run(t, "doctor", "--json"); !json.Valid([]byte(out)) || !strings.Contains(out, `"name": "clock"`) && !strings.Contains(out, "there is none yet") {
			t.Errorf("as JSON:\n%s", out)
		}
		// What is broken is named, and fails.
		g.environ = append(g.environ, "VITRINE_STORAGE=s3://pics?endpoint=http://127.0.0.1:1", "VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=b")
		r := g.try(t, "", "doctor")
		if r.code != 1 || !regexp.MustCompile(`(?m)^broken +storage `).MatchString(r.out) || r.err != "" {
			t.Errorf("a bucket that does not answer: %+v", r)
		}
	})
}
