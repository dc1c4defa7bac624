package esim_test

import (
	"context"
	"iter"
	"sync"
	"time"

	"esimbot/esim"
)

// trade is a rig where every payment method is taken, with the parts for top-ups,
// cancellations, staff and comparisons at hand.
type trade struct {
	*rig
	topUps     *esim.TopUps
	canceller  *esim.Canceller
	admin      *esim.OrderAdmin
	reconciler *esim.Reconciler
}

func newTrade(r *rig) *trade {
	r.Helper()
	r.checkout.Methods = esim.PaymentMethods()
	return &trade{rig: r, topUps: r.TopUps, canceller: r.Canceller, admin: r.Admin, reconciler: r.Reconciler}
}

// settle lets everybody work and the clock run until nothing is due any more, at most
// for d.
func (t *trade) settle(d time.Duration) {
	t.Helper()
	ctx := t.Context()
	end := t.vendor.Time().Add(d)
	working := []esim.State{esim.Paid, esim.Ordering, esim.Allocating, esim.Cancelling}
	for range 5_000 {
		_, err := t.fulfil.Run(ctx)
		t.must(err)
		t.fulfil.Wait()
		_, err = t.canceller.Run(ctx)
		t.must(err)
		_ = t.refunder.Run(ctx) // what fails is due again
		t.deliver()
		now := t.vendor.Time()
		due, next, err := t.db.OrdersDue(ctx, working, now, 10)
		t.must(err)
		back, err := t.db.RefundsDue(ctx, now, 10)
		t.must(err)
		waiting, err := t.db.RefundsDue(ctx, end, 10)
		t.must(err)
		switch {
		case len(due)+len(back) > 0:
		case !now.Before(end), next.IsZero() && len(waiting) == 0:
			return
		case next.IsZero():
			t.vendor.Advance(10 * time.Second)
		default:
			t.vendor.Advance(min(max(next.Sub(now), time.Millisecond), end.Sub(now)))
		}
	}
	t.Fatal("the workers never rest")
}

// purchase request begins an order on a payment method at today's price.
func (t *trade) wish(customer esim.CustomerID, p esim.Plan, quantity, days int, method esim.PaymentMethod) (esim.Order, error) {
	q, err := t.checkout.QuoteWith(method, p.Code, quantity, days)
	if err != nil {
		return esim.Order{}, err
	}
	return t.checkout.Begin(t.Context(), esim.PurchaseRequest{
		Customer: customer, Code: p.Code, Quantity: quantity, Days: days, Method: method, Seen: q.Price,
	})
}

// bought buys a plan with Stars and walks it to its eSIMs.
func (t *trade) bought(p esim.Plan, quantity, days int) (esim.Order, []esim.ESIM) {
	t.Helper()
	o := t.paid(p, quantity, days)
	t.settle(time.Hour)
	esims, err := t.db.ESIMsOfOrder(t.Context(), o.ID)
	t.must(err)
	if now := t.order(o.ID); now.State != esim.Delivered || len(esims) != quantity {
		t.Fatalf("%s with %d eSIMs: %s", now.State, len(esims), now.Reason)
	}
	return o, esims
}

// topUpWish is a top-up for an eSIM at the price that is offered, not yet paid.
func (t *trade) topUpWish(e esim.ESIM, method esim.PaymentMethod) (esim.Order, error) {
	days := 0
	if e.Plan.DayPass() {
		days = 3
	}
	offers, err := t.topUps.Offers(t.Context(), e, days)
	if err != nil {
		return esim.Order{}, err
	}
	q := offers[0]
	if method != t.checkout.Main() {
		q, err = t.checkout.Pricing.QuoteWith(method, q.Plan, 1, q.Days)
		if err != nil {
			return esim.Order{}, err
		}
	}
	return t.topUps.Begin(t.Context(), e, esim.PurchaseRequest{
		Customer: e.Customer, Code: q.Plan.Code, Quantity: 1, Days: q.Days, Method: method, Seen: q.Price,
	})
}

// open to top-ups is a plan for Japan that can be topped up.
func (t *trade) refillable(dayPass bool) esim.Plan {
	t.Helper()
	for _, p := range t.catalog.Current().Country("JP") {
		if p.DayPass() == dayPass && p.TopUp != esim.NoTopUp && p.Wholesale.Minor > 5_000 {
			return p
		}
	}
	t.Fatal("nothing for Japan can be topped up")
	return esim.Plan{}
}

func (t *trade) booksAgree() {
	t.Helper()
	faults, err := t.db.LedgerFaults(t.Context())
	t.must(err)
	if len(faults) > 0 {
		t.Errorf("the books do not agree: %+v", faults)
	}
}

// starBook is the messenger's account of Stars.
type starBook struct {
	mu    sync.Mutex
	lines []esim.StarTransaction
}

// StarBalance is what came in and did not go out.
func (b *starBook) StarBalance(context.Context) (esim.Money, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := esim.Stars(0)
	for _, m := range b.lines {
		if !m.Incoming {
			m.Amount.Minor = -m.Amount.Minor
		}
		sum.Minor += m.Amount.Minor
	}
	return sum, nil
}

func (b *starBook) add(m esim.StarTransaction) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, m)
}

func (b *starBook) StarTransactions(_ context.Context, skip int) iter.Seq2[esim.StarTransactionAt, error] {
	return func(yield func(esim.StarTransactionAt, error) bool) {
		b.mu.Lock()
		lines := append([]esim.StarTransaction(nil), b.lines[min(skip, len(b.lines)):]...)
		b.mu.Unlock()
		for i, m := range lines {
			if !yield(esim.StarTransactionAt{StarTransaction: m, Read: skip + i + 1}, nil) {
				return
			}
		}
	}
}
