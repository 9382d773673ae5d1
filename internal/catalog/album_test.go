package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestWhoFindsAlbums(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other, admin, manager := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin), k.user(vitrine.RoleManager)
		locked := k.album(owner, vitrine.PrivacyPassword)
		for _, c := range []struct {
			a     *vitrine.Album
			who   string
			actor vitrine.Actor
			code  vitrine.Code
		}{
			{k.album(owner, vitrine.PrivacyPublic), "guest", guest, ""},
			{k.album(owner, vitrine.PrivacyUnlisted), "guest", guest, ""},
			{k.album(owner, vitrine.PrivacyPrivate), "guest", guest, vitrine.CodeNotFound},
			{k.album(owner, vitrine.PrivacyPrivate), "other", other, vitrine.CodeNotFound},
			{k.album(owner, vitrine.PrivacyPrivate), "manager", manager, vitrine.CodeNotFound},
			{k.album(owner, vitrine.PrivacyPrivate), "admin", admin, ""},
			{k.album(owner, vitrine.PrivacyPrivate), "owner", owner, ""},
			{locked, "guest", guest, vitrine.CodePassword},
			{locked, "other", with(other, "", "wrong"), vitrine.CodePassword},
			{locked, "knowing", with(guest, "other", locked.Pass), ""},
			{locked, "owner", owner, ""},
			{locked, "admin", admin, ""},
		} {
			bySlug, err := k.Album(t.Context(), c.actor, c.a.Slug)
			byID, err2 := k.AlbumByID(t.Context(), c.actor, c.a.ID)
			name := string(c.a.Privacy) + " by " + c.who
			k.want(name, err, c.code)
			k.want(name+" and id", err2, c.code)
			switch c.code {
			case "":
				if bySlug == nil || byID == nil || bySlug.ID != c.a.ID || *byID != *bySlug {
					t.Errorf("%s: %+v, %+v", name, bySlug, byID)
				}
			case vitrine.CodePassword:
				if bySlug == nil || byID == nil || bySlug.Name != c.a.Name || bySlug.Pass != "" || byID.Pass != "" {
					t.Errorf("%s: %+v, %+v", name, bySlug, byID)
				}
			default:
				if bySlug != nil || byID != nil {
					t.Errorf("%s: %+v, %+v", name, bySlug, byID)
				}
			}
		}
		_, unknown := k.Album(t.Context(), guest, "nosuch")
		_, private := k.Album(t.Context(), guest, k.album(owner, vitrine.PrivacyPrivate).Slug)
		if unknown == nil || private == nil || unknown.Error() != private.Error() {
			t.Errorf("refusals differ: %v, %v", unknown, private)
		}
		_, err := k.AlbumByID(t.Context(), admin, 0)
		k.want("id 0", err, vitrine.CodeNotFound)
	})
}

