package upload_test

import (
	"errors"
	"strings"
	"testing"

	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// TestDuplicateNamesTheFile: to its owner, and to others if anybody may find it.
func TestDuplicateNamesTheFile(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{})
	ann, bo := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
	k.album(ann, "hidden")
	public := k.accept(k.request(ann, "a.png", "public")).File
	req := k.request(ann, "b.png", "private")
	req.Album = "hidden"
	private := k.accept(req).File
	for _, c := range []struct {
		name    string
		actor   vitrine.Actor
		content string
		want    vitrine.Slug
	}{
		{"own and public", ann, "public", public.Slug},
		{"own and private", ann, "private", private.Slug},
		{"another's, public", bo, "public", public.Slug},
		{"another's, private", bo, "private", ""},
		{"a guest's, private", guest, "private", ""},
	} {
		_, err := k.Accept(t.Context(), k.request(c.actor, "c.png", c.content))
		e, ok := errors.AsType[*vitrine.Error](err)
		if !ok || e.Code != vitrine.CodeDuplicate || e.Facts["Slug"] != string(c.want) || strings.Contains(e.Message, string(private.Slug)) {
			t.Errorf("%s: %v %v", c.name, err, e)
		}
	}
}

// TestShrink: a width that would enlarge is left aside where that was asked for.
func TestShrink(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{processor: stub{seen: vitrine.Inspection{Width: 100, Height: 50}}})
	u := k.user(vitrine.RoleUser)
	req := k.request(u, "a.png", "one")
	req.Width = 101
	k.refuse(req, vitrine.CodeWidthTooLarge)
	req = k.request(u, "a.png", "two")
	req.Width, req.Shrink = 101, true
	if f := k.accept(req).File; f.Width != 100 {
		t.Errorf("width %d", f.Width)
	}
}

func TestAlt(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t), options{pins: map[string]string{"stop_words": "spam"}})
	req := k.request(guest, "a.png", "one")
	req.Alt = "  a\nfield " + strings.Repeat("é", 600)
	if f := k.accept(req).File; !strings.HasPrefix(f.Alt, "a field é") || len([]rune(f.Alt)) != 500 {
		t.Errorf("alt %q", f.Alt)
	}
	req = k.request(guest, "b.png", "two")
	req.Alt = "SPAM"
	k.refuse(req, vitrine.CodeStopWord)
}
