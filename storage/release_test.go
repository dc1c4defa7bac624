package storage

import (
	"testing"
	"time"

	"esimbot/esim"
)

// TestTheReleaseBeforeGoesOn opens what a run of the release before left behind, with every
// kind of work unfinished, and finishes it.
func TestTheReleaseBeforeGoesOn(t *testing.T) {
	t.Parallel()
	db := openAt(t, oldWith(t, 3, "testdata/run_0003.sql"), Options{Now: func() time.Time { return noon.Add(30 * 24 * time.Hour) }})
	ctx := t.Context()
	later := noon.Add(31 * 24 * time.Hour)
	agree := func() {
		t.Helper()
		if faults := get(db.LedgerFaults(ctx))(t); len(faults) > 0 {
			t.Errorf("the books do not agree: %+v", faults)
		}
	}
	agree()

	under, _, err := db.OrdersDue(ctx, []esim.State{esim.StateOrdering}, later, 10)
	must(t, err)
	if len(under) != 1 || !under[0].OutcomeUnknown || under[0].IdempotencyKey == "" || under[0].OutcomeUnknownAt.IsZero() {
		t.Fatalf("the purchase whose answer was lost: %+v", under)
	}
	due := get(db.RefundsDue(ctx, later, 10))(t)
	if len(due) != 2 {
		t.Fatalf("%d refunds are due, want that of an order and that of a payment too many", len(due))
	}
	for _, d := range due {
		must(t, db.PaymentRefunded(ctx, esim.RefundedPayment{Payment: d.ID, At: later}))
		if o := get(db.Order(ctx, d.Order))(t); !d.Surplus && o.State != esim.StateRefunded {
			t.Errorf("order %s is %s after its refund", o.ID, o.State)
		}
	}
	agree()

	kinds := map[esim.NotificationKind]bool{}
	for _, k := range esim.NotificationKinds() {
		kinds[k] = true
	}
	messages, _, err := db.DueMessages(ctx, later, 100)
	must(t, err)
	if len(messages) != 4 {
		t.Errorf("%d messages wait, want 4", len(messages))
	}
	for _, m := range messages {
		if !kinds[m.Kind] {
			t.Errorf("message %s is of an unknown kind: %s", m.Key, m.Kind)
		}
		must(t, db.MarkMessageSent(ctx, m.ID))
	}

	n := get(db.ExpireOrders(ctx, later))(t)
	if n != 2 {
		t.Errorf("%d unpaid orders expired, want 2", n)
	}
	if credit := get(db.Credit(ctx, 101))(t); credit.Minor <= 0 || credit.Minor >= 5000 {
		t.Errorf("store credit %s: of $50.00 a part was spent", credit)
	}
	if fresh := get(db.AddUpdates(ctx, []esim.Update{{ID: 7, Sender: 101, Kind: "message", Raw: []byte("{}")}}))(t); len(fresh) != 0 {
		t.Error("an update that was stored before counts as new")
	}
	agree()
}
