package web

import (
	"slices"

	"vitrine/internal/vitrine"
)

// owners are the users whose files are in a list, without those whose profile is
// not for everybody. Where they cannot be found out the list is good without.
func (q *visit) owners(files []vitrine.File, one bool) map[int64]*vitrine.User {
	var ids []int64
	if one {
		return nil
	}
	for i := range files {
		if id := files[i].OwnerID; id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	known, err := q.Account.UsersByIDs(q.r.Context(), ids)
	if err != nil {
		q.Logger.WarnContext(q.r.Context(), "owners of a list not found", "err", err)
		return nil
	}
	for id, u := range known {
		if u.Private && !q.actor().Owns(id) && !q.actor().Admin() {
			delete(known, id)
		}
	}
	return known
}
