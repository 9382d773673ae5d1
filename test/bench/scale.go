package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// scaleRatio is how much longer anything may take on the large site.
	scaleRatio = 1.3
	// scaleNoise is the difference that does not count: milliseconds.
	scaleNoise = 1
	// Requests of each kind to each site: at least so many, however long they take, and
	// at most so many.
	scaleLeast, scaleMost = 5, 300
)

// scale is what the measurement of sites of several sizes is asked to do.
type scale struct {
	sizes    []int  // the first one is what the others are compared with
	sites    places // that exist already
	password string // of anna on those
	folder   string // where sites are made; empty: one that goes away
	engines  string // "sqlite,postgres", or one of them
}

// grown is a running site of a size.
type grown struct {
	files       int
	where       place
	server      *server
	guest, anna *http.Client
	begin       []time.Duration // from start to ready
	seeding     time.Duration   // 0: it was there
	bytes       int64           // of its database; 0: not known
	memory      int64           // of the server and its decoders when all was done
}

// runScale measures the same requests to sites of several sizes, on each engine.
func (b *bench) runScale(ctx context.Context, sc scale) error {
	pictures, err := makePictures()
	if err != nil {
		return err
	}
	if sc.folder == "" {
		sc.folder = b.folder
		if err := os.Chmod(sc.folder, 0o711); err != nil { // PostgreSQL runs as somebody else
			return err
		}
	}
	if sc.folder, err = filepath.Abs(sc.folder); err != nil {
		return err
	}
	for engine := range strings.SplitSeq(sc.engines, ",") {
		if err := b.scaleEngine(ctx, sc, engine, pictures); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}

func (b *bench) scaleEngine(ctx context.Context, sc scale, engine string, pictures []picture) (err error) {
	t := &comparison{engine: engine, sizes: sc.sizes}
	cluster := &cluster{folder: filepath.Join(sc.folder, "cluster")}
	defer func() { err = errors.Join(err, cluster.stop()) }()
	var sites []*grown
	defer func() {
		for _, g := range sites {
			g.server.stop()
		}
	}()
	for _, files := range sc.sizes {
		g, err := b.grow(ctx, sc, engine, files, cluster)
		if err != nil {
			return err
		}
		sites = append(sites, g)
	}
	for _, measure := range []func(context.Context, *comparison, []*grown) error{b.comparePages, func(ctx context.Context, t *comparison, sites []*grown) error {
		return b.compareUploads(ctx, t, sites, pictures)
	}} {
		if err := measure(ctx, t, sites); err != nil {
			return err
		}
	}
	for _, g := range sites {
		g.memory, g.bytes = memoryOf(g.server.cmd.Process.Pid), g.where.size(ctx)
	}
	t.sites = sites
	b.comparisons = append(b.comparisons, t)
	return nil
}

// grow makes a site, unless it is there, and serves it.
func (b *bench) grow(ctx context.Context, sc scale, engine string, files int, c *cluster) (*grown, error) {
	g := &grown{files: files}
	name := engine + "-" + strconv.Itoa(files)
	var known bool
	if g.where, known = sc.sites[engine+":"+strconv.Itoa(files)]; !known {
		g.where.data = filepath.Join(sc.folder, name)
		if engine == "postgres" {
			var err error
			if g.where.database, err = c.database(ctx, "vitrine_"+strconv.Itoa(files)); err != nil {
				return nil, err
			}
		}
		_, err := os.Stat(g.where.data)
		if known = err == nil; !known {
			fmt.Fprintf(os.Stderr, "making %s …\n", name)
			begin := time.Now()
			if _, err := b.command(ctx, g.where, "seed", "--password", sc.password, "--files", strconv.Itoa(files)); err != nil {
				return nil, errors.Join(err, os.RemoveAll(g.where.data))
			}
			g.seeding = time.Since(begin)
		}
	}
	key, err := b.command(ctx, g.where, "key", "create", "--user", "anna")
	if err != nil {
		return nil, err
	}
	for i := range 3 { // the last one stays
		if i > 0 {
			g.server.stop()
		}
		begin := time.Now()
		if g.server, err = b.serveAt(ctx, g.where); err != nil {
			return nil, err
		}
		g.begin = append(g.begin, time.Since(begin))
	}
	g.server.key = key
	g.guest, g.anna = visitor(), visitor()
	return g, signIn(ctx, g.anna, g.server.url, "anna", sc.password)
}

// environmentAt is environment with the database of a place.
func environmentAt(p place, address string) []string {
	list := environment(p.data, address)
	if p.database != "" {
		list = append(list, "VITRINE_DATABASE="+p.database)
	}
	return list
}

func (b *bench) command(ctx context.Context, p place, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, b.binary, args...)
	cmd.Env = environmentAt(p, "127.0.0.1:0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("vitrine %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// compare asks each site in turn, so that what else the machine does meets all alike.
func (b *bench) compare(ctx context.Context, t *comparison, what string, sites []*grown, ask func(context.Context, int) (time.Duration, error)) error {
	times := make([][]time.Duration, len(sites))
	for end, n := time.Now().Add(b.span), 0; n < scaleLeast || n < scaleMost && time.Now().Before(end); n++ {
		for i := range sites {
			took, err := ask(ctx, i)
			if err != nil {
				return fmt.Errorf("%s with %d files: %w", what, sites[i].files, err)
			}
			if n > 1 { // twice to warm up
				times[i] = append(times[i], took)
			}
		}
	}
	row := compared{what: what}
	for _, list := range times {
		slices.Sort(list)
		row.cells = append(row.cells, timing{ms(list[len(list)/2]), ms(list[len(list)*99/100]), len(list)})
	}
	t.add(row)
	return nil
}

func (b *bench) comparePages(ctx context.Context, t *comparison, sites []*grown) error {
	for n := range len(sitePages) + len(scalePages(0)) {
		of := func(files int) sitePage { return slices.Concat(sitePages, scalePages(files))[n] }
		p, addresses := of(0), make([]string, len(sites))
		who := func(g *grown) *http.Client {
			if p.signedIn {
				return g.anna
			}
			return g.guest
		}
		for i, g := range sites {
			var err error
			if addresses[i], err = follow(ctx, who(g), g.server.url+of(g.files).path, p.links); err != nil {
				return fmt.Errorf("%s: %w", p.what, err)
			}
		}
		if err := b.compare(ctx, t, "page: "+p.what, sites, func(ctx context.Context, i int) (time.Duration, error) {
			took, _, err := fetch(ctx, who(sites[i]), addresses[i])
			return took, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// compareUploads measures what the API does: uploads, refusals of what is there, and
// the page of the delete link in its answer.
func (b *bench) compareUploads(ctx context.Context, t *comparison, sites []*grown, pictures []picture) error {
	links := make([]string, len(sites))
	for _, p := range pictures[1:] {
		if err := b.compare(ctx, t, "API: upload of a "+p.name, sites, func(ctx context.Context, i int) (time.Duration, error) {
			content := p.copy(uint32(time.Now().UnixNano()) + b.number.Add(1)) // what an earlier run sent is there
			begin := time.Now()
			text, err := sites[i].server.upload(ctx, p.file, content)
			took := time.Since(begin)
			if err != nil {
				return 0, err
			}
			var answer struct {
				Image struct {
					DeleteURL string `json:"delete_url"`
				}
			}
			err = json.Unmarshal([]byte(text), &answer)
			links[i] = answer.Image.DeleteURL
			return took, err
		}); err != nil {
			return err
		}
	}
	content := pictures[2].copy(uint32(time.Now().UnixNano()))
	for _, g := range sites {
		if _, err := g.server.upload(ctx, "twice.png", content); err != nil {
			return err
		}
	}
	if err := b.compare(ctx, t, "API: refusal of a duplicate", sites, func(ctx context.Context, i int) (time.Duration, error) {
		begin := time.Now()
		if _, err := sites[i].server.upload(ctx, "twice.png", content); err == nil || errors.Is(err, errBusy) {
			return 0, fmt.Errorf("a duplicate was not refused: %w", err)
		}
		return time.Since(begin), nil
	}); err != nil {
		return err
	}
	return b.compare(ctx, t, "page: delete link", sites, func(ctx context.Context, i int) (time.Duration, error) {
		took, _, err := fetch(ctx, sites[i].guest, links[i])
		return took, err
	})
}

// follow goes to a page and from there by one link after the other, each by a part of
// its address, and returns where that leads.
func follow(ctx context.Context, c *http.Client, address string, links []string) (string, error) {
	for _, link := range links {
		next, err := linkOn(ctx, c, address, link)
		if err != nil {
			return "", err
		}
		address = next
	}
	return address, nil
}
