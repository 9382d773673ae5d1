package web

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

// tagCloud is tags in the order of the alphabet, larger ones standing out.
type tagCloud struct {
	Tags  []countedLink
	Empty string // what is said where there are none
	Way   listLink
}

func (q *visit) tagCloud(tags []vitrine.Tag) *tagCloud {
	c := &tagCloud{Empty: q.texts.T("explore.no_tags"), Way: *q.toUpload()}
	most := int64(1)
	for _, t := range tags {
		most = max(most, t.ListedCount)
	}
	for _, t := range tags {
		c.Tags = append(c.Tags, countedLink{
			Path: q.Links.Tag(t.Name), Name: t.Name, Count: strconv.FormatInt(t.ListedCount, 10), Weight: tagWeight(t.ListedCount, most),
		})
	}
	slices.SortFunc(c.Tags, func(a, b countedLink) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return c
}

// tagWeight is 1 to 6 on a logarithmic scale: few tags are used far more often
// than all others.
func tagWeight(count, most int64) int {
	if most <= 1 || count <= 1 {
		return 1
	}
	return 1 + int(math.Round(5*math.Log(float64(count))/math.Log(float64(most))))
}
