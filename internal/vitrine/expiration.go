package vitrine

import (
	"strings"
	"time"
)

// The bounds of an expiration.
const (
	MinExpiration = 5 * time.Minute
	// MaxExpiration is applied as a calendar year: P1Y.
	maxExpirationYears = 1
)

// Expiration is a span after which a file ceases to be: calendar years, months
// and days, then exact time. The zero Expiration means never.
type Expiration struct {
	Years, Months, Days int
	Time                time.Duration
}

// IsZero reports whether the expiration means never.
func (e Expiration) IsZero() bool { return e == Expiration{} }

// After is the instant at which something made at t expires. Months are those
// of the calendar: one month after January 31st is the last day of February.
func (e Expiration) After(t time.Time) time.Time {
	if e.IsZero() {
		return time.Time{}
	}
	t = t.UTC()
	y, m, d := t.Date()
	month := int(m) - 1 + e.Months + 12*e.Years
	y, month = y+month/12, month%12
	if last := time.Date(y, time.Month(month+2), 0, 0, 0, 0, 0, time.UTC).Day(); d > last {
		d = last
	}
	date := time.Date(y, time.Month(month+1), d+e.Days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return date.Add(e.Time)
}

// ParseExpiration reads a number of seconds ("3600") or an ISO 8601 duration
// PnYnMnWnDTnHnMnS in upper case, without fractions or signs (ISO 8601-1:2019,
// 5.5.2.3). Empty and "0" mean never. Anything shorter than five minutes or
// longer than a year, measured from now, is refused.
func ParseExpiration(s string, now time.Time) (Expiration, error) {
	bad := Invalid("expiration", "Invalid expiration: use seconds or a duration such as PT5M or P3D, from PT5M to P1Y")
	if s == "" || s == "0" {
		return Expiration{}, nil
	}
	var e Expiration
	if n, rest, ok := digits(s); ok && rest == "" {
		e.Time = time.Duration(n) * time.Second
	} else if e, ok = parseDuration(s); !ok {
		return Expiration{}, bad
	}
	at := e.After(now)
	if e.IsZero() || at.Before(now.Add(MinExpiration)) || at.After(Expiration{Years: maxExpirationYears}.After(now)) {
		return Expiration{}, bad
	}
	return e, nil
}

// parseDuration reads an ISO 8601 duration. Each unit may stand once, in order,
// with up to 9 digits.
func parseDuration(s string) (Expiration, bool) {
	var e Expiration
	s, ok := strings.CutPrefix(s, "P")
	if !ok || s == "" {
		return e, false
	}
	date, clock, timed := strings.Cut(s, "T")
	if timed && clock == "" {
		return e, false
	}
	var years, months, weeks, days, hours, minutes, seconds int
	if !readUnits(date, "YMWD", &years, &months, &weeks, &days) || !readUnits(clock, "HMS", &hours, &minutes, &seconds) {
		return e, false
	}
	// Past these the sums could overflow, and every one of them is over a year.
	if years > 10 || months > 120 || weeks > 600 || days > 4000 || hours > 1e5 || minutes > 6e6 || seconds > 4e8 {
		return e, false
	}
	e = Expiration{
		Years: years, Months: months, Days: 7*weeks + days,
		Time: time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second,
	}
	return e, true
}

// readUnits reads "1Y2M" into the fields that the letters of units stand for.
func readUnits(s, units string, fields ...*int) bool {
	for s != "" {
		n, rest, ok := digits(s)
		if !ok || rest == "" {
			return false
		}
		i := strings.IndexByte(units, rest[0])
		if i < 0 {
			return false
		}
		*fields[i] = n
		s, units, fields = rest[1:], units[i+1:], fields[i+1:]
	}
	return true
}

// digits reads 1 to 9 leading decimal digits.
func digits(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		if i == 9 {
			return 0, s, false
		}
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0
}
