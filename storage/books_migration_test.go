package storage

import (
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
)

// TestBooksOfAnOlderDatabaseAgree migrates orders in every state that version 2 had.
func TestBooksOfAnOlderDatabaseAgree(t *testing.T) {
	t.Parallel()
	path := old(t, 2)
	pool := get(openPool(writerDSN(path), 1))(t)
	for i, o := range []struct {
		state, payment string
		extra          int
		vendor         string
		delivered      bool
	}{
		{"awaiting_payment", "", 0, "", false},
		{"paid", "kept", 0, "", false},
		{"ordering", "kept", 0, "", false},
		{"allocating", "kept", 0, "B2", false},
		{"refunding", "refund_due", 0, "B3", false},
		{"refunded", "refunded", 0, "", false},
		{"refunded", "refunded", 0, "B4", true},
		{"expired", "refund_due", 1, "", false},
		{"needs_human", "refunded", 1, "B5", false},
	} {
		id := fmt.Sprintf("OLD%05d", i)
		get(pool.Exec(`INSERT INTO orders SELECT ?, person, kind, plan, quantity, days, 'tx-' || ?, ?, wholesale_minor, wholesale_currency, retail_minor,
			retail_currency, price_minor, price_currency, rail, ?, reason, 0, 0, NULL, created, 0, created, changed, paid_at, 0 FROM orders WHERE id = 'ABCD0001'`,
			id, id, o.vendor, o.state))(t)
		if o.delivered {
			get(pool.Exec(`INSERT INTO order_events (order_id, at, was, became, why) VALUES (?, 1795435260000, 'allocating', 'delivered', '')`, id))(t)
		}
		if o.payment != "" {
			get(pool.Exec(`INSERT INTO payments SELECT 'c-' || ?, ?, ?, person, minor, currency, rail, at, ?, ?, 0, next_at, '', at FROM payments WHERE id = 'charge-1'`,
				id, id, id, o.payment, o.extra))(t)
		}
	}
	get(pool.Exec(`INSERT INTO payments SELECT 'lost', 'NOORDER1', NULL, person, minor, currency, rail, at, 'refund_due', 1, 0, next_at, '', NULL FROM payments WHERE id = 'charge-1'`))(t)
	for _, status := range []string{"refund_due", "refunded"} { // payments too many for what was delivered
		get(pool.Exec(`INSERT INTO payments SELECT ?, meant_for, order_id, person, minor, currency, rail, at, ?, 1, 0, next_at, '', at FROM payments
			WHERE id = 'charge-1'`, status, status))(t)
	}
	must(t, pool.Close())

	db := openAt(t, path, Options{})
	faultless(t, db)
	want := "cost 40000 USD4, prepaid -700 XTR, refunds 100 XTR, sales -200 XTR, stars 800 XTR, vendor -40000 USD4"
	if got := sums(t, db); got != want {
		t.Errorf("balances %s\nwant     %s", got, want)
	}
	if e := earned(t, db, esim.LastDays(31, noon, time.UTC)).Total; e.Orders != 2 || e.Cost != esim.USDTenThousandths(40_000) {
		t.Errorf("earned %+v", e)
	}
	o := get(db.Order(t.Context(), "OLD00000"))(t)
	if wait := o.NextAt.Sub(o.Created).Hours(); wait != 1 {
		t.Errorf("an order that waits for its money can be paid for %v hours", wait)
	}
}
