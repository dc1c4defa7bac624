package storage

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
)

// The clock was set back six hours: nothing that is under work rests for them, and what was to
// rest for a minute does so.
func TestNothingRestsWhenTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	ctx := t.Context()
	meet(t, db, ann)
	const by = 6 * time.Hour
	now := noon.Add(-by) // all that follows happened at noon
	soon := now.Add(time.Minute)

	working := paid(t, db, "WORKING1", ann, 1)
	move(t, db, working.ID, esim.StatePaid, esim.StateOrdering)
	working = get(db.Order(ctx, working.ID))(t)
	working.OutcomeUnknown, working.OutcomeUnknownAt, working.NextAt = true, noon, noon.Add(time.Minute)
	must(t, db.NoteWork(ctx, working, nil))
	unpaid := add(t, db, order("UNPAID01", ann, 1))
	refunding := paid(t, db, "REFUND01", ann, 1)
	move(t, db, refunding.ID, esim.StatePaid, esim.StateOrdering, esim.StateRefunding)
	must(t, db.RefundFailed(ctx, "charge-REFUND01", 1, noon.Add(time.Minute), "test", nil))
	must(t, db.AddNotifications(ctx, []esim.Notification{{Kind: esim.StaffSale, Key: "k", Order: working.ID}}))
	messages, _, err := db.DueMessages(ctx, noon.Add(time.Hour), 10)
	must(t, err)
	for _, m := range messages {
		must(t, db.RescheduleMessage(ctx, m.ID, noon.Add(time.Minute), "test"))
	}
	get(db.AddVendorEvent(ctx, esim.VendorEvent{ID: "e", Received: noon}))(t)
	must(t, db.RescheduleVendorEvent(ctx, "e", 1, noon.Add(time.Minute), "test"))
	must(t, db.NoteJobSuccess(ctx, "remind", noon))
	must(t, db.NoteJobSuccess(ctx, "long ago", noon.Add(-24*time.Hour)))

	if seen := get(db.LastSeen(ctx))(t); !seen.Equal(noon) {
		t.Errorf("the clock was last seen at %s", seen)
	}
	must(t, db.ClockSetBack(ctx, now, by))
	for _, at := range []struct {
		time.Time
		want int
	}{{now, 0}, {soon, 1}} {
		orders, _, err := db.OrdersDue(ctx, []esim.State{esim.StateOrdering}, at.Time, 10)
		refunds, err2 := db.RefundsDue(ctx, at.Time, 10)
		due, _, err3 := db.DueMessages(ctx, at.Time, 10)
		events, _, err4 := db.DueVendorEvents(ctx, at.Time, 10)
		must(t, errors.Join(err, err2, err3, err4))
		if len(orders) != at.want || len(refunds) != at.want || len(due) != at.want*len(messages) || len(events) != at.want {
			t.Errorf("at %s due: %d orders, %d refunds, %d messages, %d events", at, len(orders), len(refunds), len(due), len(events))
		}
	}
	o := get(db.Order(ctx, working.ID))(t)
	if o.OutcomeUnknownAt.After(now) || o.Changed.After(now) || o.PaidAt.After(now) || !o.Created.Equal(noon) {
		t.Errorf("an order under work: unknown since %s, changed %s, paid %s, created %s", o.OutcomeUnknownAt, o.Changed, o.PaidAt, o.Created)
	}
	if o := get(db.Order(ctx, unpaid.ID))(t); !o.NextAt.Equal(unpaid.NextAt) {
		t.Errorf("an unpaid order can be paid until %s, was %s", o.NextAt, unpaid.NextAt)
	}
	if last := get(db.LastJobSuccess(ctx, "remind"))(t); !last.Equal(now) {
		t.Errorf("a job ran at %s", last)
	}
	if last := get(db.LastJobSuccess(ctx, "long ago"))(t); !last.Equal(noon.Add(-24 * time.Hour)) {
		t.Errorf("another job ran at %s", last)
	}
}
