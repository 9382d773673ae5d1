package feeds

import (
	"context"
	"errors"
	"strconv"
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
)

// sitemap serves the whole sitemap of a small site, and the index of the parts of
// a larger one.
func (q *request) sitemap() error {
	if err := q.open(); err != nil {
		return err
	}
	files, err := q.parts(q.newestFile)
	if err != nil {
		return err
	}
	albums, err := q.parts(q.newestAlbum)
	if err != nil {
		return err
	}
	small := func(parts []int64) bool { return len(parts) == 0 || len(parts) == 1 && parts[0] == 0 }
	if small(files) && small(albums) {
		return q.sitemapOf(func(m *sitemap) error {
			return errors.Join(q.addSite(m), q.addAlbums(m, 0), q.addFiles(m, 0))
		})
	}
	index := newSitemapIndex()
	index.part(q.Links.Absolute("/sitemap/site.xml"))
	for _, n := range albums {
		index.part(q.Links.Absolute("/sitemap/albums-" + strconv.FormatInt(n, 10) + ".xml"))
	}
	for _, n := range files {
		index.part(q.Links.Absolute("/sitemap/files-" + strconv.FormatInt(n, 10) + ".xml"))
	}
	return q.send(sitemapMIME, keepSitemap, time.Time{}, index.end())
}

// parts are the numbers of the blocks of ids that have something in them, the
// newest first: each is found from the one above it by its key.
func (q *request) parts(newest func(ctx context.Context, before int64) (int64, error)) ([]int64, error) {
	var parts []int64
	before := int64(0)
	for len(parts) < mostParts/2 {
		id, err := newest(q.r.Context(), before)
		if err != nil || id == 0 {
			return parts, err
		}
		n := (id - 1) / q.block
		parts = append(parts, n)
		if before = q.firstOf(n); before <= 1 {
			break
		}
	}
	return parts, nil
}

// firstOf is the lowest id of a block. Ids begin at 1.
func (q *request) firstOf(block int64) int64 { return block*q.block + 1 }

// newestFile is the id of the newest public file with an id below before; 0: none.
func (q *request) newestFile(ctx context.Context, before int64) (int64, error) {
	list, err := q.Catalog.PublicFiles(ctx, before, 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].ID, nil
}

func (q *request) newestAlbum(ctx context.Context, before int64) (int64, error) {
	list, err := q.Catalog.PublicAlbums(ctx, before, 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].ID, nil
}

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
