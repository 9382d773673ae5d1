package feeds_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestManifest(t *testing.T) {
	t.Parallel()
	s := usual(t, "site_name", "A name that is rather long", "languages", "en,ja,nb")
	for name, c := range map[string]struct{ path, accept, want string }{
		"site":    {"/manifest.webmanifest", "", "en"},
		"page":    {"/manifest.webmanifest?lang=ja", "nb", "ja"},
		"browser": {"/webmanifest", "nb,en;q=0.5", "nb"},
		"unknown": {"/webmanifest?lang=xx", "", "en"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := s.get(t, c.path, "Accept-Language", c.accept)
			var m struct {
				Name, ShortName string `json:"-"`
				Lang, Scope     string
				Description     string
				StartURL        string `json:"start_url"`
				Short           string `json:"short_name"`
				Icons           []struct{ Src, Sizes, Type, Purpose string }
				ShareTarget     struct {
					Action, Method, Enctype string
					Params                  struct {
						Files []struct {
							Name   string
							Accept []string
						}
					}
				} `json:"share_target"`
			}
			must(t, json.Unmarshal([]byte(a.body), &m))
			if a.header.Get("Content-Type") != "application/manifest+json; charset=utf-8" || m.Lang != c.want || m.Description == "" {
				t.Errorf("%s: %v %s", m.Lang, a.header, a.body)
			}
			if m.Scope != "/g/" || m.StartURL != "/g/" || m.Short != "A name that is…" || len(m.Icons) != 1 || m.Icons[0].Purpose != "maskable" {
				t.Errorf("%+v", m)
			}
			if st := m.ShareTarget; st.Action != "/g/upload" || st.Method != http.MethodPost || st.Enctype != "multipart/form-data" || len(st.Params.Files) != 1 || st.Params.Files[0].Name != "source" {
				t.Errorf("%+v", st)
			}
		})
	}
}

func TestOpenSearch(t *testing.T) {
	t.Parallel()
	a := usual(t, "site_name", "Pics & <more>").get(t, "/opensearch.xml")
	root := parseXML(t, a.body)
	const ns = "http://a9.com/-/spec/opensearch/1.1/"
	if root.XMLName.Space != ns || root.one(t, ns, "ShortName").Text != "Pics & <more>" || root.one(t, ns, "Url").attr("template") != home+"/search?q={searchTerms}" {
		t.Errorf("%s", a.body)
	}
}