func TestAlbumList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other, admin := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin)
		tops := map[vitrine.Privacy]*vitrine.Album{}
		all := []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword}
		passes := map[string]string{}
		album := func(n catalog.NewAlbum) *vitrine.Album { // with a file: empty ones are not everybody's business
			a := k.newAlbum(n)
			k.row(func(f *vitrine.File) { f.OwnerID, f.AlbumID = n.OwnerID, a.ID })
			return a
		}
		for _, p := range all {
			tops[p] = album(catalog.NewAlbum{OwnerID: owner.UserID(), Name: string(p), Privacy: p})
		}
		for _, p := range all {
			for _, q := range all {
				n := catalog.NewAlbum{OwnerID: owner.UserID(), Name: string(p[:2] + q[:2]), Privacy: q, Parent: tops[p].Slug}
				if q == vitrine.PrivacyPassword {
					n.Password = "x"
				}
				passes[n.Name] = album(n).Pass
			}
		}
		album(catalog.NewAlbum{OwnerID: other.UserID(), Name: "theirs"})
		k.newAlbum(catalog.NewAlbum{OwnerID: other.UserID(), Name: "empty"})
		knows := with(guest, tops[vitrine.PrivacyPassword].Pass)
		const publics = "public pupu unpu prpu papu"
		const mine = publics + " unlisted private password puun pupr pupa unun unpr unpa prun prpr prpa paun papr papa"
		for name, c := range map[string]struct {
			actor vitrine.Actor
			q     catalog.AlbumQuery
			want  string
		}{
			"everybody's, guest":           {guest, catalog.AlbumQuery{}, publics + " theirs"},
			"everybody's, owner":           {owner, catalog.AlbumQuery{}, publics + " theirs"},
			"everybody's, admin":           {admin, catalog.AlbumQuery{}, publics + " theirs"},
			"owner's, guest":               {guest, catalog.AlbumQuery{Owner: owner.UserID()}, publics},
			"owner's, owner":               {owner, catalog.AlbumQuery{Owner: owner.UserID()}, mine},
			"owner's, admin":               {admin, catalog.AlbumQuery{Owner: owner.UserID()}, mine},
			"owner's tops, guest":          {guest, catalog.AlbumQuery{Owner: owner.UserID(), Top: true}, "public"},
			"owner's tops, owner":          {owner, catalog.AlbumQuery{Owner: owner.UserID(), Top: true}, "public unlisted private password"},
			"search, guest":                {guest, catalog.AlbumQuery{Search: "private"}, ""},
			"search, owner of it":          {owner, catalog.AlbumQuery{Owner: owner.UserID(), Search: "private"}, "private"},
			"in public, guest":             {guest, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPublic].ID}, "pupu"},
			"in public, knowing one":       {with(guest, passes["pupa"]), catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPublic].ID}, "pupu pupa"},
			"in public, owner":             {owner, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPublic].ID}, "pupu puun pupr pupa"},
			"in unlisted, guest":           {guest, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyUnlisted].ID}, "unpu unun"},
			"in private, guest":            {guest, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPrivate].ID}, ""},
			"in private, owner":            {owner, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPrivate].ID}, "prpu prun prpr prpa"},
			"in password, guest":           {guest, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPassword].ID}, ""},
			"in password, knowing":         {knows, catalog.AlbumQuery{Parent: tops[vitrine.PrivacyPassword].ID}, "papu paun"},
			"in none":                      {owner, catalog.AlbumQuery{Parent: 1 << 40}, ""},
			"rubbish cursor":               {guest, catalog.AlbumQuery{After: "!-x"}, publics + " theirs"},
			"rubbish cursor, far too long": {guest, catalog.AlbumQuery{After: strings.Repeat("z", 999)}, publics + " theirs"},
		} {
			c.q.Actor = c.actor
			want := strings.Fields(c.want)
			slices.Sort(want)
			for _, limit := range []int{0, 3} { // in one page and in several
				var got []string
				q := c.q
				for q.Limit = limit; ; {
					p, err := k.AlbumList(t.Context(), q)
					if err != nil || limit != 0 && len(p.Albums) > limit {
						t.Fatalf("%s: %+v, %v", name, p, err)
					}
					for _, a := range p.Albums {
						got = append(got, a.Name)
					}
					if q.After = p.Next; p.Next == "" {
						break
					}
				}
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		}
	})
}

func TestCovers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		a := k.album(owner, vitrine.PrivacyPublic)
		cover := func(actor vitrine.Actor) vitrine.Slug {
			t.Helper()
			p, err := k.AlbumList(t.Context(), catalog.AlbumQuery{Actor: actor, Owner: owner.UserID()})
			if err != nil || len(p.Albums) != 1 {
				t.Fatalf("%+v, %v", p, err)
			}
			if p.Albums[0].Cover == nil {
				return ""
			}
			return p.Albums[0].Cover.Slug
		}
		if got := cover(guest); got != "" {
			t.Errorf("cover of an empty album: %s", got)
		}
		in := func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), a.ID }
		first, second := k.row(in), k.row(in)
		if got := cover(guest); got != second.Slug {
			t.Errorf("cover %s, want the newest", got)
		}
		if _, err := k.EditAlbum(t.Context(), owner, a.Slug, catalog.AlbumEdit{Cover: to(string(first.Slug))}); err != nil || cover(guest) != first.Slug {
			t.Errorf("cover %s, want the chosen one, %v", cover(guest), err)
		}
		// One that leaves the album is its cover no more.
		if _, err := k.EditFile(t.Context(), owner, first.Slug, catalog.FileEdit{Album: to("")}); err != nil || cover(guest) == first.Slug {
			t.Errorf("cover %s, %v", cover(guest), err)
		}
		for name, slug := range map[string]string{"of another album": string(first.Slug), "unknown": "nosuch", "senseless": "/"} {
			_, err := k.EditAlbum(t.Context(), owner, a.Slug, catalog.AlbumEdit{Cover: &slug})
			k.want(name, err, vitrine.CodeInvalid)
		}
		if got, err := k.EditAlbum(t.Context(), owner, a.Slug, catalog.AlbumEdit{Cover: to("")}); err != nil || got.CoverID != 0 || cover(guest) != second.Slug {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestAlbumPath(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		var last *vitrine.Album
		var pass string
		for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPassword, vitrine.PrivacyPrivate, vitrine.PrivacyPublic} {
			n := catalog.NewAlbum{OwnerID: owner.UserID(), Name: string(p), Privacy: p}
			if last != nil {
				n.Parent = last.Slug
			}
			if p == vitrine.PrivacyPassword {
				n.Password = "x"
			}
			if last = k.newAlbum(n); last.Pass != "" {
				pass = last.Pass
			}
		}
		for name, c := range map[string]struct {
			actor vitrine.Actor
			want  string
		}{"guest": {guest, "public"}, "knowing": {with(guest, pass), "public password"}, "owner": {owner, "public unlisted password private"}} {
			path, err := k.AlbumPath(t.Context(), c.actor, last)
			var got []string
			for _, a := range path {
				got = append(got, a.Name)
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	})
}

