package walls_test

// mayImport says which of our rooms each room may import, as paths below
// internal/. What is not listed does not exist.
var mayImport = map[string][]string{
	"vitrine":       {},
	"locale":        {},
	"vips":          {},
	"ffmpeg":        {"sched"},
	"fetch":         {},
	"demo":          {"vitrine"},
	"passwords":     {},
	"parts":         {},
	"sched":         {},
	"storage":       {"vitrine"},
	"storage/local": {"vitrine", "storage"},
	"storage/s3":    {"vitrine", "storage"},
	"db":            {"vitrine", "sched"},
	"links":         {"vitrine"},
	"media":         {"vitrine", "sched", "vips", "ffmpeg"},
	"mail":          {"vitrine", "locale"},
	"server":        {"vitrine"},
	"jobs":          {"db"},
	"settings":      {"vitrine", "db"},
	"account":       {"vitrine", "db", "jobs", "links", "mail", "passwords", "settings"},
	"upload":        {"vitrine", "db", "fetch", "jobs", "sched", "settings", "storage"},
	"upkeep":        {"vitrine", "db", "settings", "storage"},
	"catalog":       {"vitrine", "db", "jobs", "passwords", "settings", "storage"},
	"backup":        {"vitrine", "db", "storage"},
	"apiv1":         {"vitrine", "account", "catalog", "upload", "settings", "links", "locale", "parts"},
	"apiv2":         {"vitrine", "account", "catalog", "upload", "settings", "links", "locale"},
	"web":           {"vitrine", "account", "catalog", "upload", "settings", "links", "locale", "parts"},
	"feeds":         {"vitrine", "account", "catalog", "settings", "links", "locale"},
	"fileserver":    {"vitrine", "catalog"},
	"resumable":     {"vitrine", "upload"},
	"app":           {"*"},
}

// only says which rooms may import a foreign package or anything below it.
var only = map[string][]string{
	"database/sql":                      {"db", "jobs", "settings", "account"},
	"github.com/jackc":                  {"db"},
	"modernc.org":                       {"db"},
	"github.com/uptrace":                {"db"},
	"github.com/pressly":                {"db"},
	"github.com/minio":                  {"storage/s3"},
	"github.com/riverqueue":             {"jobs", "app"},
	"C":                                 {"vips"},
	"github.com/knadh":                  {"app"},
	"github.com/alecthomas/kong":        {"cmd/vitrine"},
	"github.com/prometheus":             {"server", "app", "db", "jobs", "upload", "media", "catalog", "account", "web"},
	"github.com/klauspost":              {"backup"},
	"github.com/landlock-lsm":           {"media"},
	"github.com/bep/imagemeta":          {"media"},
	"golang.org/x/image":                {"media"},
	"code.dny.dev/ssrf":                 {"fetch"},
	"github.com/nicksnyder":             {"locale"},
	"html/template":                     {"web", "mail"},
	"flag":                              {"app", "cmd/vitrine", "media"}, // media: how a decoder is started
	"github.com/gabriel-vasile":         {"media"},
	"golang.org/x/crypto":               {"passwords"},
	"github.com/maypok86/otter":         {"db", "catalog", "account", "settings", "web", "fileserver"},
	"github.com/mozillazg/go-unidecode": {"upload", "vitrine"},
}

// noHTTP are the deeds: they must not know how they are called.
var noHTTP = []string{"account", "upload", "upkeep", "catalog", "backup"}

// tools outside the standard library that the words, and nothing else, go without.
var pure = []string{"vitrine"}

// long are the files that may have more than 400 lines, with the reason.
var long = map[string]string{}
