package demo

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// Upload is a file of a Site.
type Upload struct {
	File      vitrine.File // without ID and slug; its name is not yet unique
	TokenHash []byte       // of no token that anybody knows
	SeenAt    time.Time    // when its views were
	Likes     []Like
}

// Like is somebody's like.
type Like struct {
	UserID int64
	At     time.Time
}

// uploads makes files.
type uploads struct {
	*Site
	r                                     *rand.Rand
	word, rare, owner, tag, category, fan func() int
	albums                                map[int64][]int // indexes of Albums by their owner
}

// Uploads makes the files, oldest first.
func (s *Site) Uploads() iter.Seq[Upload] {
	return func(yield func(Upload) bool) {
		r := s.random(3)
		u := uploads{
			Site: s, r: r, albums: map[int64][]int{},
			word: zipf(r, WordExponent, 8, vocabulary), rare: zipf(r, 1.0001, 2000, vocabulary), owner: zipf(r, 1.07, 8, len(s.People)),
			tag: zipf(r, TagExponent, 6, s.tags()), category: zipf(r, 1.3, 3, len(s.Categories)), fan: zipf(r, 1.05, 40, len(s.People)),
		}
		for i, a := range s.Albums {
			u.albums[a.OwnerID] = append(u.albums[a.OwnerID], i)
		}
		for i := range s.Files {
			if !yield(u.next(s.at(i, s.Files))) {
				return
			}
		}
	}
}

func (u *uploads) next(at time.Time) Upload {
	r := u.r
	f := vitrine.File{
		Privacy: vitrine.PrivacyPublic, Approved: r.IntN(100) > 0, NSFW: r.IntN(30) == 0,
		Storage: u.Storage, StorageMode: vitrine.DateFolder, Folder: at.Format("2006/01/02"),
		CreatedAt: at, UploadedAt: at,
	}
	if r.IntN(100) >= 25 && len(u.People) > 0 { // the others come from guests
		f.OwnerID = u.People[u.owner()]
	}
	if list := u.albums[f.OwnerID]; len(list) > 0 && r.IntN(100) < 65 {
		// Everybody has one album for everything, and the later ones are larger.
		k := int(r.ExpFloat64() * float64(len(list)) / 4)
		if r.IntN(5) == 0 {
			k = len(list)
		}
		if a := u.Albums[list[max(0, len(list)-1-k)]]; f.OwnerID != 0 || r.IntN(20) == 0 {
			f.AlbumID = a.ID
		}
	}
	if len(u.Categories) > 0 && r.IntN(3) == 0 {
		f.CategoryID = u.Categories[u.category()]
	}
	if r.IntN(200) == 0 {
		f.ExpiresAt = u.Until.AddDate(5, 0, r.IntN(1000))
	}
	u.pixels(&f)
	u.texts(&f)
	f.UploaderIP = u.address(f.OwnerID)
	var digest [16]byte
	u.bytes(digest[:])
	f.MD5 = hex.EncodeToString(digest[:])
	f.Placeholder = make([]byte, vitrine.PlaceholderWidth*vitrine.PlaceholderHeight*3)
	u.bytes(f.Placeholder)
	up := Upload{File: f, TokenHash: make([]byte, 32)}
	u.bytes(up.TokenHash)
	u.audience(&up)
	return up
}

// pixels are format and sizes.
func (u *uploads) pixels(f *vitrine.File) {
	r := u.r
	f.Width, f.Height = 1200+r.IntN(4800), 900+r.IntN(3000)
	f.Size = int64(150_000 + r.ExpFloat64()*1_800_000)
	f.Extension, f.Format = "jpg", vitrine.JPEG
	switch n := r.IntN(100); {
	case n < 7:
		f.Extension, f.Format = "png", vitrine.PNG
	case n < 9:
		f.Extension, f.Format = "webp", vitrine.WebP
	case n < 12:
		f.Extension, f.Format, f.Animated, f.Width, f.Height = "gif", vitrine.GIF, true, 480, 270+r.IntN(200)
	case n < 14:
		f.Extension, f.Format, f.Width, f.Height, f.Size = "mp4", vitrine.MP4, 1920, 1080, f.Size*20
		f.Duration = time.Duration(1+r.IntN(300)) * time.Second
		f.Frame = vitrine.Variant{Size: 180_000, Width: 1920, Height: 1080}
	case n < 20:
		f.Extension = "jpeg"
	}
	f.Thumb = vitrine.Variant{Size: 6000 + r.Int64N(9000), Width: 320, Height: min(320, f.Height)}
	if f.Width > 500 {
		f.Medium = vitrine.Variant{Size: 20_000 + r.Int64N(30_000), Width: 500, Height: max(1, 500*f.Height/f.Width)}
	}
	f.Resized = r.IntN(20) == 0
}

