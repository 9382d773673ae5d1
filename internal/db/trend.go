package db

import (
	"math"
	"strings"
	"time"
)

// The trend is a sum over all views of a file in which a view of age t counts
// exp(-λt). Instead of making old views lighter with time, new ones are made heavier,
// exp(λt) counted from a fixed instant: the order of files is the same at every moment,
// so the sums can stand in an index. The column score keeps their logarithm, in
// millionths, which would else outgrow every number. (Cormode, Shkapenyuk, Srivastava,
// Xu, "Forward Decay: A Practical Time Decay Model for Streaming Systems", ICDE 2009.)

const (
	// halfLife is the age at which a view counts half.
	halfLife = 48 * time.Hour
	// likeViews is how many views a like counts.
	likeViews = 3
	// scoreUnit is how much of a score is 1.
	scoreUnit = 1_000_000
)

// weight is what n views at an instant add: the logarithm of their sum.
func weight(n int64, at time.Time) int64 {
	age := float64(at.UnixMicro()) / float64(halfLife.Microseconds())
	return int64(math.Round(scoreUnit * (age*math.Ln2 + math.Log(float64(n)))))
}

// scoreWith is the SQL of the column score with a weight w added:
// ln(exp(s) + exp(w)) = max(s, w) + ln(1 + exp(-|s - w|)). Beyond 40 the second term is
// less than the least unit, and PostgreSQL refuses exp where it comes near to 0.
func scoreWith(w string) string {
	return strings.ReplaceAll(`CASE WHEN score <= 0 OR @w - score > 40000000 THEN @w WHEN score - @w > 40000000 THEN score
		ELSE CASE WHEN score > @w THEN score ELSE @w END
			+ CAST(round(1000000 * ln(1 + exp(-abs(CAST(score - @w AS DOUBLE PRECISION)) / 1000000))) AS BIGINT) END`, "@w", w)
}

// scoreWithout takes a weight off again: ln(exp(s) - exp(w)) = s + ln(1 - exp(w - s)).
// Where nearly nothing is left, nothing is.
func scoreWithout(w string) string {
	return strings.ReplaceAll(`CASE WHEN score - @w > 40000000 THEN score WHEN score - @w < 20 THEN 0
		ELSE score + CAST(round(1000000 * ln(1 - exp(CAST(@w - score AS DOUBLE PRECISION) / 1000000))) AS BIGINT) END`, "@w", w)
}
