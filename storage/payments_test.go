package storage

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/esim"
)

func TestOnePaymentToldFiftyTimesIsBookedOnce(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := add(t, db, order("ORDER001", ann, 1))
	var booked, before atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			got, b, err := db.BookPayment(t.Context(), payment("charge-1", o), nil, []esim.Notification{
				{Kind: esim.NotifyProgress, Key: "progress:paid", Customer: ann, Order: o.ID},
			})
			switch {
			case err != nil:
				t.Error(err)
			case got.State != esim.StatePaid || got.PaidAt != noon:
				t.Errorf("the order is %s, paid at %v", got.State, got.PaidAt)
			case b == esim.PaymentBooked:
				booked.Add(1)
			case b == esim.PaymentKnown:
				before.Add(1)
			}
		})
	}
	wg.Wait()
	if booked.Load() != 1 || before.Load() != 49 {
		t.Errorf("booked %d times, known %d times", booked.Load(), before.Load())
	}
	for _, table := range []string{"payments", "outbox"} {
		if n := number(t, db, "SELECT count(*) FROM "+table); n != 1 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM order_events WHERE became = 'paid'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestFiftyPaymentsForOneOrderKeepOne(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := add(t, db, order("ORDER001", ann, 1))
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if _, _, err := db.BookPayment(t.Context(), payment(fmt.Sprint("charge-", i), o), nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := number(t, db, `SELECT count(*) FROM payments WHERE status = 'kept' AND extra = 0`); n != 1 {
		t.Errorf("%d kept", n)
	}
	due := get(db.RefundsDue(t.Context(), noon, 100))(t)
	if len(due) != 49 {
		t.Fatalf("%d due to go back", len(due))
	}
	for _, d := range due {
		if !d.Surplus || d.OrderCustomer != ann || d.Amount != o.Price || d.Order != o.ID {
			t.Errorf("due: %+v", d)
		}
	}
}

func TestPaymentsThatPayNothingGoBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		change      func(*esim.Payment)
		orderPerson esim.CustomerID
	}{
		{"another customer's order", func(p *esim.Payment) { p.Customer = bob }, ann},
		{"an unknown person", func(p *esim.Payment) { p.Customer = 99 }, ann},
		{"an unknown order", func(p *esim.Payment) { p.Order = "NOORDER1" }, 0},
		{"too little", func(p *esim.Payment) { p.Amount.Minor-- }, ann},
		{"another currency", func(p *esim.Payment) { p.Amount.Currency = esim.USD }, ann},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := open(t)
			meet(t, db, ann)
			meet(t, db, bob)
			o := add(t, db, order("ORDER001", ann, 1))
			p := payment("charge-1", o)
			tt.change(&p)
			got, b, err := db.BookPayment(t.Context(), p, nil, []esim.Notification{{Kind: esim.NotifyProgress, Key: "k", Customer: p.Customer}})
			must(t, err)
			if b != esim.PaymentSurplus {
				t.Errorf("booking is %v", b)
			}
			if got.ID != "" && got.Customer != p.Customer {
				t.Error("the payer was handed somebody else's order")
			}
			if s := state(t, db, o.ID); s != esim.StateAwaitingPayment {
				t.Errorf("the order is %s", s)
			}
			if n := number(t, db, `SELECT count(*) FROM outbox`); n != 0 {
				t.Errorf("%d notices that the order was paid", n)
			}
			due := get(db.RefundsDue(t.Context(), noon, 10))(t)
			if len(due) != 1 || due[0].Payment != p || due[0].OrderCustomer != tt.orderPerson || !due[0].Surplus {
				t.Fatalf("due %+v", due)
			}
			must(t, db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: p.ID, At: noon, Notifications: []esim.Notification{{Kind: esim.NotifyRefunded, Key: "r", Customer: p.Customer, Order: p.Order}}}))
			if due := get(db.RefundsDue(t.Context(), noon, 10))(t); len(due) != 0 {
				t.Errorf("%d still due", len(due))
			}
		})
	}
}

// An order that cannot be read is not an order that does not exist.
func TestPaymentIsNotBookedWhenTheOrderCannotBeRead(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := add(t, db, order("ORDER001", ann, 1))
	get(db.writer.conn.ExecContext(t.Context(), `UPDATE orders SET plan = '{"code":5}'`))(t)
	if _, _, err := db.BookPayment(t.Context(), payment("c1", o), nil, nil); err == nil {
		t.Error("no error")
	}
	if n := number(t, db, `SELECT count(*) FROM payments`); n != 0 {
		t.Errorf("%d payments", n)
	}
}

