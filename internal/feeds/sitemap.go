package feeds

import (
	"errors"
	"strconv"
	"sync"
	"time"

	"vitrine/internal/vitrine"
)

const (
	// sitemapBlock is how many ids a part of the sitemap covers. A part may have at
	// most 50,000 addresses (sitemaps.org); smaller ones are answered sooner, and
	// those of old files hardly change.
	sitemapBlock = 5000
	// sitemapRead is how many rows are read at once.
	sitemapRead = 500
	// mostParts is the most parts that an index may name.
	mostParts = 50_000
	// mostPeople and mostTags keep the part of the site itself short.
	mostPeople = 2000
	mostTags   = 1000
	// keepIndex is how long the index is remembered: parts come and go by thousands
	// of files.
	keepIndex = 5 * time.Minute
)

// sitemap serves the whole sitemap of a small site, and the index of the parts of
// a larger one.
func (q *request) sitemap() error {
	if err := q.open(); err != nil {
		return err
	}
	index, err := q.index()
	if err != nil {
		return err
	}
	if index != nil {
		return q.send(sitemapMIME, keepSitemap, time.Time{}, index)
	}
	return q.sitemapOf(func(m *sitemap) error {
		return errors.Join(q.addSite(m), q.addAlbums(m, 0), q.addFiles(m, 0))
	})
}

// keptIndex remembers the index of the sitemap of a large site, which names
// thousands of parts.
type keptIndex struct {
	mu    sync.Mutex // held while it is made: once, however many ask
	text  []byte     // nil: the site is small
	until time.Time
}

// index returns the index of the parts; nil where one part has everything. It is
// remembered for keepIndex.
func (q *request) index() ([]byte, error) {
	k := &q.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := q.Clock(); k.text == nil || now.After(k.until) {
		text, err := q.makeIndex()
		if err != nil {
			return nil, err
		}
		k.text, k.until = text, now.Add(keepIndex)
	}
	return k.text, nil
}

func (q *request) makeIndex() ([]byte, error) {
	files, err := q.Catalog.PublicFileBlocks(q.r.Context(), q.block, mostParts/2)
	if err != nil {
		return nil, err
	}
	albums, err := q.Catalog.PublicAlbumBlocks(q.r.Context(), q.block, mostParts/2)
	if err != nil {
		return nil, err
	}
	small := func(parts []int64) bool { return len(parts) == 0 || len(parts) == 1 && parts[0] == 0 }
	if small(files) && small(albums) {
		return nil, nil
	}
	index := newSitemapIndex()
	index.part(q.Links.Absolute("/sitemap/site.xml"))
	for _, n := range albums {
		index.part(q.Links.Absolute("/sitemap/albums-" + strconv.FormatInt(n, 10) + ".xml"))
	}
	for _, n := range files {
		index.part(q.Links.Absolute("/sitemap/files-" + strconv.FormatInt(n, 10) + ".xml"))
	}
	return index.end(), nil
}

// firstOf is the lowest id of a block. Ids begin at 1.
func (q *request) firstOf(block int64) int64 { return block*q.block + 1 }

func (q *request) sitemapOfSite() error { return q.sitemapOf(q.addSite) }

func (q *request) sitemapOfFiles(block int64) error {
	return q.sitemapOf(func(m *sitemap) error { return q.addFiles(m, block) })
}

func (q *request) sitemapOfAlbums(block int64) error {
	return q.sitemapOf(func(m *sitemap) error { return q.addAlbums(m, block) })
}

// sitemapOf answers with a part of the sitemap; an empty one does not exist.
func (q *request) sitemapOf(fill func(*sitemap) error) error {
	if err := q.open(); err != nil {
		return err
	}
	m := newSitemap()
	if err := fill(m); err != nil {
		return err
	}
	if m.count == 0 {
		return vitrine.NotFound("page")
	}
	return q.send(sitemapMIME, keepSitemap, m.newest, m.end())
}

// addFiles adds the public files of a block, without those that will expire.
func (q *request) addFiles(m *sitemap, block int64) error {
	before, first := q.firstOf(block+1), q.firstOf(block)
	for {
		list, err := q.Catalog.PublicFiles(q.r.Context(), before, sitemapRead)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].ID < first {
				return nil
			}
			if list[i].ExpiresAt.IsZero() {
				m.file(q, &list[i])
			}
		}
		if len(list) < sitemapRead {
			return nil
		}
		before = list[len(list)-1].ID
	}
}

// addAlbums adds the public albums of a block.
func (q *request) addAlbums(m *sitemap, block int64) error {
	before, first := q.firstOf(block+1), q.firstOf(block)
	for {
		list, err := q.Catalog.PublicAlbums(q.r.Context(), before, sitemapRead)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].ID < first {
				return nil
			}
			m.album(q, &list[i])
		}
		if len(list) < sitemapRead {
			return nil
		}
		before = list[len(list)-1].ID
	}
}

// exploreLists are the lists of everybody's things.
var exploreLists = []string{"recent", "trending", "popular", "images", "videos", "animated", "albums", "tags", "users"}

// addSite adds the pages that are there on every site, categories, tags and
// people.
func (q *request) addSite(m *sitemap) error {
	ctx := q.r.Context()
	m.page(q.Links.Home())
	for _, list := range exploreLists {
		m.page(q.Links.On(q.Links.Explore(list)))
	}
	m.page(q.Links.APIPage())
	categories, err := q.Catalog.Categories(ctx)
	if err != nil {
		return err
	}
	for i := range categories {
		if categories[i].ListedCount > 0 {
			m.page(q.Links.On(q.Links.Category(categories[i].URLKey)))
		}
	}
	tags, err := q.Catalog.PopularTags(ctx, mostTags)
	if err != nil {
		return err
	}
	for i := range tags {
		m.page(q.Links.On(q.Links.Tag(tags[i].Name)))
	}
	for before, n := int64(0), 0; n < mostPeople; {
		people, err := q.Account.PublicUsers(ctx, "", before, sitemapRead)
		if err != nil {
			return err
		}
		for i := range people.Users {
			m.page(q.Links.On(q.Links.Profile(people.Users[i].Username)))
		}
		n += len(people.Users)
		if before = people.Next; before == 0 {
			break
		}
	}
	return nil
}
