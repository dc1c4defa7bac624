package esim_test

import (
	"context"
	"iter"
	"sync"
	"time"

	"esimbot/esim"
)

// settle lets everybody work and the clock run until nothing is due any more, at most
// for d.
func (t *rig) settle(d time.Duration) {
	t.Helper()
	ctx := t.Context()
	end := t.Vendor.Time().Add(d)
	working := []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateCancelling}
	for range 5_000 {
		_, err := t.Fulfiller.Run(ctx)
		t.Must(err)
		t.Fulfiller.Wait()
		_, err = t.Canceller.Run(ctx)
		t.Must(err)
		_ = t.Refunder.Run(ctx) // what fails is due again
		t.deliver()
		now := t.Vendor.Time()
		due, next, err := t.DB.OrdersDue(ctx, working, now, 10)
		t.Must(err)
		back, err := t.DB.RefundsDue(ctx, now, 10)
		t.Must(err)
		waiting, err := t.DB.RefundsDue(ctx, end, 10)
		t.Must(err)
		switch {
		case len(due)+len(back) > 0:
		case !now.Before(end), next.IsZero() && len(waiting) == 0:
			return
		case next.IsZero():
			t.Vendor.Advance(10 * time.Second)
		default:
			t.Vendor.Advance(min(max(next.Sub(now), time.Millisecond), end.Sub(now)))
		}
	}
	t.Fatal("the workers never rest")
}

// purchase request begins an order on a payment method at today's price.
func (t *rig) request(customer esim.CustomerID, p esim.Plan, quantity, days int, method esim.PaymentMethod) (esim.Order, error) {
	q, err := t.Checkout.QuoteWith(method, p.Code, quantity, days)
	if err != nil {
		return esim.Order{}, err
	}
	return t.Checkout.Begin(t.Context(), esim.PurchaseRequest{
		Customer: customer, PlanCode: p.Code, Quantity: quantity, Days: days, Method: method, Seen: q.Price,
	})
}

// bought buys a plan with Stars and walks it to its eSIMs.
func (t *rig) bought(p esim.Plan, quantity, days int) (esim.Order, []esim.ESIM) {
	t.Helper()
	o := t.paid(p, quantity, days)
	t.settle(time.Hour)
	esims, err := t.DB.ESIMsOfOrder(t.Context(), o.ID)
	t.Must(err)
	if now := t.order(o.ID); now.State != esim.StateDelivered || len(esims) != quantity {
		t.Fatalf("%s with %d eSIMs: %s", now.State, len(esims), now.Reason)
	}
	return o, esims
}

// requestTopUp is a top-up for an eSIM at the price that is offered, not yet paid.
func (t *rig) requestTopUp(e esim.ESIM, method esim.PaymentMethod) (esim.Order, error) {
	days := 0
	if e.Plan.DayPass() {
		days = 3
	}
	offers, err := t.TopUps.Offers(t.Context(), e, days)
	if err != nil {
		return esim.Order{}, err
	}
	q := offers[0]
	if method != t.Checkout.DefaultMethod() {
		q, err = t.Checkout.Pricing.QuoteWith(method, q.Plan, 1, q.Days)
		if err != nil {
			return esim.Order{}, err
		}
	}
	return t.TopUps.Begin(t.Context(), e, esim.PurchaseRequest{
		Customer: e.Customer, PlanCode: q.Plan.Code, Quantity: 1, Days: q.Days, Method: method, Seen: q.Price,
	})
}

// open to top-ups is a plan for Japan that can be topped up.
func (t *rig) withTopUps(dayPass bool) esim.Plan {
	t.Helper()
	for _, p := range t.Catalog.Current().Country("JP") {
		if p.DayPass() == dayPass && p.TopUp != esim.NoTopUp && p.Wholesale.Minor > 5_000 {
			return p
		}
	}
	t.Fatal("nothing for Japan can be topped up")
	return esim.Plan{}
}

func (t *rig) booksAgree() {
	t.Helper()
	faults, err := t.DB.LedgerFaults(t.Context())
	t.Must(err)
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
