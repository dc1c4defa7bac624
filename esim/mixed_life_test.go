package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// beside is an order of one eSIM of which so many cents of store credit pay a part, and Stars the rest.
func (r *rig) beside(cents int64, press string) (esim.Order, error) {
	r.Helper()
	p := r.plan()
	quotes, err := r.Checkout.QuotesBeside(esim.USDCents(cents), func(m esim.PaymentMethod) (esim.Quote, error) { return r.Checkout.QuoteWith(m, p.Code, 1, 0) })
	r.Must(err)
	q := quotes[0]
	return r.Checkout.Begin(r.Context(), esim.PurchaseRequest{
		Customer: ann, PlanCode: p.Code, Quantity: 1, Method: q.Method, Seen: q.Price, Credit: q.Credit, CallbackQueryID: press,
	})
}

// mixedRig is a shop that takes Stars, and Ann has $1.00 of store credit.
func mixedRig(t *testing.T) *rig {
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	r.Must(r.grant("start", 100))
	return r
}

// However often it is pressed, it is one order; more credit meanwhile makes another.
func TestOneMixedOrderForOnePress(t *testing.T) {
	t.Parallel()
	r := mixedRig(t)
	first, err := r.beside(100, "a")
	r.Must(err)
	for _, press := range []string{"a", "b"} {
		if again, err := r.beside(100, press); err != nil || again.ID != first.ID {
			t.Errorf("press %s made %s, %v; want %s", press, again.ID, err, first.ID)
		}
	}
	if less, err := r.beside(60, "c"); err != nil || less.ID == first.ID || less.Credit != esim.USDCents(60) {
		t.Errorf("with less credit: %+v, %v", less, err)
	}
	if _, err := r.beside(101, "d"); !errors.Is(err, esim.ErrInsufficientCredit) {
		t.Errorf("with credit that is not there: %v", err)
	}
	r.wantCredit(esim.USDCents(100))
}

// What the messenger was told to take is booked, whatever else the customer buys in between; of two
// invoices for the same credit one is approved.
func TestAnApprovedMixedPaymentHasItsCredit(t *testing.T) {
	t.Parallel()
	r := mixedRig(t)
	o, err := r.beside(100, "a")
	r.Must(err)
	other, err := r.beside(99, "b")
	r.Must(err)
	r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
	r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
	r.wantCredit(esim.USDCents(0))
	if err := r.Checkout.Approve(t.Context(), other.ID, ann, other.Price); !errors.Is(err, esim.ErrInsufficientCredit) {
		t.Errorf("the same credit for another: %v", err)
	}
	if b := r.pay(o, "charge"); b != esim.PaymentBooked {
		t.Errorf("the approved one is booked as %d", b)
	}
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	if faults, err := r.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("the books: %v, %v", faults, err)
	}
	if len(r.bank.returned) != 0 {
		t.Errorf("returned %v", r.bank.returned)
	}
}

// A payment that nobody told of and that came late finds the credit again, or goes back.
func TestALateMixedPaymentIsAnESIMOrTheMoneyBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spent int64
		want  esim.State
		back  int
		left  int64
	}{
		{"the credit is still there", 0, esim.StateDelivered, 0, 0},
		{"a cent of it is spent", 1, esim.StateExpired, 1, 99},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := mixedRig(t)
			o, err := r.beside(100, "a")
			r.Must(err)
			r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
			r.Vendor.Advance(2 * time.Hour)
			r.Must(r.Monitor.Check(t.Context()))
			r.Must(r.Checkout.Expire(t.Context()))
			r.wantState(o.ID, esim.StateExpired)
			r.wantCredit(esim.USDCents(100))
			if c.spent > 0 {
				r.Must(r.grant("spent", -c.spent))
			}
			r.stars.add(esim.StarTransaction{ID: "lost", Incoming: true, Amount: o.Price, Customer: ann, Order: o.ID, At: r.Vendor.Time()})
			r.Vendor.Advance(time.Minute)
			_, err = r.Reconciler.Run(t.Context(), true)
			r.Must(err)
			r.pass(time.Minute)
			r.deliver()
			r.Must(r.Refunder.Run(t.Context()))
			r.wantState(o.ID, c.want)
			r.wantCredit(esim.USDCents(c.left))
			if len(r.bank.returned) != c.back {
				t.Errorf("returned %v", r.bank.returned)
			}
		})
	}
}

// The Stars of a mixed payment are taken back elsewhere: unused, its eSIM is cancelled and the credit
// comes back; in use, it is suspended until staff decide.
func TestTheRestOfAMixedPaymentIsRefundedElsewhere(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{false, true} {
		r := mixedRig(t)
		o, err := r.beside(100, "a")
		r.Must(err)
		r.pay(o, "charge")
		r.pass(time.Minute)
		r.deliver()
		esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
		r.Must(err)
		if used {
			r.Must(r.Vendor.Install(string(esims[0].ID)))
		}
		r.Must(r.grant("taken", 1)) // what is there besides
		_, err = r.DB.PaymentRefundedElsewhere(t.Context(), "charge", r.Vendor.Time(), nil)
		r.Must(err)
		r.settle(time.Hour)
		if used {
			r.wantState(o.ID, esim.StateNeedsHuman)
			r.wantCredit(esim.USDCents(1))
		} else {
			r.wantState(o.ID, esim.StateRefunded)
			r.wantCredit(esim.USDCents(101))
		}
		if len(r.bank.returned) != 0 {
			t.Errorf("returned %v", r.bank.returned)
		}
	}
}
