package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// UsersByIDs returns those of the users that exist, in no order.
func (d *DB) UsersByIDs(ctx context.Context, ids []int64) ([]vitrine.User, error) {
	var found []vitrine.User
	err := inBatches(ids, func(batch []int64) error {
		text, args := usersWith(batch)
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		list, err := collect(rows, err, scanUser)
		if err != nil {
			return d.fail("find users", err)
		}
		found = append(found, list...)
		return nil
	})
	return found, err
}

func usersWith(ids []int64) (string, []any) {
	with, args := valueList("BIGINT", ids)
	return with + ` SELECT ` + userColumns + ` FROM n JOIN users u ON u.id = n.v`, args
}
