package web

import "net/http"

// keysPage lists the keys of lists, for those without scripts as little use as it
// is: our scripts show it on "?".
type keysPage struct {
	Layout layout
	Keys   []keyRow
}

// keyRow is what one key does.
type keyRow struct{ Key, Text string }

var listKeys = []struct{ key, text string }{
	{"?", "keys.help"}, {".", "keys.all"}, {"Z", "keys.none"}, {"X", "keys.one"}, {"K", "keys.codes"}, {"L", "keys.like"},
	{"E", "keys.edit"}, {"M", "keys.move"}, {"C", "keys.category"}, {"V", "keys.safe"}, {"F", "keys.unsafe"}, {"Del", "keys.delete"},
	{"A", "album.new.title"}, {"J", "album.add"}, {"P", "album.upload"}, {"H", "album.key_cover"},
	{"← → ↑ ↓", "keys.arrows"},
}

func (q *visit) keysPage() error {
	p := &keysPage{}
	for _, k := range listKeys {
		p.Keys = append(p.Keys, keyRow{k.key, q.texts.T(k.text)})
	}
	if q.fragment() {
		return q.renderPart("keys", "keys-table", p)
	}
	p.Layout = q.layout(q.texts.T("keys.title"))
	p.Layout.NoIndex = true
	return q.render(http.StatusOK, "keys", p)
}
