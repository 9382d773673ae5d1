package demo

import (
	"math/rand/v2"
	"strings"
)

// firstWords are the most frequent ones of a site, the first of all first.
var firstWords = []string{
	"amber", "birch", "bridge", "cabin", "cliff", "cloud", "coast", "dawn", "dune", "evening", "field", "fjord", "fog", "forest", "frost",
	"glacier", "harbour", "hill", "island", "lake", "lantern", "meadow", "moon", "moss", "mountain", "north", "ocean", "path", "pine",
	"rain", "reed", "ridge", "river", "road", "shadow", "shore", "snow", "spring", "star", "stone", "storm", "summer", "sunset", "tide",
	"valley", "village", "water", "wave", "wind", "winter",
}

// Runs of characters that words of other scripts are put together from.
var (
	japanese = []string{"山", "朝霧", "海", "夜空", "東京", "京都", "桜", "夕焼け", "富士", "川", "森", "雪", "湖", "祭り", "灯台", "花火", "路地", "猫", "駅", "秋"}
	russian  = []string{"осень", "река", "снег", "туман", "берег", "закат", "дорога", "лес", "зима", "город", "озеро", "ёлка", "мост", "гроза", "утро", "поле", "остров", "весна", "ночь", "метель"}
)

var (
	heads  = strings.Fields("b br bl c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p pl pr r s sc sh sk sl sm sn st str sw t th tr v w wh z")
	middle = strings.Fields("a ai e ea ee i ie o oa oo ou u")
	tails  = strings.Fields("b ck d ff g ld ll m mp n nd ng nt p r rd rk rm rn rt s sh sk ss st t th ve x")
)

// How words and tags are spread: the k-th comes about 1 / k^exponent as often as the
// first; of names, 1 / (offset + k)^exponent.
const (
	WordExponent = 1.08
	TagExponent  = 1.1
	NameExponent = 1.05
	NameOffset   = 20
	AlbumOffset  = 8
)

// vocabulary is how many words a site has.
const vocabulary = 200_000

// Word is the word of a rank from 0 to 199,999: one of a low rank is used often, in
// whatever site. From about 50 on they are made up.
func Word(rank int) string {
	if rank < len(firstWords) {
		return firstWords[rank]
	}
	// Ranks in the notation of heads, middles and tails: every word is another one.
	var b strings.Builder
	n := rank - len(firstWords)
	for syllable := 0; syllable < 2 || n > 0; syllable++ {
		b.WriteString(heads[n%len(heads)])
		n /= len(heads)
		b.WriteString(middle[n%len(middle)])
		n /= len(middle)
	}
	b.WriteString(tails[rank%len(tails)])
	return b.String()
}

// zipf draws numbers below n of which the low ones come often: the k-th with a weight of
// 1 / (v + k)^s.
func zipf(r *rand.Rand, s, v float64, n int) func() int {
	if n <= 1 {
		return func() int { return 0 }
	}
	z := rand.NewZipf(r, s, v, uint64(n-1))
	return func() int { return int(z.Uint64()) }
}
