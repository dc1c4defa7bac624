package esim_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// A bank fails as often as it is told and then pays; it keeps what it returned.
type bank struct {
	mu       sync.Mutex
	fail     int
	tries    int
	returned []esim.Payment
}

var errBank = errors.New("the bank does not answer")

func (b *bank) Refund(_ context.Context, p esim.Payment) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tries++; b.tries <= b.fail {
		return errBank
	}
	b.returned = append(b.returned, p)
	return nil
}

// refused walks an order to its refund.
func (r *rig) refused() esim.Order {
	r.Helper()
	o := r.paid(r.plan(), 1, 0)
	mend := r.Vendor.Break(refuse("310241", 0))
	r.pass(time.Second)
	mend()
	if now := r.order(o.ID); now.State != esim.StateRefunding {
		r.Fatalf("%s: %s", now.State, now.Reason)
	}
	return o
}

func TestRefundIsTriedUntilItWorksAndMadeOnce(t *testing.T) {
	t.Parallel()
	for _, failures := range []int{0, 1, 4, 5, 9} {
		r := newRig(t, sandbox.Options{})
		r.bank.fail = failures
		o := r.refused()
		for range 2 * failures {
			err := r.Refunder.Run(t.Context())
			if before := r.order(o.ID).State; err != nil && (!errors.Is(err, errBank) || before != esim.StateRefunding) {
				t.Fatalf("%v, order is %s", err, before)
			}
			r.Vendor.Advance(time.Hour)
		}
		r.Must(r.Refunder.Run(t.Context()))
		r.Must(r.Refunder.Run(t.Context()))
		r.deliver()
		r.wantRefunded(o)
		stuck := 0
		if failures >= 5 {
			stuck = 1
		}
		if n := r.told(esim.StaffRefundStuck); n != stuck {
			t.Errorf("%d failures: staff told %d times that a refund is stuck, want %d", failures, n, stuck)
		}
	}
}

func TestRefundWaitsBetweenTries(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.bank.fail = 1000
	r.refused()
	for range 20 {
		_ = r.Refunder.Run(t.Context())
	}
	if r.bank.tries != 1 {
		t.Errorf("%d tries in one moment", r.bank.tries)
	}
	for range 60 {
		r.Vendor.Advance(time.Minute)
		_ = r.Refunder.Run(t.Context())
	}
	if r.bank.tries < 6 || r.bank.tries > 15 {
		t.Errorf("%d tries in an hour", r.bank.tries)
	}
}

func TestPaymentsTooManyGoBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.begin(r.plan(), 1, 0)
	steps := []struct {
		name string
		pay  esim.Payment
		want esim.PaymentResult
	}{
		{"a wrong amount", esim.Payment{ID: "a", Order: o.ID, Customer: ann, Amount: esim.Stars(o.Price.Minor - 1)}, esim.PaymentSurplus},
		{"another customer", esim.Payment{ID: "b", Order: o.ID, Customer: bob, Amount: o.Price}, esim.PaymentSurplus},
		{"for nothing that is an order", esim.Payment{ID: "c", Order: "donation", Customer: ann, Amount: o.Price}, esim.PaymentSurplus},
		{"the right one", esim.Payment{ID: "d", Order: o.ID, Customer: ann, Amount: o.Price}, esim.PaymentBooked},
		{"the same told again", esim.Payment{ID: "d", Order: o.ID, Customer: ann, Amount: o.Price}, esim.PaymentKnown},
		{"a second one", esim.Payment{ID: "e", Order: o.ID, Customer: ann, Amount: o.Price}, esim.PaymentSurplus},
		{"the second told again", esim.Payment{ID: "e", Order: o.ID, Customer: ann, Amount: o.Price}, esim.PaymentKnown},
	}
	for _, step := range steps {
		step.pay.Method, step.pay.At = esim.MethodStars, r.Vendor.Time()
		if _, b, err := r.Checkout.Paid(t.Context(), step.pay); err != nil || b != step.want {
			t.Errorf("%s: booking %d, %v; want %d", step.name, b, err, step.want)
		}
	}
	r.pass(time.Minute)
	r.deliver()
	r.Must(r.Refunder.Run(t.Context()))
	back := map[string]esim.CustomerID{}
	for _, p := range r.bank.returned {
		back[p.ID] = p.Customer
	}
	if len(r.bank.returned) != 4 || back["a"] != ann || back["b"] != bob || back["c"] != ann || back["e"] != ann {
		t.Errorf("returned %v", back)
	}
	r.bank.returned = nil
	r.wantDelivered(o)
}
