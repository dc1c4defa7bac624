package esim_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Whoever has store credit can spend it, whatever the operator takes; who has none is not offered
// it. Who is given some is told, once.
func TestStoreCreditCanAlwaysBeSpent(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	if slices.Contains(r.Checkout.OfferedTo(esim.USDCents(0)), esim.MethodCredit) {
		t.Error("credit is offered to somebody without")
	}
	p := r.plan()
	q, err := r.Checkout.QuoteWith(esim.MethodCredit, p.Code, 1, 0)
	r.Must(err)
	request := esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: 1, Method: esim.MethodCredit, Seen: q.Price}
	if _, err := r.Checkout.Begin(t.Context(), request); !errors.Is(err, esim.ErrInsufficientCredit) {
		t.Errorf("an order without credit: %v", err)
	}
	r.Must(r.grant("a", q.Price.Minor))
	r.Must(r.grant("taken", -1))
	r.Must(r.grant("b", 1))
	if want := []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit}; !slices.Equal(r.Checkout.OfferedTo(q.Price), want) {
		t.Errorf("offered %v", r.Checkout.OfferedTo(q.Price))
	}
	o, err := r.Checkout.Begin(t.Context(), request)
	r.Must(err)
	_, err = r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
	r.Must(err)
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	r.wantCredit(esim.USDCents(0))
	if n := r.told(esim.NotifyGranted); n != 2 {
		t.Errorf("told of %d grants of 2", n)
	}
}
