package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// The statements that find many users at once, by how many: few texts, so that
// each stays prepared.
var (
	manyUsers       = []int{8, 48, 200}
	selectManyUsers = []string{selectUsersIn(8), selectUsersIn(48), selectUsersIn(200)}
)

func selectUsersIn(n int) string {
	return `SELECT ` + userColumns + ` FROM users u WHERE u.id IN (` + placeholders(n) + `)`
}

// UsersByIDs returns those of the users that exist, in no order; at most 200 are
// looked for.
func (d *DB) UsersByIDs(ctx context.Context, ids []int64) ([]vitrine.User, error) {
	ids = ids[:min(len(ids), manyUsers[len(manyUsers)-1])]
	if len(ids) == 0 {
		return nil, nil
	}
	at := 0
	for len(ids) > manyUsers[at] {
		at++
	}
	args := make([]any, manyUsers[at])
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)] // the last fills what is left
	}
	rows, err := d.reader.query(ctx, selectManyUsers[at], args...)
	list, err := collect(rows, err, scanUser)
	if err != nil {
		return nil, d.fail("list users by id", err)
	}
	return list, nil
}
