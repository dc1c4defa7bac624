package esim_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

// What fails with one item, by an error or by a panic, costs that item: the others are worked on in
// the same round, it moves back, and staff hear of it when it keeps failing.

// A poisoned store fails for what names the poison, in the way of its kind.
type poisoned struct {
	*storage.DB
	order   esim.OrderID
	esim    esim.ESIMID
	payment string
	panics  bool
	stuck   bool
	touched int
}

var errPoison = errors.New("poison")

func (p *poisoned) fail() error {
	p.touched++
	if p.panics {
		panic("poison")
	}
	return errPoison
}

func (p *poisoned) OpenTopUps(ctx context.Context, id esim.OrderID) ([]esim.Order, error) {
	if id == p.order {
		return nil, p.fail()
	}
	return p.DB.OpenTopUps(ctx, id)
}

func (p *poisoned) PaymentRefunded(ctx context.Context, r esim.RefundedPayment) error {
	if r.Payment == p.payment {
		return p.fail()
	}
	return p.DB.PaymentRefunded(ctx, r)
}

func (p *poisoned) NoteUnmatchedESIM(ctx context.Context, id esim.ESIMID, order esim.OrderID, at time.Time, n []esim.Notification) (bool, error) {
	if id == p.esim {
		return false, p.fail()
	}
	return p.DB.NoteUnmatchedESIM(ctx, id, order, at, n)
}

func (p *poisoned) BookPayment(ctx context.Context, pay esim.Payment, entry *esim.AuditEntry, n []esim.Notification) (esim.Order, esim.PaymentResult, error) {
	if pay.ID == p.payment {
		return esim.Order{}, 0, p.fail()
	}
	return p.DB.BookPayment(ctx, pay, entry, n)
}

// SavePollResults fails for the poison only where something was learned of it, as an alert or a rule
// of ours would: that it is looked at later can be stored.
func (p *poisoned) SavePollResults(ctx context.Context, readings []esim.PollResult) error {
	for _, r := range readings {
		if r.ESIM.ID == p.esim && (r.Poll.NextAlert != (time.Time{}) || len(r.Alerts.Due) > 0 || r.Sample != nil) {
			return p.fail()
		}
	}
	return p.DB.SavePollResults(ctx, readings)
}

func eachPoison(t *testing.T, test func(t *testing.T, r *rig, p *poisoned)) {
	t.Helper()
	for name, panics := range map[string]bool{"an error": false, "a panic": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{UsageLag: sandbox.Off})
			test(t, r, &poisoned{DB: r.DB, panics: panics})
		})
	}
}

func TestOneFailingCancellationCostsOnlyItself(t *testing.T) {
	t.Parallel()
	eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
		bad, _ := r.delivered()
		good, _ := r.delivered()
		for _, o := range []esim.Order{bad, good} {
			r.Must(r.canceller().Begin(t.Context(), o.ID, nil))
		}
		p.order = bad.ID
		r.Canceller.Store = p
		for range 6 {
			_, err := r.Canceller.Run(t.Context())
			r.Must(err)
			_, err = r.Canceller.Run(t.Context()) // it moved back: a moment later it is not touched
			r.Must(err)
			r.Vendor.Advance(2 * time.Minute)
		}
		r.Must(r.Refunder.Run(t.Context()))
		r.deliver()
		r.wantState(good.ID, esim.StateRefunded)
		r.wantState(bad.ID, esim.StateCancelling)
		if p.touched != 6 || r.told(esim.StaffLate) != 1 {
			t.Errorf("tried %d times in 6 rounds, staff told %d times", p.touched, r.told(esim.StaffLate))
		}
	})
}

func TestOneFailingRefundCostsOnlyItself(t *testing.T) {
	t.Parallel()
	eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
		bad, good := r.paid(r.plan(), 1, 0), r.paid(r.plan(), 1, 0)
		for _, o := range []esim.Order{bad, good} {
			r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
		}
		p.payment = "charge-" + string(bad.ID)
		r.Refunder.Store = p
		for range 6 {
			_ = r.Refunder.Run(t.Context())
			_ = r.Refunder.Run(t.Context()) // it moved back
			r.Vendor.Advance(2 * time.Hour)
		}
		r.deliver()
		r.wantState(good.ID, esim.StateRefunded)
		if p.touched != 6 || r.told(esim.StaffRefundStuck) != 1 {
			t.Errorf("tried %d times in 6 rounds, staff told %d times", p.touched, r.told(esim.StaffRefundStuck))
		}
	})
}

