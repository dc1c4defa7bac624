package esim_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

// lapsesIn turns the clock to so long before an eSIM lapses.
func (r *rig) lapsesIn(e esim.ESIM, left time.Duration) {
	r.Helper()
	r.Vendor.Advance(r.esim(string(e.ID)).Expires.Add(-left).Sub(r.Vendor.Time()))
}

// Who never used an eSIM is reminded 30, 7 and 1 days before it lapses, each once, and told when it
// did.
func TestAnUnusedESIMIsRemindedOfBeforeItLapses(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	r.Vendor.Down(true) // time alone brings these
	all := []esim.AlertKind{esim.AlertUnused30, esim.AlertUnused7, esim.AlertUnused1, esim.AlertLapsed}
	for _, tt := range []struct {
		left time.Duration
		want []esim.AlertKind
	}{
		{31 * 24 * time.Hour, nil},
		{29 * 24 * time.Hour, all[:1]},
		{8 * 24 * time.Hour, all[:1]},
		{6 * 24 * time.Hour, all[:2]},
		{23 * time.Hour, all[:3]},
		{-time.Hour, all},
		{-48 * time.Hour, all},
	} {
		r.lapsesIn(e, tt.left)
		r.Must(r.Watcher.Remind(t.Context()))
		r.Must(r.Watcher.Remind(t.Context()))
		if got := r.alerts(); !slices.Equal(got, tt.want) {
			t.Errorf("%s before it lapses: %v, want %v", tt.left, got, tt.want)
		}
	}
}

// A shop that was off for weeks reminds once, of what is gravest.
func TestOfRemindersMissedOnlyTheGravestIsGiven(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	r.lapsesIn(e, 5*24*time.Hour)
	r.restart()
	for range 2 {
		r.Must(r.Watcher.Remind(t.Context()))
	}
	if got := r.alerts(); !slices.Equal(got, []esim.AlertKind{esim.AlertUnused7}) {
		t.Errorf("told %v", got)
	}
}

// On its last day an unused eSIM is cancelled at the vendor, and then the money goes back.
func TestUnusedMeansMoneyBackByItself(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		before func(r *rig, e esim.ESIM) // its last day
		off    bool
		want   esim.State
		vendor string
		told   esim.AlertKind
		late   time.Duration // that the vendor needs
	}{
		{name: "unused", want: esim.StateRefunded, vendor: "CANCEL", told: esim.AlertUnusedRefunded},
		{name: "switched off", off: true, want: esim.StateDelivered, vendor: "UNUSED_EXPIRED", told: esim.AlertLapsed},
		{name: "installed at the last moment", want: esim.StateDelivered, told: esim.AlertLapsed, before: func(r *rig, e esim.ESIM) {
			r.Must(r.Vendor.Install(string(e.ID))) // nobody has looked since
		}},
		{name: "in use", want: esim.StateDelivered, before: func(r *rig, e esim.ESIM) { r.Must(r.Vendor.Burn(string(e.ID), 1<<20)) }},
		{name: "a top-up is under way", want: esim.StateDelivered, before: func(r *rig, e esim.ESIM) { r.toppedUp(e) }},
		{name: "topped up", want: esim.StateDelivered, before: func(r *rig, e esim.ESIM) { r.toppedUp(e); r.pass(20 * time.Minute) }},
		{name: "the answer is lost", want: esim.StateRefunded, vendor: "CANCEL", told: esim.AlertUnusedRefunded, before: func(r *rig, e esim.ESIM) {
			r.Vendor.Break(sandbox.Fault{Endpoint: "esim/cancel", Kind: sandbox.LoseAnswer, Count: 1})
		}},
		{name: "the vendor refuses for long", want: esim.StateNeedsHuman, before: func(r *rig, e esim.ESIM) {
			r.Vendor.Break(sandbox.Fault{Endpoint: "esim/cancel", Kind: sandbox.Refuse, Code: "000001"})
		}, late: 48 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			r.Canceller.RefundUnused = !tt.off
			balance := r.Vendor.Balance()
			o, e := r.delivered()
			r.lapsesIn(e, 13*time.Hour)
			r.Must(r.Canceller.CancelUnused(t.Context()))
			r.wantState(o.ID, esim.StateDelivered) // there is time yet
			r.lapsesIn(e, 11*time.Hour)
			if tt.before != nil {
				tt.before(r, e)
			}
			for range 2 {
				r.Must(r.Canceller.CancelUnused(t.Context()))
			}
			r.cancelling(r.Canceller)
			for end := r.Vendor.Time().Add(tt.late); r.Vendor.Time().Before(end); {
				r.Vendor.Advance(time.Hour)
				r.cancelling(r.Canceller)
			}
			if tt.want == esim.StateDelivered {
				r.lapsesIn(e, -time.Hour)
				r.sweep()
				r.deliver()
			}
			r.wantState(o.ID, tt.want)
			if p, _ := r.Vendor.Profile(string(e.ID)); tt.vendor != "" && p.EsimStatus != tt.vendor {
				t.Errorf("the vendor has it %s, want %s", p.EsimStatus, tt.vendor)
			}
			if tt.told != "" && r.alerted(tt.told) != 1 {
				t.Errorf("told %v, want %s once", r.alerts(), tt.told)
			}
			back := tt.want == esim.StateRefunded
			if (len(r.bank.returned) == 1) != back || back && r.Vendor.Balance() != balance {
				t.Errorf("returned %v; the vendor's balance %d, was %d", r.bank.returned, r.Vendor.Balance(), balance)
			}
			if tt.want == esim.StateNeedsHuman && r.told(esim.StaffNeedsHuman) == 0 {
				t.Error("staff do not know")
			}
		})
	}
}

