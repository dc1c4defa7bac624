package esim_test

import (
	"sync"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

var noon = shoptest.Noon

const (
	ann esim.CustomerID = 101
	bob esim.CustomerID = 102
)

// A rig is the business in front of the vendor's simulator, and what it told and sent.
type rig struct {
	*shoptest.Rig
	bank  *bank
	stars *starBook

	mu      sync.Mutex
	reports []error
	sent    []esim.Notification
}

func newRig(t testing.TB, o sandbox.Options) *rig {
	t.Helper()
	r := &rig{bank: &bank{}, stars: &starBook{}}
	r.Rig = shoptest.New(t, o, r.hands())
	r.Checkout.Methods = esim.PaymentMethods()
	for _, p := range []esim.CustomerID{ann, bob} {
		_, _, err := r.DB.UpsertCustomer(t.Context(), esim.Customer{ID: p, Chat: int64(p), Language: "en", Name: "Ann"})
		r.Must(err)
	}
	return r
}

func (r *rig) hands() shoptest.Dependencies {
	return shoptest.Dependencies{Refunds: r.bank, Stars: r.stars, Report: func(_ esim.OrderID, err error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.reports = append(r.reports, err)
	}}
}

// restart is the next run of the program.
func (r *rig) restart() {
	r.Helper()
	r.Restart(r.hands())
}

// plan is a fixed plan for Japan that is worth changing the price of.
func (r *rig) plan() esim.Plan {
	r.Helper()
	for _, p := range r.Catalog.Current().Country("JP") {
		if !p.DayPass() && p.Wholesale.Minor > 20_000 {
			return p
		}
	}
	r.Fatal("no plan for Japan")
	return esim.Plan{}
}

func (r *rig) begin(p esim.Plan, quantity, days int) esim.Order {
	r.Helper()
	q, err := r.Checkout.Quote(p.Code, quantity, days)
	r.Must(err)
	o, err := r.Checkout.Begin(r.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: quantity, Days: days, Seen: q.Price})
	r.Must(err)
	return o
}

// pay books a payment for an order and returns what it was taken for.
func (r *rig) pay(o esim.Order, charge string) esim.PaymentResult {
	r.Helper()
	_, b, err := r.Checkout.Paid(r.Context(), esim.Payment{
		ID: charge, Order: o.ID, Customer: o.Customer, Amount: o.Price, Method: esim.MethodStars, At: r.Vendor.Time(),
	})
	r.Must(err)
	return b
}

func (r *rig) paid(p esim.Plan, quantity, days int) esim.Order {
	r.Helper()
	o := r.begin(p, quantity, days)
	if b := r.pay(o, "charge-"+string(o.ID)); b != esim.PaymentBooked {
		r.Fatalf("booking %d", b)
	}
	return o
}

func (r *rig) order(id esim.OrderID) esim.Order {
	r.Helper()
	o, err := r.DB.Order(r.Context(), id)
	r.Must(err)
	return o
}

// pass lets time go by, with the worker at every order whenever it is due.
func (r *rig) pass(d time.Duration) {
	r.Helper()
	end := r.Vendor.Time().Add(d)
	for range 10_000 {
		_, err := r.Fulfiller.Run(r.Context())
		r.Must(err)
		r.Fulfiller.Wait()
		now := r.Vendor.Time()
		states := []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating}
		due, next, err := r.DB.OrdersDue(r.Context(), states, now, 10)
		r.Must(err)
		switch {
		case len(due) > 0:
		case !now.Before(end):
			return
		case next.IsZero() || next.After(end):
			r.Vendor.Advance(end.Sub(now))
		default:
			r.Vendor.Advance(max(next.Sub(now), time.Millisecond))
		}
	}
	r.Fatal("the worker never rests")
}

// deliver sends all notifications, as an outbox does that Telegram always obeys.
func (r *rig) deliver() {
	r.Helper()
	for {
		due, _, err := r.DB.DueMessages(r.Context(), r.Vendor.Time(), 100)
		r.Must(err)
		if len(due) == 0 {
			return
		}
		for _, n := range due {
			r.sent = append(r.sent, n.Notification)
			r.Must(r.DB.MarkMessageSent(r.Context(), n.ID))
		}
	}
}

// told counts the notifications of a kind that were sent.
func (r *rig) told(k esim.NotificationKind) int {
	n := 0
	for _, s := range r.sent {
		if s.Kind == k {
			n++
		}
	}
	return n
}
