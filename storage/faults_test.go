package storage

import (
	"database/sql"
	"testing"

	"esimbot/esim"
)

// TestLedgerFaultsAreFound spoils the tables behind the program's back.
func TestLedgerFaultsAreFound(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, sql, what, of string }{
		{"a posting that is not zero", `INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why) VALUES ('x', 0, '', '', 'cash', 5, 'USD', '')`, "posting", "x"},
		{"an amount changed", `UPDATE ledger SET minor = minor + 1 WHERE key = 'cost:SOLD0001' AND account = 'cost'`, "posting", "cost:SOLD0001"},
		{"a payment without posting", `DELETE FROM ledger WHERE key = 'pay:charge-OPEN0001'`, "payment", "charge-OPEN0001"},
		{"a payment of another amount", `UPDATE payments SET minor = 99 WHERE id = 'charge-OPEN0001'`, "payment", "charge-OPEN0001"},
		{"a posting without payment", `DELETE FROM payments WHERE id = 'charge-OPEN0001'`, "payment", "charge-OPEN0001"},
		{"a refund without posting", `DELETE FROM ledger WHERE key = 'refund:charge-BACK0001'`, "refund", "charge-BACK0001"},
		{"a refund posted that was none", `UPDATE payments SET status = 'kept' WHERE id = 'charge-BACK0001'`, "refund", "charge-BACK0001"},
		{"two orders off by the same", `UPDATE ledger SET order_id = 'OPEN0001' WHERE key = 'refund:charge-BACK0001'`, "prepaid", "OPEN0001"},
		{"a delivery without sale", `DELETE FROM ledger WHERE key = 'deliver:SOLD0001'`, "sale", "SOLD0001"},
		{"a sale without delivery", `INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why)
			VALUES ('deliver:OPEN0001', 0, 'OPEN0001', '', 'prepaid', 100, 'XTR', ''), ('deliver:OPEN0001', 0, 'OPEN0001', '', 'sales', -100, 'XTR', '')`, "sale", "OPEN0001"},
		{"a purchase without cost", `DELETE FROM ledger WHERE key = 'cost:SOLD0001'`, "cost", "SOLD0001"},
		{"spent credit that was not there", `INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why)
			VALUES ('x', 0, '', '', 'credit:42', 5, 'USD', ''), ('x', 0, '', '', 'grants', -5, 'USD', '')`, "credit", "credit:42"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := open(t)
			meet(t, db, ann)
			paid(t, db, "OPEN0001", ann, 1)
			paid(t, db, "SOLD0001", ann, 1)
			move(t, db, "SOLD0001", esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered)
			paid(t, db, "BACK0001", ann, 1)
			move(t, db, "BACK0001", esim.StatePaid, esim.StateRefunding)
			goesBack(t, db, "charge-BACK0001", esim.Money{})
			faultless(t, db)

			get(db.writer.conn.ExecContext(t.Context(), `DROP TRIGGER ledger_is_never_changed; DROP TRIGGER ledger_is_never_cut; `+tt.sql))(t)
			faults := get(db.LedgerFaults(t.Context()))(t)
			for _, f := range faults {
				if f.What == tt.what && f.Name == tt.of && f.Off.Minor != 0 && f.Off.Currency != "" {
					return
				}
			}
			t.Errorf("found %v, want %s of %s", faults, tt.what, tt.of)
		})
	}
}

// Books that are looked at every few minutes are walked again as soon as somebody wrote in them or changed what they are compared
// with; and a walk that is asked for sees what a program of its own wrote.
func TestBooksAreWalkedAgainWhenTheyChanged(t *testing.T) {
	t.Parallel()
	for _, q := range []string{
		`INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why) VALUES ('x', 0, '', '', 'cash', 5, 'USD', '')`,
		`UPDATE payments SET minor = 99 WHERE id = 'charge-OPEN0001'`,
		`UPDATE orders SET vendor_order = 'B1', wholesale_minor = 7 WHERE id = 'OPEN0001'`,
	} {
		db, _ := open(t)
		meet(t, db, ann)
		paid(t, db, "OPEN0001", ann, 1)
		for range 2 {
			if faults := get(db.KnownLedgerFaults(t.Context()))(t); len(faults) > 0 {
				t.Fatal(faults)
			}
		}
		outside := get(sql.Open("sqlite", fileURI(db.path)))(t)
		get(outside.ExecContext(t.Context(), q))(t)
		must(t, outside.Close())
		if known, all := get(db.KnownLedgerFaults(t.Context()))(t), get(db.LedgerFaults(t.Context()))(t); len(known) > 0 || len(all) == 0 {
			t.Errorf("%s by another program: known %v, there are %v", q, known, all)
		}
		must(t, db.write(t.Context(), func(t *tx) error {
			_, err := t.exec(`UPDATE payments SET reason = 'looked at' WHERE id = 'charge-OPEN0001'`)
			return err
		}))
		if faults := get(db.KnownLedgerFaults(t.Context()))(t); len(faults) == 0 {
			t.Errorf("%s: not found after a change", q)
		}
	}
}
