package esim_test

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestWhateverHappensThePromiseHolds lets chance buy, pay, pay twice, top up, cancel,
// refund, break the vendor and lose updates, in any order. When the vendor is well again,
// every order has ended, nobody paid for nothing, nothing was bought twice, no eSIM is
// of no order, and the books agree after every single step.
func TestWhateverHappensThePromiseHolds(t *testing.T) {
	t.Parallel()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		old := f.Value.String()
		if err := f.Value.Set(fmt.Sprint(propertyRuns)); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(old) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := &chance{rig: newRig(t, sandbox.Options{
			RepeatedOrder:  rapid.SampledFrom([]sandbox.RepeatedOrder{sandbox.AnswerFirst, sandbox.Refuse310402}).Draw(rt, "repeated"),
			AllocationTime: time.Duration(rapid.IntRange(1, 90).Draw(rt, "allocation")) * time.Second,
		}), draw: rt}
		c.Vendor.SetBalance(1e10)
		c.Must(c.Monitor.Check(t.Context()))
		c.Must(c.Admin.Grant(t.Context(), "start", esim.AuditEntry{Who: 1, What: "credit", Customer: ann, Amount: esim.USDCents(10_000), Why: "test"}))
		rt.Repeat(map[string]func(*rapid.T){
			"":        func(*rapid.T) { c.booksAgree() },
			"buy":     c.buy,
			"pay":     c.payAny,
			"lose":    c.loseUpdate,
			"top up":  c.topUp,
			"cancel":  c.cancel,
			"refund":  c.refund,
			"swap":    c.swap,
			"break":   c.breakVendor,
			"mend":    func(*rapid.T) { c.Vendor.Mend(); c.Vendor.Down(false) },
			"work":    func(rt *rapid.T) { c.settle(time.Duration(rapid.IntRange(1, 1200).Draw(rt, "s")) * time.Second) },
			"install": c.install,
			"compare": func(*rapid.T) { _, _ = c.Reconciler.Run(c.Context(), true) },
		})
		c.end()
	})
}

// propertyRuns keeps the default run short; -rapid.checks takes another number.
const propertyRuns = 12

// chance is a shop in which anything may happen next.
type chance struct {
	*rig
	draw   *rapid.T
	orders []esim.OrderID
	n      int
}

// known are the errors that a customer may meet; any other is a fault of the shop.
func (c *chance) known(err error) bool {
	c.Helper()
	var pe *esim.VendorError
	for _, e := range []error{
		nil, esim.ErrPlanGone, esim.ErrVendorDown, esim.ErrShopClosed, esim.ErrAlreadyPaid, esim.ErrOrderExpired, esim.ErrInsufficientCredit,
		esim.ErrNoTopUp, esim.ErrNoSwap, esim.ErrInstalled, esim.ErrWrongState, esim.ErrConflict, esim.ErrPriceChanged, esim.ErrPriceTooHigh,
	} {
		if errors.Is(err, e) {
			return err == nil
		}
	}
	if !errors.As(err, &pe) {
		c.Errorf("an error without a sentence: %v", err)
	}
	return false
}

func (c *chance) buy(rt *rapid.T) {
	p := c.withTopUps(rapid.Bool().Draw(rt, "day pass"))
	days := 0
	if p.DayPass() {
		days = rapid.IntRange(1, 5).Draw(rt, "days")
	}
	method := rapid.SampledFrom(esim.PaymentMethods()).Draw(rt, "rail")
	o, err := c.request(ann, p, rapid.IntRange(1, 3).Draw(rt, "quantity"), days, method)
	if c.known(err) {
		c.orders = append(c.orders, o.ID)
	}
}

// payAny pays an order, perhaps one that was paid before, perhaps told twice.
func (c *chance) payAny(rt *rapid.T) {
	o, ok := c.any(rt)
	if !ok {
		return
	}
	spec, err := o.Method.Spec()
	c.Must(err)
	switch spec.ConfirmedBy {
	case esim.ConfirmedByCustomer:
		_, err := c.Checkout.PayWithoutInvoice(c.Context(), ann, o.ID)
		c.known(err)
	case esim.ConfirmedByStaff:
		_, err := c.Checkout.PaidByHand(c.Context(), o.ID, esim.AuditEntry{Who: 1, What: "paid", Order: o.ID})
		c.known(err)
	case esim.ConfirmedByMessenger:
		c.n++
		p := esim.Payment{ID: fmt.Sprint("c", c.n), Order: o.ID, Customer: ann, Amount: o.Price, Method: o.Method, At: c.Vendor.Time()}
		for range rapid.IntRange(1, 2).Draw(rt, "told") {
			_, _, err := c.Checkout.Paid(c.Context(), p)
			c.known(err)
		}
		c.star(p)
	default:
		c.Fatalf("nobody here pays by %s: say how", o.Method)
	}
}

// star writes a payment into the messenger's account.
func (c *chance) star(p esim.Payment) {
	if p.Method == esim.MethodStars {
		c.stars.add(esim.StarTransaction{ID: p.ID, Incoming: true, Amount: p.Amount, Customer: p.Customer, Order: p.Order, At: p.At})
	}
}

// loseUpdate pays an order with Stars, and nobody tells us.
func (c *chance) loseUpdate(rt *rapid.T) {
	if o, ok := c.any(rt); ok && o.Method == esim.MethodStars {
		c.n++
		c.star(esim.Payment{ID: fmt.Sprint("lost", c.n), Order: o.ID, Customer: ann, Amount: o.Price, Method: o.Method, At: c.Vendor.Time()})
	}
}

func (c *chance) any(rt *rapid.T) (esim.Order, bool) {
	if len(c.orders) == 0 {
		return esim.Order{}, false
	}
	return c.order(rapid.SampledFrom(c.orders).Draw(rt, "order")), true
}

