package settings

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"vitrine/internal/vitrine"
)

// combine puts rows under the pins. Rows that are unknown, unacceptable, or at
// odds with a pin are left out and returned with their refusals.
func (s *Service) combine(rows map[string]string) (*vitrine.Settings, map[string]error) {
	rows = maps.Clone(rows)
	maps.DeleteFunc(rows, func(key, _ string) bool { _, ok := s.pinned[key]; return ok })
	all := maps.Clone(rows)
	maps.Copy(all, s.pinned)
	settings, refused := assemble(all)
	if len(refused) == 0 {
		return settings, nil
	}
	// Something is wrong, which is rare: take one row after the other, and only
	// those with which everything taken before stays acceptable.
	taken, refused := maps.Clone(s.pinned), make(map[string]error)
	if taken == nil {
		taken = make(map[string]string)
	}
	for _, key := range inOrder(rows) {
		taken[key] = rows[key]
		if _, bad := assemble(taken); len(bad) > 0 {
			delete(taken, key)
			refused[key] = cmp.Or(bad[key], bad[slices.Min(slices.Collect(maps.Keys(bad)))])
		}
	}
	settings, _ = assemble(taken)
	return settings, refused
}

// routeKeys exclude one another's values.
var routeKeys = []string{"route_image", "route_video", "route_album"}

// assemble applies values over the defaults and returns the refusal of each
// that is not acceptable.
func assemble(values map[string]string) (*vitrine.Settings, map[string]error) {
	s := vitrine.DefaultSettings()
	refused := make(map[string]error)
	// Two routes may have swapped their names, so all that change step aside first.
	for i, key := range routeKeys {
		if _, ok := values[key]; ok {
			_ = s.Set(key, "moving-"+strconv.Itoa(i))
		}
	}
	for _, key := range inOrder(values) {
		if err := s.Set(key, values[key]); err != nil {
			refused[key] = err
		}
	}
	return s, refused
}

// inOrder lists the keys of values so that what others depend on comes first:
// languages before language, then by name.
func inOrder(values map[string]string) []string {
	keys := slices.Sorted(maps.Keys(values))
	if i := slices.Index(keys, "languages"); i > 0 {
		keys = slices.Insert(slices.Delete(keys, i, i+1), 0, "languages")
	}
	return keys
}
