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

func TestBeginRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{Balance: 1e9})
	p := r.plan()
	var pass esim.Plan
	for _, q := range r.Catalog.Current().Country("JP") {
		if q.DayPass() {
			pass = q
		}
	}
	price := func(p esim.Plan, n, days int) esim.Money {
		q, err := r.Checkout.Pricing.Quote(p, n, days)
		r.Must(err)
		return q.Price
	}
	tests := []struct {
		name           string
		code           string
		quantity, days int
		seen           esim.Money
		balance        int64
		want           error
	}{
		{name: "nothing wrong", code: p.Code, quantity: 1, seen: price(p, 1, 0)},
		{name: "three at once", code: p.Code, quantity: 3, seen: price(p, 3, 0)},
		{name: "a day pass", code: pass.Code, quantity: 1, days: 7, seen: price(pass, 1, 7)},
		{name: "a plan nobody sells", code: "NOSUCH", quantity: 1, seen: esim.Stars(1), want: esim.ErrPlanGone},
		{name: "no eSIM", code: p.Code, quantity: 0, want: esim.ErrBadQuantity},
		{name: "fewer than none", code: p.Code, quantity: -1, want: esim.ErrBadQuantity},
		{name: "eleven", code: p.Code, quantity: 11, want: esim.ErrBadQuantity},
		{name: "days of a fixed plan", code: p.Code, quantity: 1, days: 2, want: esim.ErrBadQuantity},
		{name: "a day pass without days", code: pass.Code, quantity: 1, want: esim.ErrBadQuantity},
		{name: "a day pass for 366 days", code: pass.Code, quantity: 1, days: 366, want: esim.ErrBadQuantity},
		{name: "dearer than the rail takes", code: pass.Code, quantity: 10, days: 365, want: esim.ErrPriceTooHigh},
		{name: "another price was shown", code: p.Code, quantity: 1, seen: esim.Stars(price(p, 1, 0).Minor - 1), want: esim.ErrPriceChanged},
		{name: "the price was shown in another currency", code: p.Code, quantity: 1, seen: esim.Money{Minor: price(p, 1, 0).Minor, Currency: esim.USD}, want: esim.ErrPriceChanged},
		{name: "our balance does not cover it", code: p.Code, quantity: 1, seen: price(p, 1, 0), balance: 1, want: esim.ErrShopClosed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.Vendor.SetBalance(1e9)
			if tt.balance != 0 {
				r.Vendor.SetBalance(tt.balance)
			}
			r.Must(r.Monitor.Check(t.Context()))
			before, err := r.DB.OrdersOf(t.Context(), ann, 100)
			r.Must(err)
			o, err := r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: tt.code, Quantity: tt.quantity, Days: tt.days, Seen: tt.seen})
			if !errors.Is(err, tt.want) || (tt.want == nil) != (err == nil) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			after, err := r.DB.OrdersOf(t.Context(), ann, 100)
			r.Must(err)
			if made := len(after) - len(before); (made == 1) != (tt.want == nil) {
				t.Errorf("%d orders were made", made)
			}
			if tt.want == nil && (o.IdempotencyKey == "" || o.State != esim.StateAwaitingPayment || o.Price != tt.seen) {
				t.Errorf("order %+v", o)
			}
		})
	}
}

