package esim_test

import (
	"context"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

const orderCall = "esim/order"

func refuse(code string, count int) sandbox.Fault {
	return sandbox.Fault{Endpoint: orderCall, Kind: sandbox.Refuse, Code: code, Count: count}
}

// TestFulfilment breaks the vendor in every known way. Whatever happens, money is
// taken from our account once or not at all, and the customer ends with an eSIM or
// with the money back, never with both and never with neither.
func TestFulfilment(t *testing.T) {
	t.Parallel()
	order := func(k sandbox.FaultKind, count int) []sandbox.Fault {
		return []sandbox.Fault{{Endpoint: orderCall, Kind: k, Count: count}}
	}
	tests := []struct {
		name    string
		options sandbox.Options
		faults  []sandbox.Fault
		break_  func(r *rig, p esim.Plan) // besides faults, after the payment
		mend    func(r *rig)              // two minutes later
		pass    time.Duration             // after that
		refund  bool                      // else an eSIM
		late    int                       // times staff are told that it takes long
	}{
		{name: "no fault"},
		{name: "the answer is lost once", faults: order(sandbox.LoseAnswer, 1)},
		{name: "the answer is lost twice", faults: order(sandbox.LoseAnswer, 2)},
		{name: "the request is lost", faults: order(sandbox.LoseRequest, 1)},
		{name: "a proxy's error page", faults: order(sandbox.BadGateway, 2)},
		{name: "a proxy's error page after the work", faults: []sandbox.Fault{{Endpoint: orderCall, Kind: sandbox.BadGateway, Count: 2, Worked: true}}},
		{name: "an answer cut in the middle", faults: order(sandbox.CutBody, 2)},
		{name: "too many calls", faults: order(sandbox.RateBurst, 3)},
		{name: "server error", faults: []sandbox.Fault{refuse("000001", 3)}},
		{name: "a code nobody knows", faults: []sandbox.Fault{refuse("777777", 2)}},
		{name: "a used key is refused after a lost answer", options: sandbox.Options{RepeatedOrder: sandbox.Refuse310402}, faults: order(sandbox.LoseAnswer, 1)},
		{
			name: "down for 20 minutes", break_: func(r *rig, _ esim.Plan) { r.Vendor.Down(true); r.pass(20 * time.Minute) },
			mend: func(r *rig) { r.Vendor.Down(false) }, late: 1,
		},

		{
			name: "balance too low, then paid in", break_: func(r *rig, _ esim.Plan) { r.Vendor.SetBalance(0) },
			mend: func(r *rig) { r.Vendor.SetBalance(1e7) }, late: 1,
		},
		{name: "balance too low for half an hour", break_: func(r *rig, _ esim.Plan) { r.Vendor.SetBalance(0) }, pass: 35 * time.Minute, refund: true, late: 1},
		{name: "wrong access code for half an hour", faults: []sandbox.Fault{refuse("401001", 0)}, pass: 35 * time.Minute, refund: true, late: 1},
		{name: "sold out", faults: []sandbox.Fault{refuse("200011", 0)}, refund: true},
		{name: "no such plan", faults: []sandbox.Fault{refuse("310241", 0)}, refund: true},
		{name: "dearer, still below the retail price", break_: func(r *rig, p esim.Plan) { r.Must(r.Vendor.SetPrice(p.Code, p.Wholesale.Minor+500)) }},
		{name: "cheaper", break_: func(r *rig, p esim.Plan) { r.Must(r.Vendor.SetPrice(p.Code, p.Wholesale.Minor-500)) }},
		{name: "dearer than the retail price", break_: func(r *rig, p esim.Plan) { r.Must(r.Vendor.SetPrice(p.Code, 3*p.Wholesale.Minor)) }, refund: true},
		{name: "a price that never fits", faults: []sandbox.Fault{refuse("200005", 0)}, pass: 5 * time.Minute, refund: true},

		{name: "bought without an answer, then refused", faults: append(order(sandbox.LoseAnswer, 1), refuse("310241", 0))},
		{name: "bought without an answer, then sold out", faults: append(order(sandbox.CutBody, 1), refuse("200011", 0))},
		{name: "bought without an answer, then no balance for an hour", faults: append(order(sandbox.LoseAnswer, 1), refuse("200007", 0)), pass: time.Hour, late: 1},
		{name: "asked without an answer, then refused", faults: append(order(sandbox.LoseRequest, 1), refuse("310241", 0)), pass: 15 * time.Minute, refund: true, late: 1},
		{name: "bought without an answer, then refused while look-ups fail", faults: append(order(sandbox.LoseAnswer, 1),
			refuse("310241", 0), sandbox.Fault{Endpoint: "esim/query", Kind: sandbox.Refuse, Code: "200002", Count: 3})},
		{name: "allocation takes 20 minutes", options: sandbox.Options{AllocationTime: 20 * time.Minute}, pass: 22 * time.Minute, late: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.options)
			p := r.plan()
			o := r.paid(p, 1, 0)
			for _, f := range tt.faults {
				r.Vendor.Break(f)
			}
			if tt.break_ != nil {
				tt.break_(r, p)
			}
			r.pass(2 * time.Minute)
			if tt.mend != nil {
				tt.mend(r)
				r.pass(2 * time.Minute)
			}
			r.pass(tt.pass)
			r.deliver()
			r.Must(r.Refunder.Run(t.Context()))
			r.deliver()
			r.pass(time.Hour) // nothing comes after the end
			r.deliver()
			if tt.refund {
				r.wantRefunded(o)
			} else {
				r.wantDelivered(o)
			}
			if n := r.told(esim.StaffLate); n != tt.late {
				t.Errorf("staff were told %d times that it takes long, want %d", n, tt.late)
			}
			if now := r.order(o.ID); t.Failed() {
				t.Logf("order: %s, %s, unsure %t; reports: %v", now.State, now.Reason, now.OutcomeUnknown, r.reports)
			}
			if hidden := r.Catalog.Hidden(p.Code); hidden {
				t.Error("a plan is hidden for longer than an hour")
			}
		})
	}
}

