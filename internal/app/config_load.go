package app

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/knadh/koanf/v2"

	"vitrine/internal/settings"
)

// Sources are where configuration comes from. For each value the first that has
// it decides: flags, environment, profile, file, default.
type Sources struct {
	Flags   map[string]string // by name as in files ("media_url"); only those given
	Environ []string          // "NAME=value", as of os.Environ
	Profile string            // path of a TOML file; empty: VITRINE_PROFILE, or none
	File    string            // path of a TOML file; empty: VITRINE_CONFIG, or none
}

// ConfigError lists every mistake of the configuration, one sentence each.
type ConfigError struct{ Mistakes []string }

// Error implements error: one mistake a line.
func (e *ConfigError) Error() string { return strings.Join(e.Mistakes, "\n") }

// Load reads the configuration. Unknown keys and unacceptable values give a
// *ConfigError that names them all.
func Load(s Sources) (Config, error) {
	l := &loader{values: koanf.New("."), origin: make(map[string]string)}
	env := environment(s.Environ)
	l.addFile(cmp.Or(s.File, env["VITRINE_CONFIG"]))
	l.addFile(cmp.Or(s.Profile, env["VITRINE_PROFILE"]))
	l.addEnvironment(env)
	l.addFlags(s.Flags)
	c := l.config()
	if len(l.mistakes) > 0 {
		return Config{}, &ConfigError{Mistakes: l.mistakes}
	}
	return c, nil
}

// loader lays one source over the other.
type loader struct {
	values   *koanf.Koanf
	origin   map[string]string // by key: how the person who wrote it would call it
	mistakes []string
}

// config turns the values into a Config.
func (l *loader) config() Config {
	var c Config
	for _, k := range configKeys {
		if v := strings.TrimSpace(l.values.String(k.name)); v != "" {
			if err := k.set(&c, v); err != nil {
				l.mistake(l.origin[k.name] + ": " + err.Error())
			}
		}
	}
	if b := c.Storage.Bucket; b != nil && (b.AccessKey == "" || b.SecretKey == "") {
		l.mistake(l.origin["storage"] + " names a bucket: give its keys in VITRINE_S3_ACCESS_KEY and VITRINE_S3_SECRET_KEY, or the same with _FILE")
	}
	l.storages(&c)
	c.Settings = l.settings()
	return c
}

// settings collects the pins and has their values checked.
func (l *loader) settings() map[string]string {
	pins := make(map[string]string)
	for key, v := range l.values.All() {
		if name, ok := strings.CutPrefix(key, "settings."); ok {
			pins[name], _ = v.(string)
		}
	}
	if len(pins) == 0 {
		return nil
	}
	refused := settings.CheckPins(pins)
	for _, key := range slices.Sorted(maps.Keys(refused)) {
		l.mistake(l.origin["settings."+key] + ": " + personal(refused[key]))
	}
	return pins
}

func (l *loader) mistake(sentence string) { l.mistakes = append(l.mistakes, sentence) }
