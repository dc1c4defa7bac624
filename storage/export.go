package storage

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"

	"esimbot/esim"
)

// What is exported is read row by row and never held as a whole. Exports may walk over whole tables: they are asked for
// now and then, and a read keeps nobody from writing.

// each runs a query and hands its rows on one by one, until the first error.
func each[T any](src source, scan func(*sql.Rows) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := src.query(query, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scan(rows)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// bounds are a period as queries compare it.
func bounds(p esim.Period) (from, to int64) {
	if p.All() {
		return 0, math.MaxInt64
	}
	return p.From.UnixMilli(), p.To.UnixMilli()
}

const exportedOrders = `SELECT ` + orderColumns + `,
		coalesce((SELECT name FROM people p WHERE p.id = o.person), ''),
		(SELECT min(at) FROM order_events e WHERE e.order_id = o.id AND became = 'delivered'),
		coalesce((SELECT sum(l.minor) FROM ledger l WHERE l.account = 'cost' AND l.currency = 'USD4' AND l.order_id = o.id), 0),
		coalesce((SELECT sum(minor) FROM payments p WHERE p.order_id = o.id AND p.extra = 0 AND p.status = 'refunded' AND p.credited_minor = 0
			AND p.currency = o.price_currency), 0),
		coalesce((SELECT -sum(l.minor) FROM ledger l WHERE l.order_id = o.id AND l.order_id <> '' AND l.account = 'credit:' || o.person
			AND (l.key LIKE 'refund:%' OR l.key LIKE 'part:%')), 0)
	FROM orders o WHERE created >= ? AND created < ? ORDER BY created`

// ExportOrders lists the orders begun in a period, oldest first.
func (db *DB) ExportOrders(ctx context.Context, p esim.Period) iter.Seq2[esim.ExportedOrder, error] {
	from, to := bounds(p)
	return each(db.walk(ctx), func(rows *sql.Rows) (esim.ExportedOrder, error) {
		e := esim.ExportedOrder{Cost: esim.USDTenThousandths(0), Credited: esim.USDCents(0)}
		o, err := scanOrderAnd(rows, &e.Name, (*stamp)(&e.Delivered), &e.Cost.Minor, &e.Refunded.Minor, &e.Credited.Minor)
		e.Order, e.Refunded.Currency = o, o.Price.Currency
		return e, exported("orders", err)
	}, exportedOrders, from, to)
}

const exportedLedger = `SELECT at, key, order_id, payment, account, minor, currency, why FROM ledger WHERE at >= ? AND at < ? ORDER BY id`

// ExportLedger lists the lines of the books of a period, in the order in which they were written.
func (db *DB) ExportLedger(ctx context.Context, p esim.Period) iter.Seq2[esim.LedgerEntry, error] {
	from, to := bounds(p)
	return each(db.walk(ctx), func(rows *sql.Rows) (esim.LedgerEntry, error) {
		var l esim.LedgerEntry
		err := rows.Scan((*stamp)(&l.At), &l.Key, &l.Order, &l.Payment, &l.Account, &l.Amount.Minor, &l.Amount.Currency, &l.Why)
		return l, exported("the books", err)
	}, exportedLedger, from, to)
}

const exportedCustomers = `SELECT p.id, p.name, p.language, p.created, p.blocked, p.unreachable,
		(SELECT count(*) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL),
		coalesce((SELECT sum(retail_minor) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL
			AND o.state NOT IN (SELECT value FROM json_each(?3))), 0),
		coalesce((SELECT -sum(minor) FROM ledger l WHERE l.account = 'credit:' || p.id AND l.currency = 'USD'), 0),
		(SELECT max(paid_at) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL)
	FROM people p WHERE p.id > 0 AND p.created >= ?1 AND p.created < ?2 ORDER BY p.id`

// ExportCustomers lists the customers who first came in a period, by their numbers.
func (db *DB) ExportCustomers(ctx context.Context, p esim.Period) iter.Seq2[esim.ExportedCustomer, error] {
	from, to := bounds(p)
	return each(db.walk(ctx), func(rows *sql.Rows) (esim.ExportedCustomer, error) {
		c := esim.ExportedCustomer{Spent: esim.USDCents(0), Credit: esim.USDCents(0)}
		err := rows.Scan(&c.ID, &c.Name, &c.Language, (*stamp)(&c.Created), &c.Blocked, &c.Unreachable, &c.Orders, &c.Spent.Minor, &c.Credit.Minor,
			(*stamp)(&c.LastPaid))
		return c, exported("customers", err)
	}, exportedCustomers, from, to, givenBackStates)
}

func exported(what string, err error) error {
	if err != nil {
		return fmt.Errorf("export %s: %w", what, err)
	}
	return nil
}
