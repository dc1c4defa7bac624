package storage

import (
	"errors"
	"fmt"
	"testing"

	"esimbot/esim"
)

func TestRefundedOut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		states []esim.State // of a paid order; nil: the payment is unknown
		mended bool
		want   esim.State
	}{
		{"nothing bought yet", []esim.State{esim.StatePaid}, true, esim.StateRefunded},
		{"about to be bought", []esim.State{esim.StatePaid, esim.StateOrdering}, true, esim.StateRefunded},
		{"delivered", []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateDelivered}, true, esim.StateCancelling}, // the eSIM is stopped
		{"on its way back already", []esim.State{esim.StatePaid, esim.StateRefunding}, false, esim.StateRefunding},
		{"unknown", nil, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := open(t)
			meet(t, db, ann)
			if tt.states != nil {
				paid(t, db, "ORDER001", ann, 1)
				move(t, db, "ORDER001", tt.states...)
			}
			for i := range 2 {
				mended := get(db.PaymentRefundedElsewhere(t.Context(), "charge-ORDER001", noon, []esim.Notification{{Kind: esim.StaffRefundedElsewhere, Key: fmt.Sprint("out", i)}}))(t)
				if mended != (tt.mended && i == 0) {
					t.Errorf("time %d: mended is %v", i+1, mended)
				}
				faultless(t, db)
			}
			if n := number(t, db, `SELECT count(*) FROM outbox`); (n == 1) != tt.mended {
				t.Errorf("%d notices", n)
			}
			if tt.states == nil {
				return
			}
			if s := state(t, db, "ORDER001"); s != tt.want {
				t.Errorf("the order is %s, want %s", s, tt.want)
			}
		})
	}
}

// Money that somebody else gave back is not given back again, and an eSIM that comes all
// the same is a loss, not a sale.
func TestAfterARefundMadeElsewhere(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	for _, id := range []esim.OrderID{"REFUSED1", "ARRIVED1"} {
		paid(t, db, id, ann, 1)
		move(t, db, id, esim.StatePaid, esim.StateOrdering)
		o := get(db.Order(t.Context(), id))(t)
		o.OutcomeUnknown = true // the vendor was asked
		if err := db.NoteWork(t.Context(), o, nil); err != nil {
			t.Fatal(err)
		}
		if !get(db.PaymentRefundedElsewhere(t.Context(), "charge-"+string(id), noon, nil))(t) {
			t.Fatal("not mended")
		}
	}
	move(t, db, "REFUSED1", esim.StateOrdering, esim.StateRefunding)
	if s := state(t, db, "REFUSED1"); s != esim.StateRefunded {
		t.Errorf("refused by the vendor afterwards: %s", s)
	}
	move(t, db, "ARRIVED1", esim.StateOrdering, esim.StateAllocating, esim.StateDelivered)
	if due := get(db.RefundsDue(t.Context(), noon, 10))(t); len(due) != 0 {
		t.Errorf("due to go back: %v", due)
	}
	faultless(t, db)
	if got, want := sums(t, db), "cost 8000 USD4, vendor -8000 USD4"; got != want {
		t.Errorf("balances %s, want %s", got, want)
	}
}

func TestOrderByTx(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := add(t, db, order("ORDER001", ann, 1))
	if got := get(db.OrderByIdempotencyKey(t.Context(), o.IdempotencyKey))(t); got.ID != o.ID {
		t.Errorf("order %q", got.ID)
	}
	for _, key := range []string{"", "eb-other"} {
		if _, err := db.OrderByIdempotencyKey(t.Context(), key); !errors.Is(err, esim.ErrNotFound) {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func TestOrphanIsToldOfOnce(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	for i := range 3 {
		fresh := get(db.NoteUnmatchedESIM(t.Context(), "T9", "", noon, []esim.Notification{{Kind: esim.StaffUnmatchedESIM, Key: fmt.Sprint("orphan", i), ESIM: "T9"}}))(t)
		if fresh != (i == 0) {
			t.Errorf("time %d: fresh is %v", i+1, fresh)
		}
	}
	if n := number(t, db, `SELECT count(*) FROM outbox`); n != 1 {
		t.Errorf("%d notices", n)
	}
}
