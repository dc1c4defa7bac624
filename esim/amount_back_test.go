package esim_test

import (
	"errors"
	"testing"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// What may go back of an order, and when it is refused.
func TestDecideAnAmountBack(t *testing.T) {
	t.Parallel()
	sold := esim.Order{
		ID: "ORDER001", Customer: ann, Quantity: 2, Kind: esim.Purchase, State: esim.StateDelivered, Method: esim.MethodStars,
		Retail: esim.USDCents(1000), Price: esim.Stars(770),
	}
	paid := []esim.OrderPayment{{Payment: esim.Payment{ID: "p", Amount: sold.Price, Method: esim.MethodStars}, Status: esim.PaymentSettled}}
	with := func(change func(*esim.Order)) esim.Order {
		o := sold
		change(&o)
		return o
	}
	for _, c := range []struct {
		name   string
		order  esim.Order
		amount int64
		seen   int64
		want   error
	}{
		{"some of it", sold, 300, 1000, nil},
		{"all of it", sold, 1000, 1000, nil},
		{"more than it cost", sold, 1001, 1000, esim.ErrWrongState},
		{"nothing", sold, 0, 1000, esim.ErrWrongState},
		{"less than nothing", sold, -5, 1000, esim.ErrWrongState},
		{"the rest after a part", with(func(o *esim.Order) { o.Returned = 1 }), 500, 500, nil},
		{"more than that rest", with(func(o *esim.Order) { o.Returned = 1 }), 501, 500, esim.ErrWrongState},
		{"the rest after an amount", with(func(o *esim.Order) { o.AmountBack = esim.USDCents(300) }), 700, 700, nil},
		{"an amount was given meanwhile", with(func(o *esim.Order) { o.AmountBack = esim.USDCents(300) }), 100, 1000, esim.ErrConflict},
		{"on its way back", with(func(o *esim.Order) { o.State = esim.StateRefunding }), 100, 1000, esim.ErrConflict},
		{"not delivered", with(func(o *esim.Order) { o.State = esim.StateOrdering }), 1, 0, esim.ErrWrongState},
		{"free", with(func(o *esim.Order) { o.Method, o.Price = esim.MethodFree, esim.USDCents(0) }), 1, 0, esim.ErrWrongState},
		{"nobody's", with(func(o *esim.Order) { o.Customer = -7 }), 1, 0, esim.ErrWrongState},
	} {
		a := esim.AmountRefund{Order: sold.ID, Amount: esim.USDCents(c.amount), Seen: esim.USDCents(c.seen)}
		booked, told, err := a.Decide(esim.AmountFacts{Order: c.order, Payments: paid, Sold: true})
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err == nil && (booked.Into(esim.AccountCredit(ann)) != a.Amount || len(told) != 2 || booked.Check() != nil) {
			t.Errorf("%s: %+v, %d told", c.name, booked, len(told))
		}
	}
	gone := []esim.OrderPayment{{Payment: paid[0].Payment, Status: esim.PaymentRefunded}}
	if _, _, err := (esim.AmountRefund{Order: sold.ID, Amount: esim.USDCents(1), Seen: esim.USDCents(1000)}).Decide(esim.AmountFacts{Order: sold, Payments: gone, Sold: true}); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("paid back elsewhere: %v", err)
	}
}

// Whatever goes back of an order in whatever order, it is what was paid to the cent, as store credit, and never more.
func TestAnAmountComesOffWhatGoesBackLater(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(3)
	give := func(cents int64) error {
		return r.admin().RefundAmount(t.Context(), esim.AmountRefund{Order: o.ID, Amount: esim.USDCents(cents), Seen: r.order(o.ID).RefundableAsCredit()}, act("amount"))
	}
	part := o.PartCredit()
	r.Must(give(100))
	if err := give(o.Retail.Minor); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("more than is left: %v", err)
	}
	stale := esim.AmountRefund{Order: o.ID, Amount: esim.USDCents(1), Seen: o.RefundableAsCredit()}
	if err := r.admin().RefundAmount(t.Context(), stale, act("amount")); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("decided before the last one: %v", err)
	}
	c := r.canceller()
	r.Must(r.admin().CancelOne(t.Context(), esims[0], act("part")))
	r.cancelling(c)
	r.wantCredit(esim.USDCents(100 + part.Minor))
	r.Must(give(part.Minor)) // leaves less than a part
	r.Must(c.BeginOne(t.Context(), esims[1]))
	r.cancelling(c)
	r.wantCredit(o.Retail)
	r.Must(c.BeginOne(t.Context(), esims[2]))
	r.cancelling(c)
	r.ending()
	r.wantState(o.ID, esim.StateRefunded)
	r.wantCredit(o.Retail)
	if len(r.bank.returned) != 0 || r.told(esim.NotifyAmountBack) != 2 {
		t.Errorf("returned %v, told %d times", r.bank.returned, r.told(esim.NotifyAmountBack))
	}
	lines, err := r.DB.Balances(t.Context())
	r.Must(err)
	if len(lines[esim.AccountVendor]) != 0 || len(lines[esim.AccountDeferredRevenue]) != 0 {
		t.Errorf("left in the books: %v", lines)
	}
}

// The whole after an amount: the rest, as store credit.
func TestTheWholeAfterAnAmountIsTheRest(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.several(1)
	r.Must(r.Vendor.Install(string(esims[0].ID)))
	a := esim.AmountRefund{Order: o.ID, Amount: esim.USDCents(50), Seen: o.RefundableAsCredit()}
	r.Must(r.admin().RefundAmount(t.Context(), a, act("amount")))
	r.wantCredit(a.Amount)
	r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
	r.ending()
	r.wantState(o.ID, esim.StateRefunded)
	r.wantCredit(o.Retail)
	if len(r.bank.returned) != 0 {
		t.Errorf("returned %v", r.bank.returned)
	}
}
