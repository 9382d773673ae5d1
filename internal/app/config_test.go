package app_test

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/app"
)

// write puts text into a file of a fresh folder and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfigPrecedence(t *testing.T) {
	t.Parallel()
	file := "listen = '127.0.0.1:1'\nlog_level = 'debug'\n[settings]\nsite_name = 'file'\nguest_api = true\ntags_per_file = 1\n"
	profile := "listen = '127.0.0.1:2'\n[settings]\nsite_name = 'profile'\ntags_per_file = 2\n"
	environ := []string{"VITRINE_LISTEN=127.0.0.1:3", "VITRINE_SETTING_TAGS_PER_FILE=3", "PATH=/bin", "VITRINE="}
	flags := map[string]string{"listen": "127.0.0.1:4"}
	tests := []struct {
		name    string
		sources func(s *app.Sources)
		listen  string
		level   slog.Level
		pins    map[string]string
	}{
		{"nothing", func(*app.Sources) {}, "", slog.LevelInfo, nil},
		{"file", func(s *app.Sources) { s.File = file }, "127.0.0.1:1", slog.LevelDebug, map[string]string{"site_name": "file", "guest_api": "true", "tags_per_file": "1"}},
		{"profile over file", func(s *app.Sources) { s.File, s.Profile = file, profile }, "127.0.0.1:2", slog.LevelDebug, map[string]string{"site_name": "profile", "guest_api": "true", "tags_per_file": "2"}},
		{"environment over profile", func(s *app.Sources) { s.File, s.Profile, s.Environ = file, profile, environ }, "127.0.0.1:3", slog.LevelDebug, map[string]string{"site_name": "profile", "guest_api": "true", "tags_per_file": "3"}},
		{"flags over environment", func(s *app.Sources) { s.File, s.Profile, s.Environ, s.Flags = file, profile, environ, flags }, "127.0.0.1:4", slog.LevelDebug, map[string]string{"site_name": "profile", "guest_api": "true", "tags_per_file": "3"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var s app.Sources
			test.sources(&s)
			if s.File != "" {
				s.File = write(t, "vitrine.toml", s.File)
			}
			if s.Profile != "" {
				s.Profile = write(t, "profile.toml", s.Profile)
			}
			c, err := app.Load(s)
			if err != nil {
				t.Fatal(err)
			}
			if c.Listen != test.listen || c.LogLevel != test.level {
				t.Errorf("listen %q, level %s", c.Listen, c.LogLevel)
			}
			if d := cmp.Diff(test.pins, c.Settings); d != "" {
				t.Errorf("pins: %s", d)
			}
		})
	}
}

