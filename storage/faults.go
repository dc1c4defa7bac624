package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"esimbot/esim"
)

// ledgerFaults are the comparisons of the books with themselves, with payments and with
// orders. Each finds nothing in books that agree; it names what is off, and by how much, and in
// which currency. All are one query, and so of one moment. They walk the whole ledger, which takes about a second for a million lines.
var ledgerFaults = []struct{ what, query string }{
	// Each event is zero in every currency.
	{"posting", `SELECT key, sum(minor), currency FROM ledger GROUP BY key, currency HAVING sum(minor) <> 0`},

	// What came in is in the books with its amount, once it is more than nothing.
	{"payment", `SELECT p.id, coalesce(-l.minor, 0) - p.minor, p.currency FROM payments p
		LEFT JOIN ledger l ON l.key = 'pay:' || p.id AND l.account = 'prepaid' AND l.currency = p.currency
		WHERE coalesce(-l.minor, 0) <> p.minor`},
	// No money is in the books that nobody paid.
	{"payment", `SELECT l.payment, -l.minor, l.currency FROM ledger l
		WHERE l.account = 'prepaid' AND l.key = 'pay:' || l.payment AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.id = l.payment)`},
	// What went back is in the books as gone, and nothing else is. Of what staff had given back in amounts nothing may be left.
	{"refund", `SELECT p.id, iif(p.status = 'refunded', p.minor, -p.minor), p.currency FROM payments p WHERE p.minor <> 0
		AND (p.status = 'refunded') <> EXISTS (SELECT 1 FROM ledger l WHERE l.key = 'refund:' || p.id)
		AND NOT (p.status = 'refunded' AND p.credited_minor = 0 AND EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.amount_back > 0))`},

	// The deferred revenue of an order is what was paid, did not go back, not in parts either,
	// and brought no eSIM.
	{"prepaid", `WITH owed AS (
			SELECT p.meant_for AS order_id, p.currency, p.minor FROM payments p WHERE p.status <> 'refunded'
				AND (p.extra = 1 OR NOT EXISTS (SELECT 1 FROM ledger l WHERE l.key = 'deliver:' || p.meant_for))
			UNION ALL SELECT l.order_id, l.currency, -l.minor FROM ledger l WHERE l.account = 'prepaid' AND l.key >= 'part:' AND l.key < 'part;'
				AND NOT EXISTS (SELECT 1 FROM ledger d WHERE d.key = 'deliver:' || l.order_id)
				AND EXISTS (SELECT 1 FROM payments p WHERE p.id = l.payment AND p.status <> 'refunded')
			UNION ALL SELECT order_id, currency, minor FROM ledger WHERE account = 'prepaid')
		SELECT order_id, sum(minor), currency FROM owed GROUP BY order_id, currency HAVING sum(minor) <> 0`},

	// A delivered order that was paid for is a sale, and one that never was delivered is none.
	{"sale", `SELECT o.id, p.minor, p.currency FROM orders o JOIN payments p ON p.order_id = o.id AND p.extra = 0
		WHERE o.state = 'delivered' AND p.status = 'kept' AND p.minor <> 0
			AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.key = 'deliver:' || o.id)`},
	{"sale", `SELECT l.order_id, -l.minor, l.currency FROM ledger l WHERE l.account = 'sales'
		AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id AND o.state = 'delivered')
		AND NOT EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = l.order_id AND e.became = 'delivered')`},

	// What the vendor accepted was charged.
	{"cost", `SELECT o.id, o.wholesale_minor, o.wholesale_currency FROM orders o
		WHERE o.wholesale_minor <> 0 AND (o.vendor_order <> '' OR o.state = 'delivered')
			AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.key = 'cost:' || o.id)`},

	// What is set aside is for orders that wait for their rest, or for an eSIM that is swapped, and
	// what their part is: of a swap, what that eSIM does not pay.
	{"reserved", `SELECT l.order_id, -sum(l.minor), l.currency FROM ledger l LEFT JOIN orders o ON o.id = l.order_id
		WHERE l.account = 'reserved' GROUP BY l.order_id, l.currency
		HAVING sum(l.minor) <> 0 AND (-sum(l.minor) <> coalesce(iif(o.rail = 'credit', o.price_minor, o.credit_minor) - o.swap_worth_minor, 0)
			OR o.state NOT IN ('awaiting_payment', 'expired') AND NOT (o.state = 'paid' AND o.swaps <> '' AND o.swapped = 0))`},

	// Nobody spent store credit that they did not have, but for what was given on credit.
	{"credit", `SELECT account, -sum(minor), currency FROM ledger WHERE account >= 'credit:' AND account < 'credit;'
		GROUP BY account, currency HAVING sum(minor) > 0 AND sum(minor) > coalesce((SELECT sum(o.price_minor) FROM orders o
			WHERE o.rescue = 1 AND o.paid_at IS NOT NULL AND o.state <> 'refunded' AND account = 'credit:' || o.person), 0)`},
}

// LedgerFaults compares the books with themselves, with payments and with orders.
func (db *DB) LedgerFaults(ctx context.Context) ([]esim.LedgerFault, error) {
	faults, err := list(db.walk(ctx), scanLedgerFault, allLedgerFaults)
	if err != nil {
		return nil, fmt.Errorf("compare the ledger: %w", err)
	}
	return faults, nil
}

// KnownLedgerFaults is LedgerFaults for who asks every few minutes: books that nobody wrote in since are not walked again.
func (db *DB) KnownLedgerFaults(ctx context.Context) ([]esim.LedgerFault, error) {
	faults, err := unchanged(db.walk(ctx), scanLedgerFault, allLedgerFaults)
	if err != nil {
		return nil, fmt.Errorf("compare the ledger: %w", err)
	}
	return faults, nil
}

func scanLedgerFault(rows *sql.Rows) (f esim.LedgerFault, err error) {
	err = rows.Scan(&f.What, &f.Name, &f.Off.Minor, &f.Off.Currency)
	return f, err
}

var allLedgerFaults = func() string {
	var all []string
	for _, f := range ledgerFaults {
		all = append(all, `SELECT '`+f.what+`', * FROM (`+f.query+`)`)
	}
	return strings.Join(all, ` UNION ALL `)
}()