// A cancellation that a customer, or staff, asked for on the last day is not told as the shop's own.
func TestACancelOnTheLastDayIsWhoseItIs(t *testing.T) {
	t.Parallel()
	for name, entry := range map[string]*esim.AuditEntry{"the customer": nil, "staff": {Who: 1, What: "cancel", Why: "asked to"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			r.Canceller.RefundUnused = true
			o, e := r.delivered()
			r.lapsesIn(e, 11*time.Hour)
			r.Must(r.Canceller.Begin(t.Context(), o.ID, entry))
			r.Must(r.Canceller.CancelUnused(t.Context()))
			r.cancelling(r.Canceller)
			r.wantState(o.ID, esim.StateRefunded)
			if n := r.alerted(esim.AlertUnusedRefunded); n != 0 {
				t.Errorf("told %d times that the shop gave it back by itself", n)
			}
		})
	}
}

// Of an order of which one eSIM is in use, the unused ones go back alone, as store credit.
func TestTheUnusedPartOfAnOrderGoesBackAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(3)
	r.Must(r.Vendor.Burn(string(esims[0].ID), 1<<20)) // nobody has looked since
	r.lapsesIn(esims[1], 11*time.Hour)
	for range 4 {
		r.Must(r.Canceller.CancelUnused(t.Context()))
		r.cancelling(r.Canceller)
	}
	r.wantState(o.ID, esim.StateDelivered)
	credit := esim.USDCents(2 * o.PartCredit().Minor)
	r.wantCredit(credit)
	if got := r.order(o.ID); got.Returned != 2 || r.alerted(esim.AlertUnusedRefunded) != 2 || len(r.bank.returned) != 0 {
		t.Errorf("%d returned, told %v, sent back %v", got.Returned, r.alerts(), r.bank.returned)
	}
}

// An order of several that were never used goes back whole, the way it came.
func TestAnOrderThatWasNeverUsedGoesBackWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(3)
	r.lapsesIn(esims[0], 11*time.Hour)
	r.Must(r.Canceller.CancelUnused(t.Context()))
	r.cancelling(r.Canceller)
	r.wantState(o.ID, esim.StateRefunded)
	if len(r.bank.returned) != 1 || r.alerted(esim.AlertUnusedRefunded) != 1 {
		t.Errorf("sent back %v, told %v", r.bank.returned, r.alerts())
	}
}

// What keeps the vendor from being asked is told to staff, once a day.
func TestAnUnusedESIMThatCannotBeLookedAtIsToldToStaff(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	r.lapsesIn(e, 11*time.Hour)
	r.Vendor.Down(true)
	for range 3 {
		if err := r.Canceller.CancelUnused(t.Context()); err == nil {
			t.Error("no error of the vendor")
		}
	}
	r.deliver()
	if r.told(esim.StaffStuck) != 1 {
		t.Errorf("staff told %d times", r.told(esim.StaffStuck))
	}
}

// A machine that wakes up in another month takes no eSIM from its customer: the vendor's answer says what time it is there.
func TestAWrongClockCancelsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, e := r.delivered()
	r.lapsesIn(e, 30*24*time.Hour)
	server := httptest.NewServer(r.Vendor)
	t.Cleanup(server.Close)
	off := 30 * 24 * time.Hour
	wrong := func() time.Time { return r.Vendor.Time().Add(off) }
	vendor, err := esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: server.URL, Now: wrong, PerSecond: 1e6})
	r.Must(err)
	r.Canceller.Now, r.Canceller.Profiles, r.Canceller.Ahead = wrong, vendor, vendor.Ahead
	if err := r.Canceller.CancelUnused(t.Context()); !errors.Is(err, esim.ErrClockWrong) {
		t.Errorf("with the clock a month ahead: %v", err)
	}
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if n := r.told(esim.StaffStuck); n != 1 {
		t.Errorf("staff were told %d times", n)
	}
	off = 0
	r.Must(r.Canceller.CancelUnused(t.Context()))
	r.wantState(o.ID, esim.StateDelivered) // there is a month yet
	r.lapsesIn(e, 11*time.Hour)
	r.Must(r.Canceller.CancelUnused(t.Context()))
	r.wantState(o.ID, esim.StateCancelling)
}