// texts are title, description, name, tags and metadata.
func (u *uploads) texts(f *vitrine.File) {
	r := u.r
	w := Word(u.word())
	if r.IntN(2) == 0 {
		f.OriginalFilename = fmt.Sprintf("IMG_%04d.%s", r.IntN(10_000), f.Extension)
	} else {
		f.OriginalFilename = fmt.Sprintf("%s-%s.%s", w, Word(u.word()), f.Extension)
	}
	f.Name = strings.TrimSuffix(f.OriginalFilename, "."+f.Extension)
	switch n := r.IntN(100); {
	case n < 35: // none
	case n < 41:
		f.Title = japanese[r.IntN(len(japanese))] + "の" + japanese[r.IntN(len(japanese))]
	case n < 49:
		f.Title = russian[r.IntN(len(russian))] + " и " + russian[r.IntN(len(russian))]
	case n < 52:
		f.Title = Word(u.rare()) + " " + Word(u.rare())
	default:
		f.Title = w + " " + Word(u.word())
		if r.IntN(3) == 0 {
			f.Title = fmt.Sprintf("%s %d", f.Title, r.IntN(1000))
		}
	}
	if r.IntN(2) == 0 {
		f.Description = sentence(r, u.word, 3+r.IntN(9))
		if r.IntN(6) == 0 {
			f.Description += " " + sentence(r, u.rare, 3)
		}
	}
	if r.IntN(12) == 0 {
		f.EXIF = fmt.Sprintf(`{"Make":"Vitrine","Model":"Seed %d","FNumber":"f/%d","ISO":"%d","FocalLength":"%d mm"}`, r.IntN(9), 2+r.IntN(14), 100<<r.IntN(6), 18+r.IntN(180))
	}
	if r.IntN(100) < 60 {
		for range 1 + r.IntN(4) {
			f.Tags = append(f.Tags, vitrine.Tag{Name: TagName(u.tag())})
		}
	}
}

// TagName is the tag of a rank: the words of the vocabulary, some in other scripts and
// some with a capital or a second word.
func TagName(rank int) string {
	switch {
	case rank < len(firstWords):
		return Word(rank)
	case rank%17 == 3:
		return japanese[rank%len(japanese)] + fmt.Sprint(rank/17)
	case rank%17 == 5:
		return russian[rank%len(russian)] + " " + fmt.Sprint(rank/17)
	case rank%17 == 7:
		return strings.ToUpper(Word(rank)[:1]) + Word(rank)[1:]
	case rank%17 == 9:
		return Word(rank) + " " + Word(rank%40)
	}
	return Word(rank)
}

// audience are views and likes: most files have few.
func (u *uploads) audience(up *Upload) {
	r, f := u.r, &up.File
	if r.IntN(10) < 7 {
		f.Views = int64(math.Pow(1/(1-r.Float64()), 0.9)) // Pareto
		f.Views = min(f.Views, 5_000_000)
	}
	late := func() time.Time { // most look soon
		at := f.UploadedAt.Add(time.Duration(r.ExpFloat64() * float64(72*time.Hour)))
		if at.After(u.Until) {
			at = u.Until
		}
		return at.Truncate(time.Microsecond)
	}
	up.SeenAt = late()
	if f.Views == 0 || len(u.People) == 0 || r.IntN(4) > 0 {
		return
	}
	seen := make(map[int64]bool, 4)
	for range min(int(math.Pow(1/(1-r.Float64()), 0.7)), 200) {
		if id := u.People[u.fan()]; !seen[id] {
			seen[id] = true
			up.Likes = append(up.Likes, Like{UserID: id, At: late()})
		}
	}
}

// address is one of the few that somebody uses.
func (u *uploads) address(owner int64) netip.Addr {
	r := u.r
	if owner == 0 {
		owner = -1 - r.Int64N(int64(u.Files/10+1))
	} else {
		owner = owner*4 + r.Int64N(3)
	}
	x := uint64(owner) * 0x9e3779b97f4a7c15
	if x%5 == 0 {
		var b [16]byte
		b[0], b[1], b[2], b[3] = 0x20, 0x01, 0x0d, 0xb8 // 2001:db8::/32, RFC 3849
		binary.BigEndian.PutUint64(b[8:], x)
		return netip.AddrFrom16(b)
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(x>>32))
	b[0] = 10
	return netip.AddrFrom4(b)
}

func (u *uploads) bytes(b []byte) {
	for i := 0; i < len(b); i += 8 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], u.r.Uint64())
		copy(b[i:], word[:])
	}
}

// sentence is so many words that begin with a capital and end with a full stop.
func sentence(r *rand.Rand, word func() int, n int) string {
	var b strings.Builder
	for i := range n {
		w := Word(word())
		switch {
		case i == 0:
			w = strings.ToUpper(w[:1]) + w[1:]
		case r.IntN(40) == 0:
			b.WriteByte(',')
			fallthrough
		default:
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	b.WriteByte('.')
	return b.String()
}
