package web

import (
	"bytes"
	"reflect"
	"sync"
	"time"

	"vitrine/internal/vitrine"
)

const (
	memoPages = 1000            // most pages remembered
	memoBytes = 64 << 10        // of one page; larger ones are rendered each time
	memoTime  = 2 * time.Second // how old views, likes, neighbours and names on a page may be
)

// memo remembers viewer pages as they were last rendered, since what is popular
// is asked for again and again. The file is read and checked at every visit all
// the same: a page counts only for exactly the same row, settings, look and age,
// and only for visitors of whom nothing is known (see showFile). It is safe for many
// goroutines; the zero value is empty.
type memo struct {
	mu    sync.RWMutex
	pages map[memoKey]*remembered
}

type memoKey struct {
	file int64
	look look
}

// remembered is a page and all that it depends on.
type remembered struct {
	settings *vitrine.Settings
	ago      string
	at       time.Time
	file     vitrine.File
	html     []byte
}

// find returns the page of a file, which must not be changed.
func (m *memo) find(f *vitrine.File, s *vitrine.Settings, l look, ago string, now time.Time) (html []byte, ok bool) {
	m.mu.RLock()
	r := m.pages[memoKey{f.ID, l}]
	m.mu.RUnlock()
	if r == nil || r.settings != s || r.ago != ago || now.Sub(r.at).Abs() >= memoTime {
		return nil, false
	}
	if shown := shownOf(f); !reflect.DeepEqual(&r.file, &shown) {
		return nil, false
	}
	return r.html, true
}

// keep remembers a copy of a page.
func (m *memo) keep(f *vitrine.File, s *vitrine.Settings, l look, ago string, now time.Time, html []byte) {
	if len(html) > memoBytes {
		return
	}
	r := &remembered{s, ago, now, shownOf(f), bytes.Clone(html)}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pages == nil || len(m.pages) >= memoPages {
		m.pages = make(map[memoKey]*remembered)
	}
	m.pages[memoKey{f.ID, l}] = r
}

// shownOf is a file without what may lag on its page.
func shownOf(f *vitrine.File) vitrine.File {
	c := *f
	c.Views, c.Likes = 0, 0
	return c
}
