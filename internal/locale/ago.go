package locale

import "time"

// agoUnits are the units of Ago, largest first. A month is 30 days and a year
// 365: the text is rounded down to one unit anyway.
var agoUnits = []struct {
	id string
	d  time.Duration
}{
	{"ago.year", 365 * 24 * time.Hour},
	{"ago.month", 30 * 24 * time.Hour},
	{"ago.week", 7 * 24 * time.Hour},
	{"ago.day", 24 * time.Hour},
	{"ago.hour", time.Hour},
	{"ago.minute", time.Minute},
	{"ago.second", time.Second},
}

// Ago says how long ago something was, in its largest whole unit: "3 hours ago".
// Less than a second, or a time yet to come, is "moments ago".
func (l *Localizer) Ago(t, now time.Time) string {
	d := now.Sub(t)
	for _, u := range agoUnits {
		if d >= u.d {
			return l.N(u.id, int(d/u.d))
		}
	}
	return l.T("ago.moments")
}
