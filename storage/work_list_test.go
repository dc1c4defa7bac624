package storage

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// TestARowThatCannotBeReadCostsOnlyItself: of two items of each list that a worker works through the first cannot be read.
// The other is listed, and staff are told of the first by its number, once a day.
func TestARowThatCannotBeReadCostsOnlyItself(t *testing.T) {
	t.Parallel()
	const bad, good = "BAD00001", "GOOD0001"
	orders := func(all []esim.Order, err error) (int, error) { return len(all), err }
	esims := func(all []esim.ESIM, err error) (int, error) { return len(all), err }
	for _, tt := range []struct {
		name  string
		begin string // what makes both of them due
		work  func(db *DB, now time.Time) (int, error)
		none  int // of the good one is left to do afterwards
	}{
		{"orders under work", `UPDATE orders SET state = 'paid'`, func(db *DB, now time.Time) (int, error) {
			all, _, err := db.OrdersDue(t.Context(), []esim.State{esim.StatePaid}, now, 1)
			return orders(all, err)
		}, 1},
		{"cancellations", `UPDATE orders SET state = 'cancelling', allocated = 1`, func(db *DB, now time.Time) (int, error) {
			all, _, err := db.OrdersDue(t.Context(), []esim.State{esim.StateCancelling}, now, 1)
			return orders(all, err)
		}, 1},
		{"what is open", `UPDATE orders SET state = 'needs_human'`, func(db *DB, _ time.Time) (int, error) {
			return orders(db.RecentOrders(t.Context(), []esim.State{esim.StateNeedsHuman}, 2))
		}, 1},
		{"orders by hand", `UPDATE orders SET rail = 'manual'`, func(db *DB, now time.Time) (int, error) {
			return orders(db.UnpaidOrders(t.Context(), []esim.PaymentMethod{esim.MethodManual}, now))
		}, 1},
		{"orders that expire", ``, func(db *DB, now time.Time) (int, error) { return db.ExpireOrders(t.Context(), now) }, 0},
		{"approvals", `UPDATE orders SET approved_at = 1`, func(db *DB, now time.Time) (int, error) {
			before := number(t, db, `SELECT count(*) FROM orders WHERE approved_at IS NULL`)
			err := db.EndApprovals(t.Context(), now)
			if err != nil && !strings.Contains(err.Error(), "BAD0-0001") {
				return 0, err
			}
			return number(t, db, `SELECT count(*) FROM orders WHERE approved_at IS NULL`) - before, nil
		}, 0},
		{"eSIMs that end", `UPDATE esims SET activated = 1, expires = 2`, func(db *DB, now time.Time) (int, error) {
			return esims(db.ExpiringESIMs(t.Context(), now))
		}, 1},
		{"eSIMs that lapse", `UPDATE esims SET expires = 2`, func(db *DB, now time.Time) (int, error) {
			return esims(db.LapsingESIMs(t.Context(), now, esim.AlertUnused1))
		}, 1},
		{"what the vendor's balance is compared with", `UPDATE orders SET state = 'ordering'`, func(db *DB, _ time.Time) (int, error) {
			b, err := db.VendorBooks(t.Context())
			return len(b.Open), err
		}, 1},
		{
			"automatic top-ups", `INSERT INTO auto_topups SELECT tran_no, person, '{"code":"X"}', 'data10', 100, '', 1, 'buying', 0, 0, 0, '' FROM esims`,
			func(db *DB, now time.Time) (int, error) {
				all, err := db.AutoTopUpsDue(t.Context(), now)
				return len(all), err
			}, 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, now := open(t)
			meet(t, db, ann)
			run := func(query string) {
				if query != "" {
					get(db.writer.conn.ExecContext(t.Context(), query))(t)
				}
			}
			for i, id := range []esim.OrderID{bad, good} {
				o := order(id, ann, 1)
				o.Plan.Code = string(id) // else it is the same purchase
				o.NextAt = now.now().Add(time.Hour)
				o.Created = now.now().Add(time.Duration(i) * time.Second)
				add(t, db, o)
				must(t, db.write(t.Context(), func(t *tx) error {
					return t.addESIM(esim.ESIM{Profile: esim.Profile{ID: esim.ESIMID(id), Status: esim.ProfileGotResource}, Customer: ann, Buyer: ann, Order: id, Index: 1, Plan: o.Plan, Created: noon})
				}))
			}
			run(tt.begin)
			run(`UPDATE orders SET plan = '[]' WHERE id = '` + bad + `'`)
			run(`UPDATE esims SET plan = '[]' WHERE order_id = '` + bad + `'`)
			now.move(2 * time.Hour)
			for i, want := range []int{1, tt.none} {
				if n, err := tt.work(db, now.now()); err != nil || n != want {
					t.Errorf("run %d: %d, %v", i, n, err)
				}
			}
			told := func() int {
				return number(t, db, `SELECT count(*) FROM outbox WHERE kind = ? AND note LIKE '%'||?||'%' AND note NOT LIKE '%'||?||'%'`, esim.StaffStuck, bad, good)
			}
			if n := told(); n != 1 {
				t.Errorf("told %d times", n)
			}
			now.move(24 * time.Hour)
			if _, err := tt.work(db, now.now()); err != nil {
				t.Error(err)
			}
			if n := told(); n != 2 {
				t.Errorf("told %d times on the second day", n)
			}
		})
	}
}