func TestOneFailingLineOfTheStarsAccountCostsOnlyItself(t *testing.T) {
	t.Parallel()
	eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
		bad, good := r.begin(r.plan(), 1, 0), r.begin(r.plan(), 2, 0)
		account := stars{
			{ID: "poison", Incoming: true, Amount: bad.Price, Customer: ann, Order: bad.ID, At: noon},
			{ID: "lost", Incoming: true, Amount: good.Price, Customer: ann, Order: good.ID, At: noon},
		}
		p.payment = "poison"
		r.Checkout.Store = p
		r.Vendor.Advance(time.Minute)
		r.Reconciler.Stars = account
		for range 4 {
			if _, err := r.Reconciler.Run(t.Context(), true); err == nil {
				t.Error("nobody hears of the line that fails")
			}
			r.Vendor.Advance(10 * time.Minute)
		}
		r.pass(time.Minute)
		r.deliver()
		r.wantState(good.ID, esim.StateDelivered)
		if r.told(esim.StaffFoundPaid) != 1 || r.told(esim.StaffStuck) != 1 {
			t.Errorf("staff were told %d times of the lost payment, %d times of the one that fails", r.told(esim.StaffFoundPaid), r.told(esim.StaffStuck))
		}
		p.payment = "" // mended
		if rep := r.reconcile(account); rep.Payments != 1 || rep.Stuck != 0 {
			t.Errorf("mended: %+v", rep)
		}
	})
}

func TestOneFailingESIMCostsTheComparisonOnlyItself(t *testing.T) {
	t.Parallel()
	eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
		for _, tx := range []string{"eb-first", "eb-second", "eb-third"} {
			_, err := r.Client.Order(t.Context(), esim.VendorPurchase{IdempotencyKey: tx, Plan: r.plan(), Quantity: 1})
			r.Must(err)
		}
		r.Vendor.Advance(time.Minute)
		p.esim = esim.ESIMID(r.Vendor.Profiles()[1].EsimTranNo)
		r.Reconciler.Store = p
		for i := range 4 {
			rep, err := r.Reconciler.Run(t.Context(), true)
			if err == nil || rep.Stuck != 1 || i == 0 && rep.UnmatchedESIMs != 2 {
				t.Errorf("round %d: %+v, %v", i, rep, err)
			}
			r.Vendor.Advance(10 * time.Minute)
		}
		r.deliver()
		if r.told(esim.StaffUnmatchedESIM) != 2 || r.told(esim.StaffStuck) != 1 {
			t.Errorf("staff were told of %d orphans, and %d times of the one that fails", r.told(esim.StaffUnmatchedESIM), r.told(esim.StaffStuck))
		}
	})
}

func TestOneFailingESIMCostsTheSweepOnlyItself(t *testing.T) {
	t.Parallel()
	eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
		owned := r.owned(r.plan(), 5)
		for _, e := range owned {
			r.Must(r.Vendor.Install(string(e.ID)))
		}
		r.Vendor.Advance(time.Hour)
		p.esim = owned[2].ID
		r.Watcher.Store = p
		for range 4 {
			rep, err := r.Watcher.Sweep(t.Context())
			r.Must(err)
			if rep.Trouble == nil || !strings.Contains(rep.Trouble.Error(), string(p.esim)) || rep.Watched != 5 {
				t.Errorf("%+v, %v", rep, err)
			}
			r.Vendor.Advance(2 * time.Hour)
		}
		r.deliver()
		for _, e := range owned {
			if asked := r.esim(string(e.ID)).Asked; asked.After(e.Asked) == (e.ID == p.esim) {
				t.Errorf("eSIM %s was looked at: %t", e.ID, asked.After(e.Asked))
			}
		}
		if r.told(esim.StaffStuck) != 1 {
			t.Errorf("staff were told %d times", r.told(esim.StaffStuck))
		}
	})
}

func TestOneFailingVendorEventCostsOnlyItself(t *testing.T) {
	t.Parallel()
	eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
		owned := r.owned(r.plan(), 2)
		p.esim = owned[0].ID
		r.Watcher.Store = p
		worker := &esim.VendorEventWorker{Store: r.DB, Watcher: r.Watcher, Now: r.Vendor.Time, Wake: func() {}}
		for _, e := range owned {
			r.Must(r.Vendor.Install(string(e.ID)))
		}
		r.Vendor.Advance(time.Minute)
		for _, e := range owned {
			_, err := r.DB.AddVendorEvent(t.Context(), esim.VendorEvent{ID: "event " + string(e.ID), Kind: "ESIM_STATUS", ESIM: e.ID, Received: r.Vendor.Time()})
			r.Must(err)
		}
		for range 6 {
			if _, err := worker.Run(t.Context()); err == nil {
				t.Error("nobody hears of the look-up that fails")
			}
			r.Vendor.Advance(time.Hour)
		}
		r.deliver()
		if r.esim(string(owned[1].ID)).EID == "" || p.touched != 6 || r.told(esim.StaffStuck) != 1 {
			t.Errorf("the other is %+v; tried %d times in 6 rounds, staff told %d times", r.esim(string(owned[1].ID)).Profile, p.touched, r.told(esim.StaffStuck))
		}
	})
}