func TestRefundOfAnOrder(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	get3 := func(_ esim.Order, b esim.PaymentResult, err error) esim.PaymentResult { must(t, err); return b }
	if b := get3(db.BookPayment(t.Context(), payment("second", o), nil, nil)); b != esim.PaymentSurplus {
		t.Fatalf("second payment is %v", b)
	}
	if due := get(db.RefundsDue(t.Context(), noon, 10))(t); len(due) != 1 || due[0].ID != "second" {
		t.Fatalf("before the refund is decided: %+v", due)
	}
	move(t, db, o.ID, esim.StatePaid, esim.StateRefunding)
	if due := get(db.RefundsDue(t.Context(), noon, 10))(t); len(due) != 2 {
		t.Fatalf("after: %+v", due)
	}
	c.move(time.Second)
	must(t, db.RefundFailed(t.Context(), "second", 3, noon.Add(time.Minute), "no answer", []esim.Notification{{Kind: esim.StaffRefundStuck, Key: "stuck"}}))
	due := get(db.RefundsDue(t.Context(), noon.Add(time.Second), 10))(t)
	if len(due) != 1 || due[0].ID != "charge-ORDER001" || due[0].Surplus {
		t.Fatalf("after a failed try: %+v", due)
	}
	must(t, db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: "charge-ORDER001", At: noon, Notifications: []esim.Notification{{Kind: esim.NotifyRefunded, Key: "r1", Customer: ann}}}))
	if s := state(t, db, o.ID); s != esim.StateRefunding {
		t.Errorf("the order is %s while a payment of it is still due", s)
	}
	due = get(db.RefundsDue(t.Context(), noon.Add(time.Hour), 10))(t)
	if len(due) != 1 || due[0].Attempts != 3 {
		t.Fatalf("an hour later: %+v", due)
	}
	must(t, db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: "second", At: noon, Notifications: []esim.Notification{{Kind: esim.NotifyRefunded, Key: "r2", Customer: ann}}}))
	if s := state(t, db, o.ID); s != esim.StateRefunded {
		t.Errorf("the order is %s after the last", s)
	}
	for _, id := range []string{"second", "unknown"} {
		if err := db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: id, At: noon, Notifications: []esim.Notification{{Kind: esim.NotifyRefunded, Key: "r3"}}}); !errors.Is(err, esim.ErrConflict) {
			t.Errorf("%s refunded again: %v", id, err)
		}
		if err := db.RefundFailed(t.Context(), id, 1, noon, "why", nil); !errors.Is(err, esim.ErrConflict) {
			t.Errorf("%s failed after it went back: %v", id, err)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM outbox WHERE key = 'r3'`); n != 0 {
		t.Error("a notice of a refund that was none")
	}
	if b := get3(db.BookPayment(t.Context(), payment("charge-ORDER001", o), nil, nil)); b != esim.PaymentKnown {
		t.Errorf("the first payment told of again after its refund: %v", b)
	}
}

// Staff may send an order back to StateRefunding whose money went back already: nothing
// is due, so nothing would ever move it on.
func TestNothingLeftToRefundIsRefunded(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	move(t, db, o.ID, esim.StatePaid, esim.StateRefunding, esim.StateNeedsHuman)
	must(t, db.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: "charge-ORDER001", At: noon, Notifications: nil}))
	if s := state(t, db, o.ID); s != esim.StateNeedsHuman {
		t.Fatalf("the order is %s", s)
	}
	move(t, db, o.ID, esim.StateNeedsHuman, esim.StateRefunding)
	if s := state(t, db, o.ID); s != esim.StateRefunded {
		t.Errorf("the order is %s, want refunded", s)
	}
}

func TestHooksAreCalledAfterTheCommit(t *testing.T) {
	t.Parallel()
	var db *DB
	var calls []string
	note := func(name string, query string) func() {
		return func() { calls = append(calls, fmt.Sprint(name, number(t, db, query))) }
	}
	db = openAt(t, filepath.Join(t.TempDir(), "esimbot.db"), Options{
		OutboxFilled: note("outbox", `SELECT count(*) FROM outbox`),
		OrderPaid:    note("paid", `SELECT count(*) FROM orders WHERE state = 'paid'`),
		RefundDue:    note("refund", `SELECT count(*) FROM payments WHERE status = 'refund_due'`),
	})
	meet(t, db, ann)
	o := add(t, db, order("ORDER001", ann, 1))
	notifications := []esim.Notification{{Kind: esim.NotifyProgress, Key: "k", Customer: ann}}
	for range 2 { // the second time nothing is new
		_, _, err := db.BookPayment(t.Context(), payment("c1", o), nil, notifications)
		must(t, err)
	}
	must(t, db.AddNotifications(t.Context(), notifications))
	move(t, db, o.ID, esim.StatePaid, esim.StateRefunding)
	if want := "[outbox1 paid1 refund1]"; fmt.Sprint(calls) != want {
		t.Errorf("calls %v, want %s", calls, want)
	}
}
