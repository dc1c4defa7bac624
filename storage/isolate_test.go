package storage

import (
	"errors"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// An order that cannot expire, or whose approval cannot end, keeps no other one from it. It is tried again each time.
func TestOneFailingUnpaidOrderCostsOnlyItself(t *testing.T) {
	t.Parallel()
	db, now := open(t)
	meet(t, db, ann)
	ids := []esim.OrderID{"AAAA0001", "BAD00001", "CCCC0001"}
	for _, id := range ids {
		o := order(id, ann, len(id))
		o.Method, o.NextAt, o.Quantity = esim.MethodProvider, now.now().Add(time.Hour), 1+len(ids)
		o.Plan.Code = string(id) // else it is the same purchase
		get(db.AddOrder(t.Context(), o, "", nil))(t)
		get(db.writer.conn.ExecContext(t.Context(), `UPDATE orders SET approved_at = ? WHERE id = ?`, stamp(now.now()), id))(t)
	}
	get(db.writer.conn.ExecContext(t.Context(), `CREATE TRIGGER poison BEFORE UPDATE ON orders WHEN old.id = 'BAD00001' BEGIN SELECT RAISE(ABORT, 'poison'); END`))(t)
	now.move(2 * time.Hour)
	for i := range 2 {
		err := db.EndApprovals(t.Context(), now.now().Add(-time.Hour))
		n, err2 := db.ExpireOrders(t.Context(), now.now())
		if both := errors.Join(err, err2); both == nil || strings.Count(both.Error(), "BAD0-0001") != 2 || strings.Contains(both.Error(), "AAAA") {
			t.Errorf("the failures are told as %v", both)
		}
		if want := []int{2, 0}[i]; n != want {
			t.Errorf("%d expired, want %d", n, want)
		}
	}
	for _, id := range ids {
		want := esim.StateExpired
		if id == "BAD00001" {
			want = esim.StateAwaitingPayment
		}
		approved := get(one(db.read(t.Context()), moment, approvedAt, id))(t)
		if got := state(t, db, id); got != want || approved.IsZero() != (want == esim.StateExpired) {
			t.Errorf("%s is %s, approved at %s", id, got, approved)
		}
	}
	get(db.writer.conn.ExecContext(t.Context(), `DROP TRIGGER poison`))(t)
	must(t, db.EndApprovals(t.Context(), now.now().Add(-time.Hour)))
	if n := get(db.ExpireOrders(t.Context(), now.now()))(t); n != 1 || state(t, db, "BAD00001") != esim.StateExpired {
		t.Errorf("%d expired when nothing was in the way", n)
	}
}
