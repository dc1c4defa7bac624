package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const standing = `SELECT coalesce((SELECT blocked FROM people WHERE id = ?1), 0), count(*), coalesce(sum(retail_minor), 0)
	FROM orders WHERE person = ?1 AND paid_at >= ?2 AND state NOT IN ('refunding', 'refunded')`

// Standing sums up what a person bought since a time; refunded orders do not count. A
// person nobody met bought nothing.
func (db *DB) Standing(ctx context.Context, person esim.PersonID, since time.Time) (esim.Standing, error) {
	st, err := one(db.read(ctx), func(rows *sql.Rows) (esim.Standing, error) {
		st := esim.Standing{Spent: esim.Dollars(0)}
		err := rows.Scan(&st.Blocked, &st.Orders, &st.Spent.Minor)
		return st, err
	}, standing, person, since.UnixMilli())
	if err != nil {
		return esim.Standing{}, fmt.Errorf("standing of a person: %w", err)
	}
	return st, nil
}