func TestApproveRefuses(t *testing.T) {
	t.Parallel()
	type act func(r *rig, o *esim.Order, customer *esim.CustomerID, amount *esim.Money)
	tests := []struct {
		name string
		act  act
		want error
	}{
		{"nothing wrong", func(*rig, *esim.Order, *esim.CustomerID, *esim.Money) {}, nil},
		{"an order nobody knows", func(_ *rig, o *esim.Order, _ *esim.CustomerID, _ *esim.Money) { o.ID = "ZZZZZZZZ" }, esim.ErrOrderExpired},
		{"another customer's", func(_ *rig, _ *esim.Order, p *esim.CustomerID, _ *esim.Money) { *p = bob }, esim.ErrNotFound},
		{"another amount", func(_ *rig, _ *esim.Order, _ *esim.CustomerID, m *esim.Money) { m.Minor-- }, esim.ErrPriceChanged},
		{"another currency", func(_ *rig, _ *esim.Order, _ *esim.CustomerID, m *esim.Money) { m.Currency = "EUR" }, esim.ErrPriceChanged},
		{"paid already", func(r *rig, o *esim.Order, _ *esim.CustomerID, _ *esim.Money) { r.pay(*o, "1") }, esim.ErrAlreadyPaid},
		{"an hour and a second later", func(r *rig, _ *esim.Order, _ *esim.CustomerID, _ *esim.Money) {
			r.Vendor.Advance(time.Hour + time.Second)
		}, esim.ErrOrderExpired},
		{"after the job that expires", func(r *rig, _ *esim.Order, _ *esim.CustomerID, _ *esim.Money) {
			r.Vendor.Advance(2 * time.Hour)
			r.Must(r.Checkout.Expire(context.Background()))
		}, esim.ErrOrderExpired},
		{"the price moved", func(r *rig, o *esim.Order, _ *esim.CustomerID, _ *esim.Money) {
			r.Must(r.Vendor.SetPrice(o.Plan.Code, 2*o.Wholesale.Minor))
			r.Must(r.Catalog.Refresh(context.Background()))
		}, esim.ErrPriceChanged},
		{"sold out meanwhile", func(r *rig, o *esim.Order, _ *esim.CustomerID, _ *esim.Money) {
			r.Catalog.Hide(o.Plan.Code, noon.Add(time.Hour))
		}, esim.ErrPlanGone},
		{"our balance fell", func(r *rig, _ *esim.Order, _ *esim.CustomerID, _ *esim.Money) {
			r.Vendor.SetBalance(0)
			r.Must(r.Monitor.Check(context.Background()))
		}, esim.ErrShopClosed},
		{"the vendor is down", func(r *rig, _ *esim.Order, _ *esim.CustomerID, _ *esim.Money) {
			r.Vendor.Break(sandbox.Fault{Endpoint: "balance/query", Kind: sandbox.Refuse, Code: "401001"})
			_, _ = r.Monitor.Check(context.Background()), r.Monitor.Check(context.Background())
		}, esim.ErrVendorDown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			o := r.begin(r.plan(), 1, 0)
			customer, amount := ann, o.Price
			tt.act(r, &o, &customer, &amount)
			err := r.Checkout.Approve(t.Context(), o.ID, customer, amount)
			if !errors.Is(err, tt.want) || (tt.want == nil) != (err == nil) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

func TestExpire(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	paid, old := r.paid(p, 1, 0), r.begin(p, 1, 0)
	r.Vendor.Advance(time.Hour + time.Second)
	young := r.begin(p, 1, 0)
	r.Must(r.Checkout.Expire(t.Context()))
	for _, tt := range []struct {
		name string
		id   esim.OrderID
		want esim.State
	}{{"old", old.ID, esim.StateExpired}, {"young", young.ID, esim.StateAwaitingPayment}, {"paid", paid.ID, esim.StatePaid}} {
		if got := r.order(tt.id).State; got != tt.want {
			t.Errorf("%s order is %s, want %s", tt.name, got, tt.want)
		}
	}
	// Money that was on its way when the order expired still buys the eSIM.
	if b := r.pay(old, "late"); b != esim.PaymentBooked || r.order(old.ID).State != esim.StatePaid {
		t.Errorf("booking %d, %s", b, r.order(old.ID).State)
	}
}

// TestPaymentToldManyTimesAtOnce: one payment whose update comes eight times at once
// pays once, and only one of eight different payments does.
func TestPaymentToldManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	for name, charge := range map[string]func(n int) string{
		"the same payment":   func(int) string { return "same" },
		"different payments": func(n int) string { return string(rune('a' + n)) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{})
			o := r.begin(r.plan(), 1, 0)
			var wg sync.WaitGroup
			got := make([]esim.PaymentResult, 8)
			for n := range got {
				wg.Go(func() { got[n] = r.pay(o, charge(n)) })
			}
			wg.Wait()
			booked := 0
			for _, b := range got {
				if b == esim.PaymentBooked {
					booked++
				}
			}
			r.pass(time.Minute)
			r.Must(r.Refunder.Run(t.Context()))
			back := map[string]int{"the same payment": 0, "different payments": 7}[name]
			if booked != 1 || r.Vendor.Charged("") != 1 || len(r.bank.returned) != back {
				t.Errorf("booked %d times, bought %d times, %d went back", booked, r.Vendor.Charged(""), len(r.bank.returned))
			}
		})
	}
}
