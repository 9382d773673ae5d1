package app_test

import (
	"net/netip"
	"net/url"
	"testing"

	"vitrine/internal/app"
)

func TestExamineAddress(t *testing.T) {
	t.Parallel()
	site := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	for _, c := range []struct {
		name  string
		c     app.Config
		state app.State
	}{
		{"this machine", app.Config{Listen: "127.0.0.1:8080"}, app.Good},
		{"by name", app.Config{Listen: "localhost:8080"}, app.Good},
		{"everybody, no address", app.Config{Listen: ":8080"}, app.Weak},
		{"an address of this machine", app.Config{Listen: ":8080", URL: site("http://localhost:8080")}, app.Good},
		{"no encryption", app.Config{Listen: ":80", URL: site("http://pics.example.org")}, app.Weak},
		{"a proxy that is not trusted", app.Config{Listen: "127.0.0.1:8080", URL: site("https://pics.example.org")}, app.Weak},
		{"as it should be", app.Config{Listen: "127.0.0.1:8080", URL: site("https://pics.example.org"), TrustedProxies: proxies}, app.Good},
	} {
		f := app.ExamineAddress(c.c)
		if f.State != c.state || f.Text == "" || (f.State == app.Weak) != (f.Advice != "") {
			t.Errorf("%s: got %+v", c.name, f)
		}
	}
}
