package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const countByState = `SELECT state, count(*) FROM orders WHERE created >= ? GROUP BY state`

// CountOrders counts the orders begun since the given time, by state.
func (db *DB) CountOrders(ctx context.Context, since time.Time) (map[esim.State]int, error) {
	type count struct {
		state esim.State
		n     int
	}
	counts, err := list(db.read(ctx), func(rows *sql.Rows) (count, error) {
		var c count
		err := rows.Scan(&c.state, &c.n)
		return c, err
	}, countByState, since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("count orders: %w", err)
	}
	byState := map[esim.State]int{}
	for _, c := range counts {
		byState[c.state] = c.n
	}
	return byState, nil
}

const countOpen = `SELECT count(*) FROM orders WHERE state IN (SELECT value FROM json_each(?))`

// OpenOrders counts the orders for which money was taken and nothing yet given.
func (db *DB) OpenOrders(ctx context.Context) (int, error) {
	n, err := one(db.read(ctx), value[int], countOpen, jsonList(openStates))
	if err != nil {
		return 0, fmt.Errorf("count open orders: %w", err)
	}
	return n, nil
}

const salesSince = `WITH sold AS (SELECT * FROM orders WHERE paid_at >= ?1 AND state NOT IN (SELECT value FROM json_each(?2)))
	SELECT currency, sum(orders), sum(minor), sum(cost) FROM (
		SELECT price_currency AS currency, 1 AS orders, price_minor AS minor, wholesale_minor AS cost FROM sold
		UNION ALL SELECT 'USD', 0, credit_minor - debt_minor, 0 FROM sold WHERE credit_minor <> debt_minor)
	GROUP BY currency ORDER BY currency`

// SalesSince sums up the orders paid since the given time of which the money did
// not go back and is not about to: how many, what was paid by currency, and what
// they cost us (USD4).
func (db *DB) SalesSince(ctx context.Context, since time.Time) (count int, revenue []esim.Money, wholesale esim.Money, err error) {
	wholesale = esim.USDTenThousandths(0)
	revenue, err = list(db.read(ctx), func(rows *sql.Rows) (esim.Money, error) {
		var m esim.Money
		var n int
		var cost int64
		err := rows.Scan(&m.Currency, &n, &m.Minor, &cost)
		count += n
		wholesale.Minor += cost
		return m, err
	}, salesSince, since.UnixMilli(), givenBackStates)
	if err != nil {
		return 0, nil, esim.Money{}, fmt.Errorf("sum up sales: %w", err)
	}
	return count, revenue, wholesale, nil
}

const committed = `SELECT coalesce(sum(wholesale_minor), 0) FROM orders
	WHERE state IN (SELECT value FROM json_each(?)) AND vendor_order = '' AND allocated = 0`

// OpenCost is the wholesale total (USD4) of orders that are paid for and not yet
// accepted by the vendor.
func (db *DB) OpenCost(ctx context.Context) (esim.Money, error) {
	sum, err := one(db.read(ctx), value[int64], committed, unchargedStates)
	if err != nil {
		return esim.Money{}, fmt.Errorf("sum up what is committed: %w", err)
	}
	return esim.USDTenThousandths(sum), nil
}

const countStates = `SELECT state, count(*) FROM orders WHERE state IN (SELECT value FROM json_each(?)) GROUP BY state`

// OpenByState counts the orders for which money was taken and nothing yet given, by
// state; states without orders are zero.
func (db *DB) OpenByState(ctx context.Context) (map[esim.State]int, error) {
	byState := map[esim.State]int{}
	for _, s := range openStates {
		byState[s] = 0
	}
	_, err := list(db.read(ctx), func(rows *sql.Rows) (struct{}, error) {
		var s esim.State
		var n int
		err := rows.Scan(&s, &n)
		byState[s] = n
		return struct{}{}, err
	}, countStates, jsonList(openStates))
	if err != nil {
		return nil, fmt.Errorf("count open orders by state: %w", err)
	}
	return byState, nil
}

const bestSellers = `SELECT json_extract(plan, '$.code') AS code FROM orders
	WHERE paid_at >= ?1 AND kind = ?2 AND state NOT IN (SELECT value FROM json_each(?3)) GROUP BY code ORDER BY sum(quantity) DESC, code LIMIT +?4`

// BestSellers lists the codes of the plans of which most was bought since a time, the first one most.
func (db *DB) BestSellers(ctx context.Context, since time.Time, limit int) ([]string, error) {
	codes, err := list(db.read(ctx), value[string], bestSellers, stamp(since), esim.Purchase, givenBackStates, limit)
	if err != nil {
		return nil, fmt.Errorf("best sellers: %w", err)
	}
	return codes, nil
}
