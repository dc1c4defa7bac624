package storage

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"esimbot/esim"
)

// The accounts are written out: only so SQLite knows that the index ledger_earned has all that is asked for. A test holds
// them to esim.EarnedAccounts.
const earnedAccounts = `account IN ('sales', 'refunds', 'cost', 'fees', 'commission', 'grants')`

const (
	selectEarned = `SELECT l.at, l.key, l.account, l.minor, l.currency, coalesce(o.id, ''), coalesce(o.plan, ''), coalesce(o.days, 0), coalesce(o.rail, ''),
			coalesce(o.price_minor, 0), coalesce(o.price_currency, ''), coalesce(o.credit_minor - o.debt_minor, 0), coalesce(o.retail_minor, 0)
		FROM ledger l `
	earnedLines = selectEarned + `INDEXED BY ledger_earned LEFT JOIN orders o ON o.id = l.order_id
		WHERE l.` + earnedAccounts + ` AND l.at >= ? AND l.at < ? ORDER BY l.at, l.id`
	earnedByOrder = selectEarned + `INDEXED BY ledger_of_order LEFT JOIN orders o ON o.id = l.order_id
		WHERE l.` + earnedAccounts + ` AND l.order_id = ? AND l.order_id <> '' ORDER BY l.id`
	firstEarned = `SELECT at FROM ledger INDEXED BY ledger_earned WHERE ` + earnedAccounts + ` ORDER BY at LIMIT 1`
)

// EarnedLines lists the lines of the books from which earnings are read, in the order of their time.
func (db *DB) EarnedLines(ctx context.Context, p esim.Period) iter.Seq2[esim.EarnedLine, error] {
	from, to := bounds(p)
	return each(db.walk(ctx), scanEarned, earnedLines, from, to)
}

// EarnedByOrder is what an order has earned by now.
func (db *DB) EarnedByOrder(ctx context.Context, id esim.OrderID) (esim.Earnings, error) {
	lines, err := list(db.read(ctx), scanEarned, earnedByOrder, id)
	if err != nil {
		return esim.Earnings{}, err
	}
	sums := esim.NewSalesSummarizer(esim.Period{})
	for _, l := range lines {
		sums.Add(l)
	}
	return sums.Report().Total, nil
}

func scanEarned(rows *sql.Rows) (esim.EarnedLine, error) {
	var l esim.EarnedLine
	var plan string
	err := rows.Scan((*stamp)(&l.At), &l.Key, &l.Account, &l.Amount.Minor, &l.Amount.Currency, &l.Order, &plan, &l.Days, &l.Method,
		&l.Price.Minor, &l.Price.Currency, &l.Credit.Minor, &l.Retail.Minor)
	l.Credit.Currency, l.Retail.Currency = esim.USD, esim.USD
	if err == nil && plan != "" {
		l.Plan, err = parsePlan(plan)
	}
	if err != nil {
		return l, fmt.Errorf("what was earned: %w", err)
	}
	return l, nil
}

// FirstEarned is when the first of those lines was written; esim.ErrNotFound if there is none.
func (db *DB) FirstEarned(ctx context.Context) (time.Time, error) {
	at, err := one(db.walk(ctx), moment, firstEarned)
	if err != nil {
		return time.Time{}, fmt.Errorf("when something was first earned: %w", err)
	}
	return at, nil
}

const addVisits = `INSERT INTO visits (hour, step, people) VALUES (?, ?, ?) ON CONFLICT (hour, step) DO UPDATE SET people = people + excluded.people`

// AddVisits counts customers who did a step within an hour, beside those counted before.
func (db *DB) AddVisits(ctx context.Context, visits []esim.Visits) error {
	err := db.write(ctx, func(t *tx) error {
		for _, v := range visits {
			if _, err := t.exec(addVisits, stamp(v.Hour), v.Step, v.People); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count visits: %w", err)
	}
	return nil
}

const (
	visitsIn     = `SELECT step, sum(people) FROM visits WHERE hour >= ? AND hour < ? GROUP BY step`
	newPeople    = `SELECT count(*) FROM people WHERE created >= ?1 AND created < ?2 AND id > 0`
	ordersBegun  = `SELECT count(*), count(paid_at) FROM orders WHERE created >= ? AND created < ? AND kind = 'purchase'`
	ordersGotten = `SELECT count(*) FROM order_events e CROSS JOIN orders o ON o.id = e.order_id
		WHERE e.became = 'delivered' AND e.was <> 'cancelling' AND e.at >= ? AND e.at < ? AND o.kind = 'purchase'`
)

// Funnel counts who went how far on the way to a purchase within a period.
func (db *DB) Funnel(ctx context.Context, p esim.Period) (esim.Funnel, error) {
	from, to := bounds(p)
	var f esim.Funnel
	src := db.walk(ctx)
	visits, err := list(src, func(rows *sql.Rows) (esim.Visits, error) {
		var v esim.Visits
		err := rows.Scan(&v.Step, &v.People)
		return v, err
	}, visitsIn, from, to)
	for _, v := range visits {
		switch v.Step {
		case esim.StepArrived:
			f.Arrived = v.People
		case esim.StepPlan:
			f.Plan = v.People
		}
	}
	if err == nil {
		f.New, err = one(src, value[int], newPeople, from, to)
	}
	if err == nil {
		_, err = one(src, func(rows *sql.Rows) (struct{}, error) { return struct{}{}, rows.Scan(&f.Invoices, &f.Paid) }, ordersBegun, from, to)
	}
	if err == nil {
		f.Delivered, err = one(src, value[int], ordersGotten, from, to)
	}
	if err != nil {
		return esim.Funnel{}, fmt.Errorf("count the steps to a purchase: %w", err)
	}
	return f, nil
}