func TestEditAlbum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{pins: map[string]string{"stop_words": "casino"}})
		owner, other, admin, manager := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin), k.user(vitrine.RoleManager)
		a, hidden, theirs := k.album(owner, vitrine.PrivacyPublic), k.album(owner, vitrine.PrivacyPrivate), k.album(other, vitrine.PrivacyPublic)
		f := k.row(func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), a.ID })
		got, err := k.EditAlbum(t.Context(), owner, a.Slug, catalog.AlbumEdit{
			Name: to(" New\nname "), Description: to("Text"), Sort: to(vitrine.SortTitle), Privacy: to(vitrine.PrivacyUnlisted),
		})
		if err != nil || got.Name != "New name" || got.Description != "Text" || got.Sort != vitrine.SortTitle || got.Privacy != vitrine.PrivacyUnlisted || got.FileCount != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		if again, err := k.Album(t.Context(), owner, a.Slug); err != nil || *again != *got {
			t.Errorf("%+v, want %+v, %v", again, got, err)
		}
		if p, err := k.Files(t.Context(), catalog.FileQuery{}); err != nil || len(p.Files) != 0 {
			t.Errorf("still listed: %+v, %v", p, err)
		}
		if g := k.fileBySlug(f.Slug); g.Privacy != vitrine.PrivacyUnlisted {
			t.Errorf("%+v", g)
		}
		for name, c := range map[string]struct {
			actor vitrine.Actor
			slug  vitrine.Slug
			e     catalog.AlbumEdit
			code  vitrine.Code
			field string
		}{
			"no name":              {owner, a.Slug, catalog.AlbumEdit{Name: to(" ")}, vitrine.CodeInvalid, "name"},
			"long description":     {owner, a.Slug, catalog.AlbumEdit{Description: to(strings.Repeat("x", 65536))}, vitrine.CodeInvalid, "description"},
			"bad privacy":          {owner, a.Slug, catalog.AlbumEdit{Privacy: to(vitrine.Privacy("secret"))}, vitrine.CodeInvalid, "privacy"},
			"bad order":            {owner, a.Slug, catalog.AlbumEdit{Sort: to(vitrine.SortTrend)}, vitrine.CodeInvalid, "sort"},
			"password without":     {owner, a.Slug, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPassword)}, vitrine.CodeInvalid, "password"},
			"password empty":       {owner, a.Slug, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPassword), Password: to("")}, vitrine.CodeInvalid, "password"},
			"password too long":    {owner, a.Slug, catalog.AlbumEdit{Privacy: to(vitrine.PrivacyPassword), Password: to(strings.Repeat("x", 129))}, vitrine.CodeInvalid, "password"},
			"stop word":            {owner, a.Slug, catalog.AlbumEdit{Name: to("Casino")}, vitrine.CodeStopWord, ""},
			"parent unknown":       {owner, a.Slug, catalog.AlbumEdit{Parent: to("nosuch")}, vitrine.CodeInvalid, "parent"},
			"parent senseless":     {owner, a.Slug, catalog.AlbumEdit{Parent: to("..")}, vitrine.CodeInvalid, "parent"},
			"parent of another":    {owner, a.Slug, catalog.AlbumEdit{Parent: to(string(theirs.Slug))}, vitrine.CodeInvalid, "parent"},
			"parent itself":        {owner, a.Slug, catalog.AlbumEdit{Parent: to(string(a.Slug))}, vitrine.CodeInvalid, "parent"},
			"guest":                {guest, a.Slug, catalog.AlbumEdit{Name: to("x")}, vitrine.CodeForbidden, ""},
			"other":                {other, a.Slug, catalog.AlbumEdit{Name: to("x")}, vitrine.CodeForbidden, ""},
			"other, hidden":        {other, hidden.Slug, catalog.AlbumEdit{Name: to("x")}, vitrine.CodeNotFound, ""},
			"manager":              {manager, a.Slug, catalog.AlbumEdit{Name: to("x")}, "", ""},
			"manager, hidden":      {manager, hidden.Slug, catalog.AlbumEdit{Name: to("x")}, vitrine.CodeNotFound, ""},
			"admin, hidden":        {admin, hidden.Slug, catalog.AlbumEdit{Name: to("x")}, "", ""},
			"admin, under their's": {admin, hidden.Slug, catalog.AlbumEdit{Parent: to(string(theirs.Slug))}, vitrine.CodeInvalid, "parent"},
			"unknown":              {owner, "nosuch", catalog.AlbumEdit{Name: to("x")}, vitrine.CodeNotFound, ""},
			"password not wanted":  {owner, a.Slug, catalog.AlbumEdit{Password: to("ignored")}, "", ""},
		} {
			_, err := k.EditAlbum(t.Context(), c.actor, c.slug, c.e)
			k.want(name, err, c.code)
			if e := fieldOf(err); e != c.field {
				t.Errorf("%s: field %q", name, e)
			}
		}
	})
}