// TestOneESIMThatTheVendorCannotReadCostsOnlyItself: some eSIMs' numbers get a server error, and
// the usage of ten is asked for at once.
func TestOneESIMThatTheVendorCannotReadCostsOnlyItself(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{UsageLag: sandbox.Off})
	owned := r.owned(r.plan(), 5)
	for _, e := range owned {
		r.Must(r.Vendor.Burn(string(e.ID), 5<<20))
	}
	r.Vendor.Advance(4 * time.Hour)
	r.Watcher.Source = &unreadable{UsageSource: r.Watcher.Source, esim: owned[2].ID}
	for range 4 {
		rep, err := r.Watcher.Sweep(t.Context())
		r.Must(err)
		if rep.Trouble == nil {
			t.Error("nobody hears of it")
		}
		r.Vendor.Advance(2 * time.Hour)
	}
	r.deliver()
	for _, e := range owned {
		if used := r.esim(string(e.ID)).UsageAt; used.IsZero() != (e.ID == owned[2].ID) {
			t.Errorf("the usage of eSIM %s was read at %s", e.ID, used)
		}
	}
	if r.told(esim.StaffStuck) != 1 {
		t.Errorf("staff were told %d times", r.told(esim.StaffStuck))
	}
}

// An unreadable vendor has a server error for one eSIM's usage.
type unreadable struct {
	esim.UsageSource
	esim esim.ESIMID
}

func (u *unreadable) Usage(ctx context.Context, ids []esim.ESIMID) ([]esim.Usage, error) {
	if slices.Contains(ids, u.esim) {
		return nil, &esim.VendorError{Op: "esim/usage/query", Code: "000001", Message: "UNKNOWN_ERROR", Outcome: esim.OutcomeNotDone, Action: esim.ActionRetry}
	}
	return u.UsageSource.Usage(ctx, ids)
}

func (p *poisoned) ApplyTransition(ctx context.Context, m esim.Transition) error {
	if m.Order == p.order && m.To == esim.StateAllocating {
		return p.fail()
	}
	return p.DB.ApplyTransition(ctx, m)
}

// NoteWork cannot be done either, when all of an order's rows are out of reach.
func (p *poisoned) NoteWork(ctx context.Context, o esim.Order, n []esim.Notification) error {
	if o.ID == p.order && p.stuck {
		return p.fail()
	}
	return p.DB.NoteWork(ctx, o, n)
}

func TestOneFailingOrderCostsOnlyItself(t *testing.T) {
	t.Parallel()
	for _, stuck := range []bool{false, true} { // it cannot even be moved back
		eachPoison(t, func(t *testing.T, r *rig, p *poisoned) {
			bad := r.paid(r.plan(), 1, 0)
			p.order, p.stuck = bad.ID, stuck
			r.Fulfiller.Store, r.Fulfiller.Workers = p, 1
			good := r.paid(r.plan(), 1, 0)
			end := r.Vendor.Time().Add(10 * time.Minute)
			rounds := 0
			for ; r.Vendor.Time().Before(end); rounds++ {
				next, err := r.Fulfiller.Run(t.Context())
				r.Must(err)
				r.Fulfiller.Wait()
				r.Vendor.Advance(max(next.Sub(r.Vendor.Time()), 250*time.Millisecond))
			}
			r.deliver()
			r.wantState(good.ID, esim.StateDelivered)
			if p.touched > 60 || rounds > 3000 {
				t.Errorf("touched %d times in %d rounds", p.touched, rounds)
			}
			if late := r.told(esim.StaffLate); late != 1 && !stuck {
				t.Errorf("staff were told %d times", late)
			}
			p.order = "" // mended
			r.Vendor.Advance(2 * time.Minute)
			r.pass(time.Minute)
			r.deliver()
			r.wantState(bad.ID, esim.StateDelivered)
			if n := r.Vendor.Charged(bad.IdempotencyKey); n != 1 {
				t.Errorf("bought %d times", n)
			}
		})
	}
}