func (r *rig) wantDelivered(o esim.Order) {
	r.Helper()
	now := r.order(o.ID)
	if n := r.Vendor.Charged(o.IdempotencyKey); n != 1 || now.State != esim.StateDelivered {
		r.Errorf("charged %d times, %s: %s; want once, delivered", n, now.State, now.Reason)
	}
	if n := r.Vendor.Charged(""); n != 1 {
		r.Errorf("our account was charged %d times in all", n)
	}
	esims, err := r.DB.ESIMsOfOrder(r.Context(), o.ID)
	if err != nil || len(esims) != o.Quantity || r.told(esim.NotifyQR) != o.Quantity {
		r.Errorf("%d eSIMs, %d QR messages, %v; want %d", len(esims), r.told(esim.NotifyQR), err, o.Quantity)
	}
	if len(r.bank.returned) != 0 || r.told(esim.StaffFailure) != 0 {
		r.Errorf("returned %v, staff told %d times of a failure", r.bank.returned, r.told(esim.StaffFailure))
	}
	if r.told(esim.StaffSale) != 1 {
		r.Errorf("staff told of %d sales", r.told(esim.StaffSale))
	}
	if v, _ := r.Vendor.Profile(string(esims[0].ID)); v.TransactionID != o.IdempotencyKey {
		r.Errorf("the eSIM is of order %q, want %q", v.TransactionID, o.IdempotencyKey)
	}
}

func (r *rig) wantRefunded(o esim.Order) {
	r.Helper()
	now := r.order(o.ID)
	if n := r.Vendor.Charged(""); n != 0 || now.State != esim.StateRefunded {
		r.Errorf("charged %d times, %s: %s; want never, refunded", n, now.State, now.Reason)
	}
	if len(r.bank.returned) != 1 || r.bank.returned[0].Amount != o.Price {
		r.Errorf("returned %v, want %s once", r.bank.returned, o.Price)
	}
	for k, want := range map[esim.NotificationKind]int{
		esim.NotifyQR: 0, esim.NotifyRefunded: 0, esim.StaffFailure: 1, esim.StaffRefunded: 1, esim.StaffSale: 0,
	} {
		if n := r.told(k); n != want {
			r.Errorf("%d notices %s, want %d", n, k, want)
		}
	}
}

func TestSoldOutPlanIsHiddenForAWhile(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	r.paid(p, 1, 0)
	r.Vendor.Break(refuse("200011", 1))
	r.pass(time.Second)
	if _, err := r.Checkout.Quote(p.Code, 1, 0); !r.Catalog.Hidden(p.Code) || err == nil {
		t.Errorf("hidden: %t, quote: %v", r.Catalog.Hidden(p.Code), err)
	}
	r.Vendor.Advance(time.Hour)
	if r.Catalog.Hidden(p.Code) {
		t.Error("still hidden after an hour")
	}
}

