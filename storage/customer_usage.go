package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const customerUsage = `SELECT coalesce((SELECT blocked FROM people WHERE id = ?1), 0), count(*), coalesce(sum(retail_minor), 0)
	FROM orders WHERE person = ?1 AND paid_at >= ?2 AND state NOT IN (SELECT value FROM json_each(?3))`

// CustomerUsage sums up what a customer bought since a time; refunded orders do not count. A
// customer nobody met bought nothing.
func (db *DB) CustomerUsage(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.CustomerUsage, error) {
	st, err := one(db.read(ctx), scanUsage, customerUsage, customer, since.UnixMilli(), givenBackStates)
	if err != nil {
		return esim.CustomerUsage{}, fmt.Errorf("usage of a customer: %w", err)
	}
	return st, nil
}

func scanUsage(rows *sql.Rows) (esim.CustomerUsage, error) {
	st := esim.CustomerUsage{Spent: esim.USDCents(0)}
	err := rows.Scan(&st.Blocked, &st.Orders, &st.Spent.Minor)
	return st, err
}
