package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	flatmaps "github.com/knadh/koanf/maps"
	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	tomlerror "github.com/pelletier/go-toml/v2"

	"vitrine/internal/vitrine"
)

// layer is what one source says: values by key ("listen", "settings.language"),
// each with how the person who wrote it would call it.
type layer struct {
	values map[string]string
	origin map[string]string
}

func newLayer() *layer {
	return &layer{values: make(map[string]string), origin: make(map[string]string)}
}

// Read implements koanf.Provider.
func (y *layer) Read() (map[string]any, error) {
	flat := make(map[string]any, len(y.values))
	for k, v := range y.values {
		flat[k] = v
	}
	return flatmaps.Unflatten(flat, "."), nil
}

// ReadBytes implements koanf.Provider.
func (y *layer) ReadBytes() ([]byte, error) { return nil, errors.New("a layer has no bytes") }

// lay puts a layer over those before.
func (l *loader) lay(y *layer) {
	if err := l.values.Load(y, nil); err != nil {
		l.mistake("the configuration cannot be put together: " + err.Error())
		return
	}
	maps.Copy(l.origin, y.origin)
}

// put notes a value. A key with _file at its end, which only secrets have, is
// the path of a file that holds the value.
func (l *loader) put(y *layer, key, value, origin string) (known bool) {
	plain, isFile := strings.CutSuffix(key, "_file")
	switch {
	case isKey(key):
	case isFile && isSecret(plain):
		if value == "" {
			return true
		}
		text, err := readSecret(value)
		if err != nil {
			l.mistake(origin + ": " + err.Error())
			return true
		}
		key, value = plain, text
	default:
		return false
	}
	if value == "" && !strings.HasPrefix(key, "settings.") {
		return true // as if it were not there, which is how compose files unset it
	}
	if other, twice := y.origin[key]; twice {
		l.mistake(fmt.Sprintf("%s and %s say the same thing: give only one of them", other, origin))
		return true
	}
	y.values[key], y.origin[key] = value, origin
	return true
}

func isKey(key string) bool {
	if name, ok := strings.CutPrefix(key, "settings."); ok {
		return slices.ContainsFunc(vitrine.AllSettings(), func(s vitrine.Setting) bool { return s.Key == name })
	}
	if _, _, ok := storageKey(key); ok {
		return true
	}
	_, ok := findKey(key)
	return ok
}

func isSecret(key string) bool {
	if name, ok := strings.CutPrefix(key, "settings."); ok {
		return slices.ContainsFunc(vitrine.AllSettings(), func(s vitrine.Setting) bool { return s.Key == name && s.Secret })
	}
	if _, field, ok := storageKey(key); ok {
		return field != "url"
	}
	k, ok := findKey(key)
	return ok && k.secret
}

// maxSecret is more than any secret has; a mistaken path may lead to a film.
const maxSecret = 64 << 10

func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxSecret {
		return "", fmt.Errorf("the file %s is too large for a secret", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("the file %s cannot be read: %w", path, cause(err))
	}
	secret := strings.TrimRight(string(text), "\r\n")
	if secret == "" {
		return "", fmt.Errorf("the file %s is empty: put the secret into it", path)
	}
	return secret, nil
}

// addFile lays a TOML file; an empty path is none.
func (l *loader) addFile(path string) {
	if path == "" {
		return
	}
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), toml.Parser()); err != nil {
		l.mistake(fileMistake(path, err))
		return
	}
	y, all := newLayer(), k.All()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if table, ok := all[key].(map[string]any); ok && len(table) == 0 && key == "settings" {
			continue
		}
		text, ok := asText(all[key])
		origin := fmt.Sprintf("%s in %s", key, path)
		if !ok {
			l.mistake(origin + ": write it as text, a number, true or false, or a list of these")
		} else if !l.put(y, key, text, origin) {
			l.mistake(origin + ": there is no such key")
		}
	}
	l.lay(y)
}

func fileMistake(path string, err error) string {
	if e, ok := errors.AsType[*tomlerror.DecodeError](err); ok {
		line, column := e.Position()
		return fmt.Sprintf("%s, line %d, column %d: this is not TOML: %s", path, line, column, strings.TrimPrefix(e.Error(), "toml: "))
	}
	return fmt.Sprintf("the file %s cannot be read: %v", path, cause(err))
}

// asText is a value of a TOML file in the form that people give in the
// environment.
func asText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			text, ok := asText(item)
			if _, nested := item.([]any); !ok || nested {
				return "", false
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

// environment picks out our variables.
func environment(environ []string) map[string]string {
	env := make(map[string]string)
	for _, e := range environ {
		if name, value, ok := strings.Cut(e, "="); ok && strings.HasPrefix(name, "VITRINE_") {
			env[name] = value
		}
	}
	return env
}

// addEnvironment lays our variables.
func (l *loader) addEnvironment(env map[string]string) {
	y := newLayer()
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if name == "VITRINE_CONFIG" || name == "VITRINE_PROFILE" {
			continue
		}
		key := strings.ToLower(strings.TrimPrefix(name, "VITRINE_"))
		if setting, ok := strings.CutPrefix(key, "setting_"); ok {
			key = "settings." + setting
		} else if rest, ok := strings.CutPrefix(key, "storage_"); ok {
			key = storageVariable(rest)
		}
		if name != strings.ToUpper(name) || !l.put(y, key, env[name], name) {
			l.mistake(name + ": there is no such variable")
		}
	}
	l.lay(y)
}

// addFlags lays what was given on the command line.
func (l *loader) addFlags(flags map[string]string) {
	y := newLayer()
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		flag := "--" + strings.ReplaceAll(key, "_", "-")
		if !l.put(y, key, flags[key], flag) {
			l.mistake(flag + ": there is no such flag")
		}
	}
	l.lay(y)
}

// cause leaves out the path that the sentence names already.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// personal is an error as a person is told: its sentence, without the cause.
func personal(err error) string {
	if e, ok := errors.AsType[*vitrine.Error](err); ok {
		return e.Message
	}
	return err.Error()
}
