package db

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/bits"
	"strings"

	"vitrine/internal/vitrine"
)

const (
	// bulkBatchSize is how many files are handed over at a time, and bulkCommit how
	// many of these batches a transaction has.
	bulkBatchSize = 10_000
	bulkCommit    = 10
)

// bulkBatch is rows of every table. The last one of a transaction has counts.
type bulkBatch struct {
	files, texts, words, tags, fileTags, likes [][]any
	learned                                    map[string]int64 // how many files have the word
	counts                                     *bulkCounts
	last                                       bulkIDs
}

func newBulkBatch() *bulkBatch { return &bulkBatch{learned: map[string]int64{}} }

// bulkTable is rows of one table.
type bulkTable struct {
	name    string
	columns []string
	rows    [][]any
}

var bulkFileColumns = append([]string{"id", "listed", "score"}, newFileColumns...)

func (b *bulkBatch) tables() []bulkTable {
	return []bulkTable{
		{"files", bulkFileColumns, b.files},
		{"file_texts", []string{"file_id", "description", "alt", "exif"}, b.texts},
		{string(fileWords), []string{"rowid", "words"}, b.words},
		{"tags", []string{"id", "name", "name_key"}, b.tags},
		{"file_tags", []string{"file_id", "tag_id", "position"}, b.fileTags},
		{"likes", []string{"file_id", "user_id", "created_at"}, b.likes},
	}
}

// encode makes rows of files and hands them over, until there are no more or ctx ends.
func (b *Bulk) encode(ctx context.Context, files iter.Seq[BulkFile], to chan<- *bulkBatch) error {
	batch, counts, n := newBulkBatch(), newBulkCounts(), 0
	send := func(end bool) bool {
		if n++; end || n%bulkCommit == 0 {
			batch.counts, batch.last, counts = counts, bulkIDs{b.next.file - 1, b.next.tag - 1}, newBulkCounts()
		}
		select {
		case to <- batch:
			batch = newBulkBatch()
			return true
		case <-ctx.Done():
			return false
		}
	}
	for f := range files {
		if err := b.encodeFile(batch, counts, &f); err != nil {
			return err
		}
		if len(batch.files) == bulkBatchSize && !send(false) {
			return ctx.Err()
		}
	}
	if !send(true) {
		return ctx.Err()
	}
	return nil
}

func (b *Bulk) encodeFile(batch *bulkBatch, counts *bulkCounts, f *BulkFile) error {
	g := &f.File
	g.ID = b.next.file
	b.next.file++
	g.Slug = bulkSlug(g.ID)
	g.Name += "-" + string(g.Slug)
	g.Likes = int64(len(f.Likes))
	g.Tags = distinctTags(g.Tags)
	public, known := b.public[g.AlbumID]
	if g.AlbumID != 0 && !known {
		return vitrine.NotFound("album")
	}
	listed := g.Approved && (g.AlbumID == 0 || public)
	values, err := newFileValues(g, f.TokenHash)
	if err != nil {
		return fmt.Errorf("add very many files: %w", err)
	}
	batch.files = append(batch.files, append([]any{g.ID, listed, f.score()}, values...))
	if g.Description != "" || g.Alt != "" || g.EXIF != "" {
		batch.texts = append(batch.texts, []any{g.ID, g.Description, g.Alt, g.EXIF})
	}
	if e := fileEntry(g); !e.empty() {
		batch.words = append(batch.words, []any{g.ID, b.dialect.document(e)})
		for _, w := range e.words() {
			batch.learned[w]++
		}
	}
	for i, tag := range g.Tags {
		id, known := b.tags[tag.Name]
		if !known {
			id = b.next.tag
			b.next.tag++
			name := strings.Clone(tag.Name)
			b.tags[name] = id
			batch.tags = append(batch.tags, []any{id, name, strings.ToLower(name)})
		}
		batch.fileTags = append(batch.fileTags, []any{g.ID, id, i})
		counts.add(ofTags, id, g, listed)
	}
	for _, l := range f.Likes {
		batch.likes = append(batch.likes, []any{g.ID, l.UserID, micros(l.At)})
	}
	counts.add(ofUsers, g.OwnerID, g, listed)
	counts.add(ofAlbums, g.AlbumID, g, listed)
	counts.add(ofCategories, g.CategoryID, g, listed)
	counts.use(g)
	return nil
}

// score is what views and likes come to, see trend.go.
func (f *BulkFile) score() int64 {
	var sum float64 // of the weights; 0: none
	add := func(w int64) {
		x := float64(w) / scoreUnit
		if sum == 0 {
			sum = x
			return
		}
		sum = max(sum, x) + math.Log1p(math.Exp(-math.Abs(sum-x)))
	}
	if f.File.Views > 0 {
		add(weight(f.File.Views, f.SeenAt))
	}
	for _, l := range f.Likes {
		add(weight(likeViews, l.At))
	}
	return int64(math.Round(sum * scoreUnit))
}

const (
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	// bulkSlugLength is one more than that of uploads, so that the two never meet.
	bulkSlugLength = vitrine.SlugLength + 1
	bulkSlugs      = 62 * 62 * 62 * 62 * 62 * 62 * 62 * 62
	// bulkSlugFactor has no divisor in common with 62: no two ids have the same slug, and
	// neighbours lie far apart.
	bulkSlugFactor = 134_944_126_373_309
)

// bulkSlug is the slug of the file with an id.
func bulkSlug(id int64) vitrine.Slug {
	hi, lo := bits.Mul64(uint64(id), bulkSlugFactor)
	n := bits.Rem64(hi, lo, bulkSlugs)
	var out [bulkSlugLength]byte
	for i := range out {
		out[i] = base62[n%62]
		n /= 62
	}
	return vitrine.Slug(out[:])
}