// TestAlbumTree moves albums about.
func TestAlbumTree(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		var chain []*vitrine.Album
		for i := range 8 {
			n := catalog.NewAlbum{OwnerID: owner.UserID(), Name: fmt.Sprint(i)}
			if i > 0 {
				n.Parent = chain[i-1].Slug
			}
			chain = append(chain, k.newAlbum(n))
		}
		_, err := k.CreateAlbum(t.Context(), catalog.NewAlbum{OwnerID: owner.UserID(), Name: "x", Parent: chain[7].Slug})
		k.want("ninth level", err, vitrine.CodeInvalid)
		move := func(a *vitrine.Album, parent string) error {
			_, err := k.EditAlbum(t.Context(), owner, a.Slug, catalog.AlbumEdit{Parent: &parent})
			return err
		}
		for i := range 8 {
			err := move(chain[0], string(chain[i].Slug))
			k.want(fmt.Sprint("a circle of ", i), err, vitrine.CodeInvalid)
			if fieldOf(err) != "parent" {
				t.Error(err)
			}
		}
		single := k.album(owner, vitrine.PrivacyPublic)
		pair := k.album(owner, vitrine.PrivacyPublic)
		k.newAlbum(catalog.NewAlbum{OwnerID: owner.UserID(), Name: "in pair", Parent: pair.Slug})
		for name, c := range map[string]struct {
			a    *vitrine.Album
			to   string
			code vitrine.Code
		}{
			"single to level 8": {single, string(chain[6].Slug), ""},
			"single to level 9": {single, string(chain[7].Slug), vitrine.CodeInvalid},
			"pair to level 7":   {pair, string(chain[5].Slug), ""},
			"pair to level 8":   {pair, string(chain[6].Slug), vitrine.CodeInvalid},
			"where it is":       {chain[7], string(chain[6].Slug), ""},
		} {
			err := move(c.a, c.to)
			k.want(name, err, c.code)
			if c.code == "" && c.a != chain[7] {
				if err := move(c.a, ""); err != nil {
					t.Error(err)
				}
			}
		}
		if a, err := k.Album(t.Context(), owner, single.Slug); err != nil || a.ParentID != 0 {
			t.Errorf("%+v, %v", a, err)
		}
		// Two albums that are moved into each other at once do not end in a circle.
		x, y := k.album(owner, vitrine.PrivacyPublic), k.album(owner, vitrine.PrivacyPublic)
		done := make(chan error)
		go func() { done <- move(x, string(y.Slug)) }()
		err1, err2 := move(y, string(x.Slug)), <-done
		if (err1 == nil) == (err2 == nil) {
			t.Errorf("both or none: %v, %v", err1, err2)
		}
		// What stood in a deleted album moves up.
		if err := k.DeleteAlbum(t.Context(), owner, chain[3].Slug, false); err != nil {
			t.Fatal(err)
		}
		if a, err := k.Album(t.Context(), owner, chain[4].Slug); err != nil || a.ParentID != chain[2].ID {
			t.Errorf("%+v, %v", a, err)
		}
	})
}
