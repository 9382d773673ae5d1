package account

import (
	"context"
	"fmt"

	"vitrine/internal/vitrine"
)

// UsersByIDs are the accounts of ids, for showing whose the files of a
// list are. Those that are not there are left out.
func (s *Service) UsersByIDs(ctx context.Context, ids []int64) (map[int64]*vitrine.User, error) {
	list, err := s.db.UsersByIDs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find users: %w", err)
	}
	byID := make(map[int64]*vitrine.User, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	return byID, nil
}
