package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

// customerUsage counts of a swap only what it costs more while the order stays, in part or for now,
// whose eSIM it takes the place of.
const customerUsage = `SELECT coalesce((SELECT blocked FROM people WHERE id = ?1), 0), coalesce(sum(NOT beside), 0),
		coalesce(sum(max(0, retail_minor - iif(beside, swap_worth_minor, 0))), 0)
	FROM (SELECT retail_minor, swap_worth_minor, o.swaps <> '' AND EXISTS (SELECT 1 FROM esims e JOIN orders b ON b.id = e.order_id
			WHERE e.tran_no = o.swaps AND b.state NOT IN (SELECT value FROM json_each(?3))) AS beside
		FROM orders o WHERE person = ?1 AND paid_at >= ?2 AND state NOT IN (SELECT value FROM json_each(?3)))`

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
