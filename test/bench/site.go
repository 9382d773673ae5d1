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

// sitePages are what is measured on a site with many files: what it is called, its
// path or how to find it, and whether anna looks.
var sitePages = []struct {
	what, path string
	link       string // a part of the address of a link on path, which is measured instead
	signedIn   bool
}{
	{what: "explore, recent", path: "/explore/recent"},
	{what: "explore, second part", path: "/explore/recent", link: "after="},
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
	{what: "album", path: "/anna/albums", link: "/album/"},
	{what: "own album, by views", path: "/anna/albums", link: "/album/", signedIn: true},
	{what: "viewer in an album", path: "/anna?sort=date_asc", link: "/image/"},
	{what: "viewer in an album, signed in", path: "/anna?sort=date_asc", link: "/image/", signedIn: true},
	{what: "upload page", path: "/"},
	{what: "Atom feed", path: "/feed.atom"},
	{what: "sitemap", path: "/sitemap.xml"},
	{what: "random", path: "/random"},
}

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
		if err := b.measurePage(ctx, who, s.url, p.what, p.path, p.link); err != nil {
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

// measurePage reports the median time from request to the last byte.
func (b *bench) measurePage(ctx context.Context, c *http.Client, site, what, path, link string) error {
	address := site + path
	if link != "" {
		_, text, err := fetch(ctx, c, address)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(href.FindAllStringSubmatch(text, -1), func(m []string) bool { return strings.Contains(m[1], link) })
		if i < 0 {
			return fmt.Errorf("no link with %s on %s", link, path)
		}
		found := strings.ReplaceAll(href.FindAllStringSubmatch(text, -1)[i][1], "&amp;", "&")
		next, err := url.Parse(found)
		if err != nil {
			return err
		}
		base, err := url.Parse(address)
		if err != nil {
			return err
		}
		address = base.ResolveReference(next).String()
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
		what: "page: " + what, unit: "ms", target: pageLimit, measured: ms(median),
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
