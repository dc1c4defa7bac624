package storage

import (
	"fmt"
	"iter"
	"testing"

	"esimbot/esim"
)

// large is a shop of so many delivered orders, spread over a year, with their books.
func large(b testing.TB, orders int) *DB {
	b.Helper()
	db, _ := open(b)
	meet(b, db, ann)
	plan := get(planText(japan))(b)
	err := db.write(b.Context(), func(t *tx) error {
		const count = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1) `
		at := fmt.Sprintf(`%d + i * (31536000000 / ?1)`, noon.UnixMilli())
		for _, query := range []string{
			count + `INSERT INTO orders (id, person, kind, plan, quantity, days, tx_id, vendor_order, wholesale_minor, wholesale_currency, retail_minor,
				retail_currency, price_minor, price_currency, rail, state, reason, attempts, unsure, next_at, staff_told, created, changed, paid_at, allocated, esim)
				SELECT printf('B%07d', i), 42, 'purchase', ?2, 1, 0, 'eb-' || i, 'V' || i, 8000, 'USD4', 130, 'USD', 100, 'XTR', 'stars', 'delivered', '', 0, 0, ` + at + `, 0,
				` + at + `, ` + at + `, ` + at + `, 1, '' FROM n`,
			count + `INSERT INTO order_events (order_id, at, was, became, why) SELECT printf('B%07d', i), ` + at + `, 'allocating', 'delivered', '' FROM n WHERE ?2 <> ''`,
		} {
			if _, err := t.exec(query, orders, plan); err != nil {
				return err
			}
		}
		for _, l := range []struct{ key, account, minor, currency string }{
			{"pay", "stars", "100", "XTR"},
			{"pay", "prepaid", "-100", "XTR"},
			{"cost", "cost", "8000", "USD4"},
			{"cost", "vendor", "-8000", "USD4"},
			{"deliver", "prepaid", "100", "XTR"},
			{"deliver", "sales", "-100", "XTR"},
		} {
			_, err := t.exec(count+`INSERT INTO ledger (at, key, order_id, payment, account, minor, currency, why)
				SELECT `+at+`, ?2 || ':' || printf('B%07d', i), printf('B%07d', i), '', ?3, ?4, ?5, '' FROM n`, orders, l.key, l.account, l.minor, l.currency)
			if err != nil {
				return err
			}
		}
		return nil
	})
	must(b, err)
	return db
}

// BenchmarkLargeShop reads what /export and /stats read, of a shop of 20,000 orders: a row at a time, while nobody is kept
// from writing.
func BenchmarkLargeShop(b *testing.B) {
	const orders = 20_000
	db := large(b, orders)
	year := esim.Period{From: noon, To: noon.AddDate(1, 0, 1)}
	read(b, "orders", orders, db.ExportOrders(b.Context(), year))
	read(b, "ledger", 6*orders, db.ExportLedger(b.Context(), year))
	read(b, "customers", 1, db.ExportCustomers(b.Context(), year))
	read(b, "stats", 2*orders, db.EarnedLines(b.Context(), year))
}

func read[T any](b *testing.B, name string, want int, rows iter.Seq2[T, error]) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for _, err := range rows {
				must(b, err)
				n++
			}
			if n != want {
				b.Fatalf("%d rows, want %d", n, want)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*want), "ns/row")
	})
}
