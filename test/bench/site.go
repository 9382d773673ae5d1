package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pageLimit is the most milliseconds that any page may take.
const pageLimit = 20

// sitePage is what is measured on a site with many files: what it is called, its path
// or how to find it, and whether anna looks.
type sitePage struct {
	what, path string
	links      []string // parts of addresses of links, from path on: where they lead is measured instead
	signedIn   bool
}

var sitePages = []sitePage{
	{what: "explore, recent", path: "/explore/recent"},
	{what: "explore, second part", path: "/explore/recent", links: []string{"after="}},
	{what: "explore, trending", path: "/explore/trending"},
	{what: "explore, popular", path: "/explore/popular"},
	{what: "explore, videos", path: "/explore/videos"},
	{what: "explore, tags", path: "/explore/tags"},
	{what: "explore, albums", path: "/explore/albums"},
	{what: "explore, users", path: "/explore/users"},
	{what: "tag", path: "/tag/amber"},
	{what: "category", path: "/category/landscapes"},
	{what: "search, a frequent word", path: "/search?q=amber"},
	{what: "search, a rare phrase", path: "/search?q=%22first+light%22"},
	{what: "search, two words and an exclusion", path: "/search?q=amber+birch+-fjord"},
	{what: "profile", path: "/anna"},
	{what: "profile, by title", path: "/anna?sort=name_asc"},
	{what: "profile, by views", path: "/anna?sort=views_desc"},
	{what: "own profile", path: "/anna", signedIn: true},
	{what: "album", path: oldestOfAnna, links: []string{"/image/", "/album/"}},
	{what: "own album, by views", path: oldestOfAnna, links: []string{"/image/", "/album/", "views_desc"}, signedIn: true},
	{what: "viewer in an album", path: oldestOfAnna, links: []string{"/image/"}},
	{what: "viewer in an album, signed in", path: oldestOfAnna, links: []string{"/image/"}, signedIn: true},
	{what: "upload page", path: "/"},
	{what: "Atom feed", path: "/feed.atom"},
	{what: "sitemap", path: "/sitemap.xml"},
	{what: "random", path: "/random"},
}

// oldestOfAnna begins with a file in an album for everything, her largest.
const oldestOfAnna = "/anna?sort=date_asc"

// measureSite seeds a site of its own and asks for every kind of page, one after
// the other.
func (b *bench) measureSite(ctx context.Context, files int) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	const password = "a long enough password"
	data := filepath.Join(b.folder, "site")
	seed := exec.CommandContext(ctx, b.binary, "seed", "--password", password, "--files", strconv.Itoa(files))
	seed.Env = environment(data, address)
	if out, err := seed.CombinedOutput(); err != nil {
		return fmt.Errorf("seed: %w: %s", err, out)
	}
	s, err := b.serve(ctx, data, address)
	if err != nil {
		return err
	}
	defer s.stop()
	guest := visitor()
	anna := visitor()
	if err := signIn(ctx, anna, s.url, "anna", password); err != nil {
		return err
	}
	for _, p := range sitePages {
		who := guest
		if p.signedIn {
			who = anna
		}
		if err := b.measurePage(ctx, who, s.url, p); err != nil {
			return fmt.Errorf("%s: %w", p.what, err)
		}
	}
	return nil
}

// visitor is a browser with its cookies that stays where it is sent to.
func visitor() *http.Client {
	jar, _ := cookiejar.New(nil) // without options there is nothing to go wrong
	return &http.Client{
		Timeout: time.Minute, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func signIn(ctx context.Context, c *http.Client, site, name, password string) error {
	form := url.Values{"username": {name}, "password": {password}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, site+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("sign in: %s", resp.Status)
	}
	return nil
}

// href finds addresses of links.
var href = regexp.MustCompile(`href="([^"#]+)"`)

// linkOn is the address of the first link on a page that has the part in its address.
func linkOn(ctx context.Context, c *http.Client, address, part string) (string, error) {
	_, text, err := fetch(ctx, c, address)
	if err != nil {
		return "", err
	}
	found := href.FindAllStringSubmatch(text, -1)
	i := slices.IndexFunc(found, func(m []string) bool { return strings.Contains(m[1], part) })
	if i < 0 {
		return "", fmt.Errorf("no link with %s on %s", part, address)
	}
	next, err := url.Parse(strings.ReplaceAll(found[i][1], "&amp;", "&"))
	if err != nil {
		return "", err
	}
	base, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return base.ResolveReference(next).String(), nil
}

// measurePage reports the median time from request to the last byte.
func (b *bench) measurePage(ctx context.Context, c *http.Client, site string, p sitePage) error {
	address, err := follow(ctx, c, site+p.path, p.links)
	if err != nil {
		return err
	}
	var times []time.Duration
	for end := time.Now().Add(b.span / 8); time.Now().Before(end) || len(times) < 5; {
		took, _, err := fetch(ctx, c, address)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	slices.Sort(times)
	median, worst := times[len(times)/2], times[len(times)*99/100]
	b.add(report{
		what: "page: " + p.what, unit: "ms", target: pageLimit, measured: ms(median),
		limitIs: fmt.Sprintf("99 of 100 within %s ms", number(ms(worst))),
	})
	return nil
}

// fetch reads a page and tells how long it took.
func fetch(ctx context.Context, c *http.Client, address string) (took time.Duration, text string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	begin := time.Now()
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	body, err := io.ReadAll(resp.Body)
	took = time.Since(begin)
	resp.Body.Close()
	switch {
	case err != nil:
		return 0, "", err
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusFound:
		return 0, "", errors.New(address + ": " + resp.Status)
	}
	return took, string(body), nil
}