// TestNoRefundBeforeTheLookUpSettles: a purchase that nobody answered may take its
// time into the vendor's list, so ten minutes are waited before the money goes back.
func TestNoRefundBeforeTheLookUpSettles(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.paid(r.plan(), 1, 0)
	r.Vendor.Break(sandbox.Fault{Endpoint: orderCall, Kind: sandbox.LoseRequest, Count: 1})
	r.Vendor.Break(refuse("310241", 0))
	r.pass(9 * time.Minute)
	if now := r.order(o.ID); now.State != esim.StateOrdering || !now.OutcomeUnknown {
		t.Errorf("after 9 minutes: %s, unsure %t", now.State, now.OutcomeUnknown)
	}
	r.pass(3 * time.Minute)
	if now := r.order(o.ID); now.State != esim.StateRefunding {
		t.Errorf("after 12 minutes: %s", now.State)
	}
}

// TestSlowAllocationIsNeverRefunded also looks at what is told meanwhile.
func TestSlowAllocationIsNeverRefunded(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{AllocationTime: 3 * time.Hour})
	o := r.paid(r.plan(), 2, 0)
	for range 11 {
		r.pass(15 * time.Minute)
		r.deliver()
		if now := r.order(o.ID); now.State != esim.StateAllocating || r.told(esim.StaffLate) != 1 {
			t.Fatalf("%s: %s, staff told %d times", r.Vendor.Time(), now.State, r.told(esim.StaffLate))
		}
	}
	r.pass(time.Hour)
	r.deliver()
	r.wantDelivered(o)
}

// TestProgramDiesDuringThePurchase stops the program while the vendor works: the
// next run asks with the same key and is charged once.
func TestProgramDiesDuringThePurchase(t *testing.T) {
	t.Parallel()
	for _, repeated := range []sandbox.RepeatedOrder{sandbox.AnswerFirst, sandbox.Refuse310402} {
		r := newRig(t, sandbox.Options{RepeatedOrder: repeated})
		o := r.paid(r.plan(), 1, 0)
		stop := r.Vendor.BreakpointAt(orderCall, sandbox.AfterWork)
		ctx, die := context.WithCancel(t.Context())
		_, err := r.Fulfiller.Run(ctx)
		r.Must(err)
		<-stop.Reached()
		die()
		r.Fulfiller.Wait()
		stop.Release()
		if now := r.order(o.ID); now.State != esim.StateOrdering || !now.OutcomeUnknown {
			t.Errorf("after the death: %s, unsure %t", now.State, now.OutcomeUnknown)
		}
		r.restart()
		r.pass(2 * time.Minute)
		r.deliver()
		r.wantDelivered(o)
	}
}

func TestDayPassIsBoughtForItsDays(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	for _, p := range r.Catalog.Current().Country("JP") {
		if !p.DayPass() {
			continue
		}
		before := r.Vendor.Balance()
		o := r.paid(p, 2, 5)
		r.pass(time.Minute)
		r.deliver()
		r.wantDelivered(o)
		if paid := before - r.Vendor.Balance(); paid != o.Wholesale.Minor || paid != 10*p.Wholesale.Minor {
			t.Errorf("our account paid %d, reckoned %s", paid, o.Wholesale)
		}
		if v := r.Vendor.Profiles()[0]; v.Days != 5 || !v.DayPass {
			t.Errorf("the eSIM lasts %d days, day pass: %t", v.Days, v.DayPass)
		}
		return
	}
	t.Fatal("no day pass")
}

func TestSlowOrderHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	slow := r.paid(r.plan(), 1, 0)
	stop := r.Vendor.BreakpointAt(orderCall, sandbox.BeforeWork)
	_, err := r.Fulfiller.Run(t.Context())
	r.Must(err)
	<-stop.Reached()
	quick := r.paid(r.plan(), 1, 0)
	done := make(chan struct{}, 10)
	r.Fulfiller.Wake = func() { done <- struct{}{} }
	_, err = r.Fulfiller.Run(t.Context())
	r.Must(err)
	<-done
	if now := r.order(quick.ID); now.State != esim.StateAllocating {
		t.Errorf("the quick one: %s", now.State)
	}
	if now := r.order(slow.ID); now.State != esim.StateOrdering {
		t.Errorf("the slow one: %s", now.State)
	}
	stop.Release()
	r.Fulfiller.Wait()
	if r.Vendor.Charged(slow.IdempotencyKey) != 1 || r.Vendor.Charged(quick.IdempotencyKey) != 1 {
		t.Error("not charged once each")
	}
}
