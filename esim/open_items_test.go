package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// A pure table: what is open, and what waits for nobody of the staff.
func TestWhatIsOpenForStaff(t *testing.T) {
	t.Parallel()
	now := noon
	old := now.Add(-48 * time.Hour)
	for _, tt := range []struct {
		name string
		o    esim.Order
		want bool
	}{
		{"needs a human", esim.Order{State: esim.StateNeedsHuman, Changed: now}, true},
		{"paid, told to be late", esim.Order{State: esim.StateOrdering, StaffTold: true, Changed: old}, true},
		{"paid a moment ago", esim.Order{State: esim.StatePaid, Changed: now}, false},
		{"cancelled slowly", esim.Order{State: esim.StateCancelling, StaffTold: true, Changed: old}, true},
		{"its QR does not get out", esim.Order{State: esim.StateAllocating, Allocated: true, Changed: old}, true},
		{"its QR is under way", esim.Order{State: esim.StateAllocating, Allocated: true, Changed: now}, false},
		{"awaits money by hand", esim.Order{State: esim.StateAwaitingPayment, Method: esim.MethodManual, NextAt: now.Add(time.Hour)}, true},
		{"nobody paid by hand in time", esim.Order{State: esim.StateAwaitingPayment, Method: esim.MethodManual, NextAt: old}, false},
		{"awaits Stars", esim.Order{State: esim.StateAwaitingPayment, Method: esim.MethodStars, NextAt: now.Add(time.Hour)}, false},
		{"delivered", esim.Order{State: esim.StateDelivered, StaffTold: true, Changed: old}, false},
	} {
		if got := esim.NewOpenItems([]esim.Order{tt.o}, nil, now).Count() == 1; got != tt.want {
			t.Errorf("%s: open %t", tt.name, got)
		}
	}
	refunds := []esim.DueRefund{{Attempts: 1}, {Attempts: 5}}
	if got := esim.NewOpenItems(nil, refunds, now); len(got.Refunds) != 1 {
		t.Errorf("of refunds that failed once and five times %d are open", len(got.Refunds))
	}
}

// What is open is in one reminder a day until it is closed, and nothing is said when nothing is.
func TestWhatIsOpenIsRemindedOfOnceADayUntilItIsClosed(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	days := func(n int) (told int) {
		t.Helper()
		before := r.told(esim.StaffOpenItems)
		for range n * 24 {
			r.Vendor.Advance(time.Hour)
			r.Must(r.Admin.Remind(t.Context()))
			_ = r.Refunder.Run(t.Context()) // what fails is due again
		}
		r.deliver()
		return r.told(esim.StaffOpenItems) - before
	}
	if n := days(3); n != 0 {
		t.Fatalf("%d reminders of nothing", n)
	}
	o := r.order(r.paid(r.plan(), 1, 0).ID)
	r.Must(r.DB.ApplyTransition(t.Context(), o.TransitionTo(esim.StateNeedsHuman, "test", r.Vendor.Time())))
	if n := days(4); n < 3 || n > 4 {
		t.Errorf("%d reminders in four days of an order that needs a human", n)
	}
	r.bank.fail = 1 << 30
	r.Must(r.Admin.Refund(t.Context(), o.ID, act("refund")))
	if n := days(3); n != 3 {
		t.Errorf("%d reminders in three days of a refund that fails", n)
	}
	r.bank.fail = 0
	r.Vendor.Advance(2 * time.Hour)
	r.Must(r.Refunder.Run(t.Context()))
	r.wantState(o.ID, esim.StateRefunded)
	if n := days(3); n != 0 {
		t.Errorf("%d reminders after all was closed", n)
	}
}
