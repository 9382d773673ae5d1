package db

import (
	"regexp"
	"slices"
	"strconv"
)

// texts are the statements that differ between the engines, made once.
type texts struct {
	insertWords, deleteWords map[wordTable]string
	files                    map[fileListKey]named
	albums                   map[albumListKey]named
	users                    named // found by their words
}

func newTexts(di dialect) *texts {
	t := &texts{insertWords: map[wordTable]string{}, deleteWords: map[wordTable]string{},
		files: fileLists(di), albums: albumLists(di), users: foundUsers(di)}
	for _, w := range []wordTable{fileWords, albumWords, userWords} {
		t.insertWords[w], t.deleteWords[w] = w.insert(di), w.delete()
	}
	return t
}

// named is a statement whose parameters have names.
type named struct {
	text  string   // with $1, $2, …
	names []string // of the parameters, in their order
}

var parameter = regexp.MustCompile(`@[a-z]+`)

// newNamed numbers the parameters of a text, which it writes as @name.
func newNamed(text string) (n named) {
	n.text = parameter.ReplaceAllStringFunc(text, func(p string) string {
		i := slices.Index(n.names, p[1:])
		if i < 0 {
			i = len(n.names)
			n.names = append(n.names, p[1:])
		}
		return "$" + strconv.Itoa(i+1)
	})
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
