package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// The program sends back only what this database knows: a sale of another database of the same
// bot has a live eSIM.
func TestOnlyWhatThisDatabaseKnowsGoesBack(t *testing.T) {
	t.Parallel()
	line := func(id string, order esim.OrderID, stars int64, at time.Time) esim.StarTransaction {
		return esim.StarTransaction{ID: id, Incoming: true, Amount: esim.Stars(stars), Customer: ann, Order: order, At: at}
	}
	t.Run("a new database and a sale of 40 days ago", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		account := stars{line("old", "ABCD0001", 231, noon.Add(-40*24*time.Hour)), line("older", "ABCD0000", 100, noon.Add(-41*24*time.Hour))}
		for i, want := range []int{2, 0} {
			if rep := r.reconcile(account); rep.Unexplained != want || rep.Payments != 0 {
				t.Errorf("time %d: %+v", i+1, rep)
			}
		}
		r.ending()
		if len(r.bank.returned) != 0 || r.told(esim.StaffUnexplained) != 1 || r.sent[0].Amount != esim.Stars(331) {
			t.Errorf("returned %v, told %+v", r.bank.returned, r.sent)
		}
		open, err := r.DB.UnexplainedPayments(t.Context())
		r.Must(err)
		if len(open) != 2 || !open[0].Older || open[0].ID != "older" {
			t.Errorf("listed: %+v", open)
		}
		r.reconcile(append(account, esim.StarTransaction{ID: "old", Amount: esim.Stars(231), Customer: ann, At: r.Vendor.Time()}))
		if open, err = r.DB.UnexplainedPayments(t.Context()); err != nil || len(open) != 1 {
			t.Errorf("after a refund elsewhere: %+v, %v", open, err)
		}
	})
	t.Run("an older copy and a sale since", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		o, _ := r.delivered()
		account := stars{line("charge-"+string(o.ID), o.ID, o.Price.Minor, o.PaidAt)}
		r.reconcile(account)
		r.Vendor.Advance(time.Hour)
		account = append(account, line("since", "ABCD0001", 50, r.Vendor.Time()))
		r.Vendor.Advance(time.Hour)
		if rep := r.reconcile(account); rep.Unexplained != 1 {
			t.Errorf("%+v", rep)
		}
		r.ending()
		if len(r.bank.returned) != 0 || r.told(esim.StaffUnexplained) != 1 {
			t.Errorf("returned %v, staff told %d times", r.bank.returned, r.told(esim.StaffUnexplained))
		}
	})
	t.Run("paid twice, and the order is known", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		o, _ := r.delivered()
		r.Vendor.Advance(time.Hour)
		r.reconcile(stars{line("again", o.ID, o.Price.Minor, noon.Add(time.Minute))})
		r.ending()
		if len(r.bank.returned) != 1 {
			t.Errorf("returned %v", r.bank.returned)
		}
	})
	t.Run("the clock was set back six hours since", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		lost := r.begin(r.plan(), 1, 0)
		account := stars{
			line("new", "ABCD0001", 50, r.Vendor.Time().Add(6*time.Hour)),
			line("lost", lost.ID, lost.Price.Minor, r.Vendor.Time().Add(6*time.Hour)), // behind it in the account
		}
		if rep := r.reconcile(account); rep.Unexplained != 0 {
			t.Errorf("its update may be on its way: %+v", rep)
		}
		r.Vendor.Advance(10 * time.Minute)
		if rep := r.reconcile(account); rep.Unexplained != 1 || rep.Payments != 1 {
			t.Errorf("ten minutes later: %+v", rep)
		}
		r.ending()
		if n := r.told(esim.StaffUnexplained); n != 1 {
			t.Errorf("staff were told %d times", n)
		}
	})
	t.Run("the update of this moment comes yet", func(t *testing.T) {
		r := newRig(t, sandbox.Options{})
		account := stars{line("new", "ABCD0001", 50, r.Vendor.Time())}
		if rep := r.reconcile(account); rep.Unexplained != 0 {
			t.Errorf("%+v", rep)
		}
		r.Vendor.Advance(time.Hour)
		if rep := r.reconcile(account); rep.Unexplained != 1 {
			t.Errorf("later: %+v", rep)
		}
	})
}

