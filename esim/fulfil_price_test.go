package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// dayPass is a day pass for Japan that costs 4.55 USD a day, so that a day sells for 6.37.
func (r *rig) dayPass() esim.Plan {
	r.Helper()
	for _, p := range r.Catalog.Current().Country("JP") {
		if p.DayPass() {
			r.Must(r.Vendor.SetPrice(p.Code, 45_500))
			r.Must(r.Catalog.Refresh(r.Context()))
			p, err := r.Catalog.Plan(p.Code)
			r.Must(err)
			return p
		}
	}
	r.Fatal("no day pass for Japan")
	return esim.Plan{}
}

// TestAPriceRaisedAfterTheInvoice: sold for 6.37 USD, raised to 22.75 at the vendor, and our
// own list does not know. The vendor guards no price of a day pass.
func TestAPriceRaisedAfterTheInvoice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		price   int64
		maxLoss esim.Money
		refund  bool
	}{
		{"beyond the loss that is borne: the money goes back", 227_500, esim.USDCents(0), true},
		{"within the margin: bought, and booked at what it cost", 60_000, esim.USDCents(0), false},
		{"as much as was charged", 63_700, esim.USDCents(0), false},
		{"a cent more", 63_800, esim.USDCents(0), true},
		{"within the loss that is borne", 227_500, esim.USDCents(17_00), false},
		{"cheaper: the books say so", 10_000, esim.USDCents(0), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			r.Fulfiller.MaxLoss = tt.maxLoss
			p := r.dayPass()
			before := r.Vendor.Balance()
			o := r.paid(p, 1, 1)
			if o.Retail != esim.USDCents(637) {
				t.Fatalf("sold for %s", o.Retail)
			}
			r.Must(r.Vendor.SetPrice(p.Code, tt.price))
			r.pass(time.Minute)
			r.Must(r.Refunder.Run(t.Context()))
			r.deliver()
			paid := before - r.Vendor.Balance()
			if booked := r.balance(esim.AccountCost, esim.USD4); booked != paid {
				t.Errorf("the vendor took %d, the books say %d", paid, booked)
			}
			if now, err := r.Catalog.Plan(p.Code); err != nil || now.Wholesale.Minor != tt.price {
				t.Errorf("the next customer is offered it for %s, %v", now.Wholesale, err)
			}
			if tt.refund {
				r.wantRefunded(o)
				return
			}
			r.wantDelivered(o)
			if paid != tt.price {
				t.Errorf("the vendor took %d", paid)
			}
		})
	}
}

// TestAPriceIsReadOnceAndNeverAfterAnAttempt: a purchase whose answer was lost is settled by its
// key, whatever the plan costs by then.
func TestAPriceIsReadOnceAndNeverAfterAnAttempt(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{sandbox.LoseAnswer, sandbox.LoseRequest} {
		r := newRig(t, sandbox.Options{})
		p := r.dayPass()
		before := r.Vendor.Balance()
		o := r.paid(p, 1, 1)
		r.Vendor.Break(sandbox.Fault{Endpoint: "esim/order", Kind: kind, Count: 1})
		_, err := r.Fulfiller.Run(t.Context())
		r.Must(err)
		r.Fulfiller.Wait()
		r.Must(r.Vendor.SetPrice(p.Code, 46_000)) // within the margin: what matters is who asks
		read := r.calls("package/list")
		r.pass(time.Minute)
		r.deliver()
		r.wantDelivered(o)
		if n := r.calls("package/list") - read; n != 0 {
			t.Errorf("after an attempt the price was read %d times", n)
		}
		if paid := before - r.Vendor.Balance(); kind == sandbox.LoseAnswer && r.balance(esim.AccountCost, esim.USD4) != paid {
			t.Errorf("the vendor took %d, the books say %d", paid, r.balance(esim.AccountCost, esim.USD4))
		}
	}
}

// TestAPriceThatCannotBeRead is asked for again while the vendor is silent, and the money goes
// back when that lasts: nothing was bought.
func TestAPriceThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, lasts := range []bool{false, true} {
		r := newRig(t, sandbox.Options{})
		o := r.paid(r.dayPass(), 1, 1)
		mend := r.Vendor.Break(sandbox.Fault{Endpoint: "package/list", Kind: sandbox.LoseRequest})
		r.pass(time.Minute)
		if n := r.Vendor.Charged(""); n != 0 {
			t.Fatalf("bought %d times at a price that nobody read", n)
		}
		if !lasts {
			mend()
		}
		r.pass(40 * time.Minute)
		r.Must(r.Refunder.Run(t.Context()))
		r.deliver()
		if !lasts {
			r.wantDelivered(o)
			continue
		}
		r.wantState(o.ID, esim.StateRefunded)
		if r.Vendor.Charged("") != 0 || len(r.bank.returned) != 1 {
			t.Errorf("charged %d times, returned %v", r.Vendor.Charged(""), r.bank.returned)
		}
	}
}

// calls counts the requests to an endpoint of the vendor.
func (r *rig) calls(endpoint string) int {
	n := 0
	for _, c := range r.Vendor.Calls() {
		if c.Endpoint == endpoint {
			n++
		}
	}
	return n
}