// Of two unused sales in Stars the order of one cannot be read: its Stars may go back as the other's may.
func TestWhatCannotBeReadMayGoBackInStars(t *testing.T) {
	t.Parallel()
	const bad, good = "BAD00001", "GOOD0001"
	db, _ := open(t)
	meet(t, db, ann)
	run := func(query string, args ...any) {
		t.Helper()
		get(db.writer.conn.ExecContext(t.Context(), query, args...))(t)
	}
	for _, id := range []esim.OrderID{bad, good} {
		o := order(id, ann, 1)
		o.Plan.Code = string(id)
		add(t, db, o)
		must(t, db.write(t.Context(), func(t *tx) error {
			return t.addESIM(esim.ESIM{Profile: esim.Profile{ID: esim.ESIMID(id), Status: esim.ProfileGotResource, SMDPStatus: esim.SMDPReleased}, Customer: ann, Buyer: ann, Order: id, Index: 1, Plan: o.Plan, Created: noon})
		}))
		run(`INSERT INTO payments (id, meant_for, order_id, person, minor, currency, rail, at, status, extra, attempts, next_at, reason)
			VALUES (?1, ?1, ?1, ?2, 100, 'XTR', 'stars', 1, 'kept', 0, 0, 0, '')`, id, ann)
	}
	run(`UPDATE orders SET state = 'delivered'`)
	run(`UPDATE esims SET watched = 1`)
	owed := func() int64 {
		t.Helper()
		return esim.StarsOwed(get(db.StarsExposures(t.Context()))(t)).Minor
	}
	if n := owed(); n != 200 {
		t.Fatalf("%d Stars may go back", n)
	}
	run(`UPDATE orders SET plan = '[]' WHERE id = ?`, bad)
	run(`UPDATE esims SET plan = '[]' WHERE order_id = ?`, bad)
	if n := owed(); n != 200 {
		t.Errorf("%d Stars may go back while an order cannot be read", n)
	}
}

// However many rows in front cannot be read, as many as were asked for are listed; a panic is as good as an error.
func TestRowsThatCannotBeReadDoNotCount(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	scan := func(rows *sql.Rows) (int, error) {
		n, err := value[int](rows)
		switch {
		case n < 5:
			return 0, fmt.Errorf("%d is too small", n)
		case n < 9:
			panic("not even read")
		}
		return n, err
	}
	const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n LIMIT +?2`
	for _, tt := range []struct{ last, limit, want int }{{20, 3, 3}, {20, 100, 12}, {8, 2, 0}, {9, 1, 1}} {
		if all := get(workListOf(t.Context(), db, "number", scan, tt.limit, numbers, tt.last))(t); len(all) != tt.want || len(all) > 0 && all[0] != 9 {
			t.Errorf("%+v: %v", tt, all)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM outbox`); n != 8 {
		t.Errorf("told of %d rows", n)
	}
}