func (c *chance) esim(rt *rapid.T) (esim.ESIM, bool) {
	all, err := c.DB.ESIMsOf(c.Context(), ann)
	c.Must(err)
	if len(all) == 0 {
		return esim.ESIM{}, false
	}
	return all[rapid.IntRange(0, len(all)-1).Draw(rt, "eSIM")], true
}

func (c *chance) topUp(rt *rapid.T) {
	if e, ok := c.esim(rt); ok {
		o, err := c.requestTopUp(e, rapid.SampledFrom([]esim.PaymentMethod{esim.MethodStars, esim.MethodCredit}).Draw(rt, "rail"))
		if c.known(err) {
			c.orders = append(c.orders, o.ID)
		}
	}
}

func (c *chance) cancel(rt *rapid.T) {
	if o, ok := c.any(rt); ok {
		c.known(c.Canceller.Begin(c.Context(), o.ID, nil))
	}
}

func (c *chance) refund(rt *rapid.T) {
	if o, ok := c.any(rt); ok {
		c.known(c.Admin.Refund(c.Context(), o.ID, esim.AuditEntry{Who: 1, What: "refund", Order: o.ID, Why: "chance"}))
	}
}

// swap swaps an eSIM for a plan, once or twice at once.
func (c *chance) swap(rt *rapid.T) {
	e, ok := c.esim(rt)
	if !ok {
		return
	}
	base, err := c.DB.Order(c.Context(), e.Order)
	c.Must(err)
	p := c.withTopUps(rapid.Bool().Draw(rt, "day pass"))
	days := 0
	if p.DayPass() {
		days = rapid.IntRange(1, 9).Draw(rt, "days")
	}
	ways, err := c.swapWays(base, p, days)
	if !c.known(err) {
		return
	}
	q := rapid.SampledFrom(ways).Draw(rt, "way")
	for range rapid.IntRange(1, 2).Draw(rt, "presses") {
		c.n++
		o, err := c.swapFor(e, q, fmt.Sprint("swap", c.n))
		if c.known(err) && !slices.Contains(c.orders, o.ID) {
			c.orders = append(c.orders, o.ID)
		}
	}
}

func (c *chance) install(rt *rapid.T) {
	if e, ok := c.esim(rt); ok {
		_ = c.Vendor.Install(string(e.ID)) // what is not possible does not happen
	}
}

func (c *chance) breakVendor(rt *rapid.T) {
	endpoint := rapid.SampledFrom([]string{"esim/order", "esim/query", "esim/topup", "esim/cancel", "package/list", ""}).Draw(rt, "endpoint")
	f := rapid.SampledFrom([]sandbox.Fault{
		{Kind: sandbox.LoseRequest},
		{Kind: sandbox.LoseAnswer},
		{Kind: sandbox.CutBody},
		{Kind: sandbox.BadGateway, Worked: true},
		{Kind: sandbox.RateBurst},
		{Kind: sandbox.Refuse, Code: "200011"},
		{Kind: sandbox.Refuse, Code: "000001"},
		{Kind: sandbox.Refuse, Code: "200007"},
		{Kind: sandbox.Refuse, Code: "310402"},
		{Kind: sandbox.Refuse, Code: "310241"},
	}).Draw(rt, "fault")
	f.Endpoint, f.Count = endpoint, rapid.IntRange(1, 4).Draw(rt, "times")
	c.Vendor.Break(f)
}

// end makes the vendor well, lets two hours pass with everybody at work, and looks.
func (c *chance) end() {
	c.Vendor.Mend()
	c.Vendor.Down(false)
	for range 4 {
		c.Vendor.Advance(time.Hour)
		_, err := c.Reconciler.Run(c.Context(), true)
		c.Must(err)
		c.settle(3 * time.Hour)
	}
	c.booksAgree()
	returned := map[esim.OrderID]int64{}
	for _, p := range c.bank.returned {
		returned[p.Order] += p.Amount.Minor
	}
	for _, id := range c.orders {
		c.ended(c.order(id), returned[id])
	}
	for _, p := range c.Vendor.Profiles() {
		if p.EsimStatus == "CANCEL" {
			continue
		}
		if known, err := c.DB.ESIMs(c.Context(), []esim.ESIMID{esim.ESIMID(p.EsimTranNo)}); err != nil || len(known) != 1 {
			c.Errorf("eSIM %s of %s belongs to no order: %v", p.EsimTranNo, p.TransactionID, err)
		}
	}
}

// ended checks one order: what came in is in the eSIM or went back, nothing twice.
func (c *chance) ended(o esim.Order, returned int64) {
	if o.State == esim.StateNeedsHuman && o.Reason == "some of its eSIMs are cancelled and some in use" {
		return // the customer installed one of several while they were being cancelled; staff were told
	}
	if o.State.Open() {
		c.Errorf("order %s hangs in %s: %s", o.ID, o.State, o.Reason)
	}
	if n := c.Vendor.Charged(o.IdempotencyKey); n > 1 {
		c.Errorf("order %s was bought %d times", o.ID, n)
	}
	if o.Method != esim.MethodStars || o.Parts() > 0 || o.SwappedFor != "" { // a part becomes store credit, and the rest after it
		return
	}
	var came int64
	for _, m := range c.stars.lines {
		if m.Order == o.ID {
			came += m.Amount.Minor
		}
	}
	kept := came - returned
	if o.State == esim.StateDelivered && kept != o.Price.Minor || o.State != esim.StateDelivered && kept != 0 {
		c.Errorf("order %s is %s at %s: %d came, %d went back", o.ID, o.State, o.Price, came, returned)
	}
}
