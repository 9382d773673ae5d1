package vitrine

import (
	"strconv"
	"time"
)

// FloodLimit is how many uploads one address may make within a window.
type FloodLimit struct {
	Name   string // "minute", …
	Window time.Duration
	Most   int
}

// FloodLimits are the limits in force, shortest window first; none if the
// protection is off.
func (s *Settings) FloodLimits() []FloodLimit {
	if !s.FloodProtection {
		return nil
	}
	const day = 24 * time.Hour
	all := []FloodLimit{
		{"minute", time.Minute, s.FloodMinute},
		{"hour", time.Hour, s.FloodHour},
		{"day", day, s.FloodDay},
		{"week", 7 * day, s.FloodWeek},
		{"month", 30 * day, s.FloodMonth},
	}
	var limits []FloodLimit
	for _, l := range all {
		if l.Most > 0 {
			limits = append(limits, l)
		}
	}
	return limits
}

// Exceeded is the refusal for an address that reached the limit.
func (l FloodLimit) Exceeded() *Error {
	e := Errorf(CodeFlood, "Flooding detected. You can only upload %d files per %s", l.Most, l.Name)
	e.Field, e.Facts = l.Name, Facts{"Most": strconv.Itoa(l.Most)}
	e.RetryAfter = min(int(l.Window/time.Second), 3600)
	return e
}
