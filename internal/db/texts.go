package db

import (
	"slices"
	"strconv"
	"strings"
)

// texts are the statements that differ between the engines, made once.
type texts struct {
	insertWords, deleteWords map[wordTable]string
	newest                   map[wordTable]string
	seek, few                map[wordTable]named
	learn, learnMore         string
	learnMany                string
	fileBlocks, albumBlocks  string
	files                    map[fileListKey]named
	albums                   map[albumListKey]named
	users                    named // found by their words
	leaseRemovals            string
}

func newTexts(di dialect) *texts {
	t := &texts{insertWords: map[wordTable]string{}, deleteWords: map[wordTable]string{}, newest: map[wordTable]string{},
		seek: map[wordTable]named{}, few: map[wordTable]named{},
		learn: learning(di, false), learnMore: learning(di, true), learnMany: learningMany(di),
		fileBlocks: fileBlocks(di), albumBlocks: albumBlocks(di),
		files: fileLists(di), albums: albumLists(di), users: foundUsers(di), leaseRemovals: leaseRemovals(di)}
	for w, table := range wordTables {
		t.insertWords[w], t.deleteWords[w] = w.insert(di), w.delete()
		t.newest[w] = `SELECT COALESCE(max(id), 0) FROM ` + table.of
		t.seek[w], t.few[w] = newNamed(di.seek(w)), newNamed(di.few(w))
	}
	return t
}

// named is a statement whose parameters have names.
type named struct {
	text  string   // with $1, $2, …
	names []string // of the parameters, in their order
}

// newNamed numbers the parameters of a text, which it writes as @name.
func newNamed(text string) (n named) {
	var b strings.Builder
	b.Grow(len(text))
	for i, part := range strings.Split(text, "@") {
		if i == 0 {
			b.WriteString(part)
			continue
		}
		end := strings.IndexFunc(part, func(r rune) bool { return r < 'a' || r > 'z' })
		if end < 0 {
			end = len(part)
		}
		if end == 0 { // the operator @@
			b.WriteString("@" + part)
			continue
		}
		at := slices.Index(n.names, part[:end])
		if at < 0 {
			at = len(n.names)
			n.names = append(n.names, part[:end])
		}
		b.WriteString("$" + strconv.Itoa(at+1) + part[end:])
	}
	n.text = b.String()
	return n
}

// args are the values in the order of the parameters.
func (n named) args(value func(name string) any) []any {
	list := make([]any, len(n.names))
	for i, p := range n.names {
		list[i] = value(p)
	}
	return list
}