// Another bot has another account: the position in the old one says nothing of it.
func TestWithANewTokenALostPaymentIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Reconciler.Bot = 1
	var old stars
	for range 80 {
		old = append(old, esim.StarTransaction{ID: "refund", Amount: esim.Stars(1), Customer: ann, At: noon})
	}
	r.reconcile(old)
	o := r.begin(r.plan(), 1, 0)
	account := stars{{ID: "charge", Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()}}
	r.Vendor.Advance(time.Minute)
	r.Reconciler.Bot = 2
	if rep := r.reconcile(account); rep.Payments != 1 {
		t.Errorf("%+v", rep)
	}
}

// A message of a payment tells of a sale of another database too: one that waited at the messenger
// while the database was replaced, or that was meant for the shop whose token a sandbox took.
func TestAPaymentOfAnUnknownOrderIsHeld(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		sold  bool // here, at noon
		dated time.Duration
		want  esim.PaymentResult
	}{
		{"nothing was ever sold here", false, 0, esim.PaymentUnexplained},
		{"older than the first sale here", true, -time.Hour, esim.PaymentUnexplained},
		{"younger: a restored copy does not know its sale", true, time.Hour, esim.PaymentUnexplained},
	} {
		r := newRig(t, sandbox.Options{})
		if tt.sold {
			r.delivered()
		}
		p := esim.Payment{ID: "foreign", Order: "ABCD0001", Customer: bob, Amount: esim.Stars(231), Method: esim.MethodStars, At: r.Vendor.Time(), Dated: noon.Add(tt.dated)}
		for range 2 { // its update comes again
			if _, b, err := r.Checkout.Paid(t.Context(), p); err != nil || b != tt.want && b != esim.PaymentKnown {
				t.Errorf("%s: %d, %v", tt.name, b, err)
			}
		}
		r.ending()
		held := 0
		if tt.want == esim.PaymentUnexplained {
			held = 1
		}
		open, err := r.DB.UnexplainedPayments(t.Context())
		r.Must(err)
		if len(open) != held || r.told(esim.StaffUnexplained) != held || len(r.bank.returned) != 1-held {
			t.Errorf("%s: held %+v, staff told %d times, returned %v", tt.name, open, r.told(esim.StaffUnexplained), r.bank.returned)
		}
	}
}

// A payment by card that names an order of another database is held like one in Stars: its eSIM may be
// delivered, and what became of it the lost database knew. Staff make store credit of it, or keep it.
func TestACardPaymentOfAnUnknownOrderIsHeld(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]bool{"sent back": true, "kept": false} {
		r := newRig(t, sandbox.Options{})
		p := esim.Payment{ID: "card", Order: "ABCD0001", Customer: bob, Amount: esim.USDCents(420), Method: esim.MethodProvider, At: r.Vendor.Time(), Dated: noon}
		stars := esim.Payment{ID: "stars", Order: "ABCD0002", Customer: bob, Amount: esim.Stars(231), Method: esim.MethodStars, At: r.Vendor.Time(), Dated: noon}
		for _, p := range []esim.Payment{p, p, stars} { // its update comes again
			if _, b, err := r.Checkout.Paid(t.Context(), p); err != nil || b != esim.PaymentUnexplained {
				t.Errorf("%s: %d, %v", name, b, err)
			}
		}
		r.ending()
		open, err := r.DB.UnexplainedPayments(t.Context())
		r.Must(err)
		if len(open) != 2 || r.told(esim.StaffUnexplained) != 2 || len(r.bank.returned) != 0 {
			t.Fatalf("%s: held %+v, staff told %d times, returned %v", name, open, r.told(esim.StaffUnexplained), r.bank.returned)
		}
		if sums := esim.UnexplainedTotals(open); len(sums) != 2 || sums[0].Minor+sums[1].Minor != 420+231 {
			t.Errorf("%s: in all %v", name, sums)
		}
		credit := func() int64 {
			m, err := r.DB.Credit(t.Context(), bob)
			r.Must(err)
			return m.Minor
		}
		if credit() != 0 {
			t.Errorf("%s: it became store credit by itself", name)
		}
		decide := r.Admin.DismissUnexplained
		if back {
			decide = r.Admin.SendBack
		}
		r.Must(decide(t.Context(), esim.UnexplainedPayment{Payment: p}.Ref(), esim.AuditEntry{At: r.Vendor.Time(), Who: ann, What: name}))
		r.ending()
		if got := credit(); (got == 420) != back || got != 0 && !back {
			t.Errorf("%s: %d cents of store credit", name, got)
		}
	}
}
