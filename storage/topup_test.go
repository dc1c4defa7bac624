package storage

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
)

// addTopUp adds a paid top-up of an eSIM that is being ordered.
func addTopUp(t testing.TB, db *DB, id esim.OrderID, esimID esim.ESIMID) esim.Order {
	t.Helper()
	o := order(id, ann, 1)
	o.Kind, o.ESIM = esim.TopUp, esimID
	add(t, db, o)
	_, _, err := db.BookPayment(t.Context(), payment("charge-"+string(id), o), nil, nil)
	must(t, err)
	move(t, db, id, esim.StatePaid, esim.StateOrdering)
	return o
}

// delivery is the move of an order to StateDelivered, from where it is.
func delivery(t *testing.T, db *DB, id esim.OrderID) esim.Transition {
	t.Helper()
	return get(db.Order(t.Context(), id))(t).TransitionTo(esim.StateDelivered, "test", db.now())
}

func TestApplyTopUp(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	alert := []esim.PollResult{{ESIM: e, Alerts: esim.Alerts{Due: []esim.AlertKind{esim.AlertData20}}, Poll: esim.PollPlan{Next: noon.Add(24 * time.Hour), NextAlert: noon.Add(24 * time.Hour)}}}
	must(t, db.SavePollResults(t.Context(), alert))
	o := addTopUp(t, db, "TOPUP001", e.ID)
	c.move(time.Minute)
	before := e
	e.Total, e.Days, e.Expires, e.Asked = 3<<30, 14, noon.Add(14*24*time.Hour), c.now()
	topped := delivery(t, db, o.ID)
	topped.Notifications = []esim.Notification{esim.NewToppedUp(o)}
	must(t, db.ApplyTopUp(t.Context(), topped, e))

	got := get(db.ESIM(t.Context(), e.ID))(t)
	if got.Epoch != 1 || got.Total != e.Total || got.Days != 14 || got.Expires != e.Expires {
		t.Errorf("the eSIM is %+v", got)
	}
	now := get(db.Order(t.Context(), o.ID))(t)
	if now.State != esim.StateDelivered || now.OutcomeUnknown || now.ESIM != e.ID {
		t.Errorf("the order is %+v", now)
	}
	if plan := get(db.ESIMsDueForProfile(t.Context(), c.now(), 10))(t); len(plan) != 1 {
		t.Errorf("%d eSIMs to look at: its warnings are reckoned anew at once", len(plan))
	}
	for range 2 {
		if err := db.ApplyTopUp(t.Context(), topped, e); !errors.Is(err, esim.ErrConflict) {
			t.Errorf("applied again: %v", err)
		}
	}
	if got := get(db.ESIM(t.Context(), e.ID))(t); got.Epoch != 1 {
		t.Errorf("epoch %d after one top-up", got.Epoch)
	}
	if n := number(t, db, `SELECT count(*) FROM outbox WHERE kind = 'topped_up'`); n != 1 {
		t.Errorf("%d notices", n)
	}
	// A look that was begun before does not bring the old totals back, one after it warns anew.
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{{ESIM: before}}))
	got = get(db.ESIM(t.Context(), e.ID))(t)
	if got.Total != e.Total {
		t.Errorf("total %d", got.Total)
	}
	alert[0].ESIM = got
	must(t, db.SavePollResults(t.Context(), alert))
	if n := number(t, db, `SELECT count(*) FROM alerts WHERE kind = 'data20'`); n != 2 {
		t.Errorf("%d warnings in two epochs", n)
	}
	if n := number(t, db, `SELECT sum(minor) FROM ledger WHERE order_id = 'TOPUP001' AND account = 'cost'`); n != 8_000 {
		t.Errorf("it cost %d", n)
	}
	faultless(t, db)
}

func TestTwoTopUpsOfOneESIMAreBothApplied(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	addTopUp(t, db, "TOPUP001", e.ID)
	addTopUp(t, db, "TOPUP002", e.ID)
	first, second := e, e // both were read in epoch 0
	first.Total, first.Asked = 2<<30, c.now().Add(time.Second)
	second.Total, second.Asked = 3<<30, c.now().Add(2*time.Second)
	must(t, db.ApplyTopUp(t.Context(), delivery(t, db, "TOPUP002"), second))
	must(t, db.ApplyTopUp(t.Context(), delivery(t, db, "TOPUP001"), first))
	if got := get(db.ESIM(t.Context(), e.ID))(t); got.Epoch != 2 || got.Total != 3<<30 {
		t.Errorf("epoch %d, total %d", got.Epoch, got.Total)
	}
}

func TestTopUpOfAnUnknownESIMChangesNothing(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	addTopUp(t, db, "TOPUP001", "T9")
	if err := db.ApplyTopUp(t.Context(), delivery(t, db, "TOPUP001"), esim.ESIM{Profile: esim.Profile{ID: "T9"}}); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if s := state(t, db, "TOPUP001"); s != esim.StateOrdering {
		t.Errorf("the order is %s", s)
	}
	faultless(t, db)
}