func TestConfigFilesByEnvironment(t *testing.T) {
	t.Parallel()
	c, err := app.Load(app.Sources{Environ: []string{
		"VITRINE_CONFIG=" + write(t, "a.toml", "data = '/srv/a'\nlisten = ':81'\n"),
		"VITRINE_PROFILE=" + write(t, "b.toml", "listen = ':82'\n"),
	}})
	if err != nil || c.Data != "/srv/a" || c.Listen != ":82" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestConfigValues(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret", "s3cret\n")
	tests := []struct {
		name    string
		environ []string
		check   func(c app.Config) bool
	}{
		{"free port", []string{"VITRINE_LISTEN=:0"}, func(c app.Config) bool { return c.Listen == ":0" }},
		{"IPv6", []string{"VITRINE_LISTEN=[::1]:8080"}, func(c app.Config) bool { return c.Listen == "[::1]:8080" }},
		{"empty is not given", []string{"VITRINE_LISTEN=", "VITRINE_URL=", "VITRINE_DATABASE_FILE="}, func(c app.Config) bool { return c.Listen == "" && c.URL == nil }},
		{"URL with sub-path", []string{"VITRINE_URL=https://example.org/gallery/"}, func(c app.Config) bool { return c.URL.Host == "example.org" && c.URL.Path == "/gallery/" }},
		{"media URL", []string{"VITRINE_MEDIA_URL=https://cdn.example.org"}, func(c app.Config) bool { return c.MediaURL.Host == "cdn.example.org" }},
		{"database", []string{"VITRINE_DATABASE=postgres://u:p@db/vitrine"}, func(c app.Config) bool { return c.Database == "postgres://u:p@db/vitrine" }},
		{"database over a socket", []string{"VITRINE_DATABASE=postgres:///vitrine?host=/run/postgresql"}, func(c app.Config) bool { return strings.HasPrefix(c.Database, "postgres:") }},
		{"the usual database by name", []string{"VITRINE_DATABASE=sqlite"}, func(c app.Config) bool { return c.Database == "" }},
		{"database from a file", []string{"VITRINE_DATABASE_FILE=" + write(t, "url", "postgres://u:p@db/vitrine\r\n")}, func(c app.Config) bool { return c.Database == "postgres://u:p@db/vitrine" }},
		{"local storage elsewhere", []string{"VITRINE_STORAGE=local:/mnt/images"}, func(c app.Config) bool { return c.Storage.Folder == "/mnt/images" && c.Storage.Bucket == nil }},
		{"bucket", []string{"VITRINE_STORAGE=s3://pics/a/b/?endpoint=http://127.0.0.1:9000&region=eu-north-1&path_style=true", "VITRINE_S3_ACCESS_KEY=key", "VITRINE_S3_SECRET_KEY_FILE=" + secret}, func(c app.Config) bool {
			b := c.Storage.Bucket
			return b.Bucket == "pics" && b.Prefix == "a/b" && b.Endpoint == "127.0.0.1:9000" && b.Insecure && b.PathStyle && b.Region == "eu-north-1" && b.AccessKey == "key" && b.SecretKey == "s3cret"
		}},
		{"bucket of Amazon", []string{"VITRINE_STORAGE=s3://pics?region=eu-north-1", "VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=b"}, func(c app.Config) bool {
			return c.Storage.Bucket.Endpoint == "s3.eu-north-1.amazonaws.com" && !c.Storage.Bucket.Insecure
		}},
		{"endpoint without a scheme", []string{"VITRINE_STORAGE=s3://pics?endpoint=minio:9000", "VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=b"}, func(c app.Config) bool {
			return c.Storage.Bucket.Endpoint == "minio:9000" && !c.Storage.Bucket.Insecure
		}},
		{"keys without a bucket", []string{"VITRINE_S3_ACCESS_KEY=a"}, func(c app.Config) bool { return c.Storage.Bucket == nil }},
		{"proxies", []string{"VITRINE_TRUSTED_PROXIES=10.0.0.7/8, 192.0.2.1,,::1"}, func(c app.Config) bool {
			return cmp.Equal([]string{"10.0.0.0/8", "192.0.2.1/32", "::1/128"}, texts(c.TrustedProxies))
		}},
		{"decoders, logs and metrics", []string{"VITRINE_DECODERS=3", "VITRINE_LOG_FORMAT=json", "VITRINE_LOG_LEVEL=WARN", "VITRINE_METRICS_LISTEN=:9100"}, func(c app.Config) bool {
			return c.Decoders == 3 && c.LogFormat == "json" && c.LogLevel == slog.LevelWarn && c.MetricsListen == ":9100"
		}},
		{"bounds", []string{"VITRINE_UPLOAD_QUEUE=9", "VITRINE_UPLOAD_RECEIVING=8", "VITRINE_MAX_CONNECTIONS=7", "VITRINE_MAX_CONNECTIONS_PER_ADDRESS=off"}, func(c app.Config) bool {
			return c.UploadQueue == 9 && c.UploadReceived == 8 && c.Connections == 7 && c.PerAddress == -1
		}},
		{"metrics off", []string{"VITRINE_METRICS_LISTEN=off"}, func(c app.Config) bool { return c.MetricsListen == "" }},
		{"secret setting from a file", []string{"VITRINE_SETTING_GUEST_KEY_FILE=" + secret}, func(c app.Config) bool { return c.Settings["guest_key"] == "s3cret" }},
		{"empty setting", []string{"VITRINE_SETTING_SITE_DESCRIPTION="}, func(c app.Config) bool { v, ok := c.Settings["site_description"]; return ok && v == "" }},
		{"list in a file", []string{"VITRINE_CONFIG=" + write(t, "a.toml", "trusted_proxies = ['10.0.0.0/8']\n[settings]\nupload_formats = ['jpg', 'png']\nupload_max_size = 1000000\n")}, func(c app.Config) bool {
			return len(c.TrustedProxies) == 1 && c.Settings["upload_formats"] == "jpg,png" && c.Settings["upload_max_size"] == "1000000"
		}},
		{"empty table in a file", []string{"VITRINE_CONFIG=" + write(t, "a.toml", "[settings]\n")}, func(c app.Config) bool { return c.Settings == nil }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := app.Load(app.Sources{Environ: test.environ})
			if err != nil {
				t.Fatal(err)
			}
			if !test.check(c) {
				t.Errorf("loaded %+v (bucket %+v)", c, c.Storage.Bucket)
			}
		})
	}
}

func texts(list []netip.Prefix) (out []string) {
	for _, p := range list {
		out = append(out, p.String())
	}
	return out
}

func TestConfigRefusals(t *testing.T) {
	t.Parallel()
	empty, missing := write(t, "empty", "\n"), filepath.Join(t.TempDir(), "missing")
	bucket := []string{"VITRINE_S3_ACCESS_KEY=a", "VITRINE_S3_SECRET_KEY=b"}
	tests := []struct {
		name    string
		flags   map[string]string
		environ []string
		file    string // text of a TOML file
		want    []string
	}{
		{"unknown variable", nil, []string{"VITRINE_LISTNE=:80"}, "", []string{"VITRINE_LISTNE: there is no such variable"}},
		{"variable in small letters", nil, []string{"VITRINE_listen=:80"}, "", []string{"VITRINE_listen: there is no such variable"}},
		{"unknown setting in a variable", nil, []string{"VITRINE_SETTING_COLOUR=red"}, "", []string{"VITRINE_SETTING_COLOUR: there is no such variable"}},
		{"a file for what is no secret", nil, []string{"VITRINE_LISTEN_FILE=" + empty}, "", []string{"VITRINE_LISTEN_FILE: there is no such variable"}},
		{"unknown flag", map[string]string{"s3_access": "x"}, nil, "", []string{"--s3-access: there is no such flag"}},
		{"unknown key in a file", nil, nil, "listne = ':80'\n", []string{"listne in FILE: there is no such key"}},
		{"unknown table in a file", nil, nil, "[server]\nport = 80\n", []string{"server.port in FILE: there is no such key"}},
		{"unknown setting in a file", nil, nil, "[settings]\ncolour = 'red'\n", []string{"settings.colour in FILE: there is no such key"}},
		{"no TOML", nil, nil, "listen = :80\n", []string{"FILE, line 1, column 10: this is not TOML: "}},
		{"table where text belongs", nil, nil, "[listen]\n", []string{"listen in FILE: write it as text, a number, true or false, or a list of these"}},
		{"number with a fraction", nil, nil, "decoders = 1.5\n", []string{"decoders in FILE: write it as text"}},
		{"no such file", nil, []string{"VITRINE_CONFIG=" + missing}, "", []string{"the file " + missing + " cannot be read: no such file or directory"}},
		{"address without a port", nil, []string{"VITRINE_LISTEN=localhost"}, "", []string{`VITRINE_LISTEN: "localhost" is not an address to listen on: write host:port`}},
		{"port too large", map[string]string{"listen": ":70000"}, nil, "", []string{`--listen: ":70000" has no valid port: use a number from 0 to 65535`}},
		{"URL without a scheme", nil, []string{"VITRINE_URL=example.org"}, "", []string{"VITRINE_URL: \"example.org\" is not a public address"}},
		{"URL with a query", nil, []string{"VITRINE_URL=https://example.org/?a=1"}, "", []string{"is not a public address"}},
		{"URL of another kind", nil, []string{"VITRINE_MEDIA_URL=ftp://example.org"}, "", []string{"VITRINE_MEDIA_URL: "}},
		{"URL with dots", nil, []string{"VITRINE_URL=https://example.org/a/../b"}, "", []string{"empty or dotted parts"}},
		{"unknown database", nil, []string{"VITRINE_DATABASE=mysql://u:secret@host/db"}, "", []string{"VITRINE_DATABASE: it is no database: write sqlite, sqlite:FILE or postgres://user:password@host/name"}},
		{"database without a name", nil, []string{"VITRINE_DATABASE=postgres://u:secret@host"}, "", []string{"VITRINE_DATABASE: it is no database"}},
		{"unknown storage", nil, []string{"VITRINE_STORAGE=ftp://host"}, "", []string{"VITRINE_STORAGE: it is no storage: write local"}},
		{"bucket with keys in it", nil, append(bucket, "VITRINE_STORAGE=s3://key:secret@pics"), "", []string{"VITRINE_STORAGE: keys do not belong into its address"}},
		{"bucket without keys", nil, []string{"VITRINE_STORAGE=s3://pics"}, "", []string{"VITRINE_STORAGE names a bucket: give its keys"}},
		{"bucket with a bad name", nil, append(bucket, "VITRINE_STORAGE=s3://p"), "", []string{`"p" is not the name of a bucket`}},
		{"bucket with an unknown option", nil, append(bucket, "VITRINE_STORAGE=s3://pics?zone=a"), "", []string{`"zone" is not an option of a bucket: use endpoint, region, path_style, capacity, kinds or full`}},
		{"bucket with an option twice", nil, append(bucket, "VITRINE_STORAGE=s3://pics?region=a&region=b"), "", []string{`"region" stands in it twice`}},
		{"endpoint with a path", nil, append(bucket, "VITRINE_STORAGE=s3://pics?endpoint=https://host/x"), "", []string{"endpoint=https://host/x is not the address of a server"}},
		{"path_style perhaps", nil, append(bucket, "VITRINE_STORAGE=s3://pics?path_style=perhaps"), "", []string{"path_style=perhaps is neither true nor false"}},
		{"no network", nil, []string{"VITRINE_TRUSTED_PROXIES=10.0.0.0/8,proxy"}, "", []string{`VITRINE_TRUSTED_PROXIES: "proxy" is not an address or a network`}},
		{"no places", nil, []string{"VITRINE_UPLOAD_QUEUE=0"}, "", []string{`VITRINE_UPLOAD_QUEUE: "0" is not a number that can be used: use 1 to 100000`}},
		{"no decoders", nil, []string{"VITRINE_DECODERS=0"}, "", []string{`VITRINE_DECODERS: "0" is not a number of decoders: use 1 to 256`}},
		{"unknown log format", nil, []string{"VITRINE_LOG_FORMAT=xml"}, "", []string{`VITRINE_LOG_FORMAT: "xml" is not a log format: use text or json`}},
		{"unknown log level", nil, []string{"VITRINE_LOG_LEVEL=loud"}, "", []string{`VITRINE_LOG_LEVEL: "loud" is not a log level`}},
		{"setting out of range", nil, []string{"VITRINE_SETTING_MEDIUM_SIZE=7"}, "", []string{"VITRINE_SETTING_MEDIUM_SIZE: Invalid value for medium_size: use a whole number from 16 to 4000"}},
		{"settings at odds", nil, nil, "[settings]\nlanguages = ['en']\nlanguage = 'ja'\n", []string{"settings.language in FILE: Invalid value for language: use one of en"}},
		{"missing secret file", nil, []string{"VITRINE_S3_SECRET_KEY_FILE=" + missing}, "", []string{"VITRINE_S3_SECRET_KEY_FILE: the file " + missing + " cannot be read"}},
		{"empty secret file", nil, []string{"VITRINE_S3_SECRET_KEY_FILE=" + empty}, "", []string{"is empty: put the secret into it"}},
		{"secret twice", nil, []string{"VITRINE_DATABASE=postgres://u:secret@h/d", "VITRINE_DATABASE_FILE=" + write(t, "db", "postgres://u:secret@h/d")}, "", []string{"VITRINE_DATABASE and VITRINE_DATABASE_FILE say the same thing: give only one of them"}},
		{"all at once", nil, []string{"VITRINE_LISTEN=x", "VITRINE_URL=x", "VITRINE_NONSENSE=1", "VITRINE_SETTING_LANGUAGE=xx"}, "decoders = 'many'\n",
			[]string{"VITRINE_NONSENSE: ", "VITRINE_LISTEN: ", "VITRINE_URL: ", "decoders in FILE: ", "VITRINE_SETTING_LANGUAGE: "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := app.Sources{Flags: test.flags, Environ: test.environ}
			if test.file != "" {
				s.File = write(t, "vitrine.toml", test.file)
			}
			_, err := app.Load(s)
			e, ok := errors.AsType[*app.ConfigError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if len(e.Mistakes) != len(test.want) {
				t.Errorf("%d mistakes, want %d:\n%v", len(e.Mistakes), len(test.want), err)
			}
			for _, want := range test.want {
				if s.File != "" {
					want = strings.ReplaceAll(want, "FILE", s.File)
				}
				if !strings.Contains(err.Error(), want) {
					t.Errorf("does not say %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "secret@") {
				t.Errorf("tells a secret: %v", err)
			}
		})
	}
}

func TestProfilesLoad(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../deploy/profiles/*.toml")
	if err != nil || len(paths) != 5 {
		t.Fatalf("%v, %v", paths, err)
	}
	for _, path := range paths {
		c, err := app.Load(app.Sources{Profile: path})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if c.Settings["timezone"] != "America/Santiago" || c.Settings["language"] == "" {
			t.Errorf("%s pins %v", path, c.Settings)
		}
	}
}
