package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// stranded is a shop that gives on credit, and an eSIM of Ann's with a twentieth of its data left.
func stranded(t *testing.T) (*rig, esim.ESIM) {
	t.Helper()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	r.TopUps.MaxEmergencyPrice = esim.USDCents(10_000)
	_, e := r.delivered()
	return r, r.usesUp(e)
}

func (r *rig) usesUp(e esim.ESIM) esim.ESIM {
	r.Helper()
	r.Must(r.Vendor.Install(string(e.ID)))
	r.Must(r.Vendor.Burn(string(e.ID), e.Total*95/100))
	r.Must(r.Watcher.Refresh(r.Context(), e.ID))
	r.Vendor.Advance(4 * time.Hour) // the networks report late
	r.sweep()
	r.Must(r.Monitor.Check(r.Context()))
	return r.nowOf(e.ID)
}

// rescued has a customer press the button on an alert.
func (r *rig) rescued(c esim.CustomerID, e esim.ESIM, press string) (esim.Order, error) {
	r.Helper()
	offers, err := r.TopUps.Offers(r.Context(), e, 0)
	r.Must(err)
	q, _, err := r.TopUps.EmergencyOffer(r.Context(), e, offers)
	r.Must(err)
	return r.TopUps.BeginEmergency(r.Context(), e, esim.PurchaseRequest{Customer: c, Seen: q.Price, CallbackQueryID: press})
}

func (r *rig) pleaseNo(err error, what string) {
	r.Helper()
	if !errors.Is(err, esim.ErrNoEmergencyTopUp) {
		r.Errorf("%s: %v", what, err)
	}
}

func TestRescueIsPaidOffByWhatComes(t *testing.T) {
	t.Parallel()
	r, e := stranded(t)
	o, err := r.rescued(ann, e, "a")
	r.Must(err)
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	owed := o.Price
	if now := r.nowOf(e.ID); now.Epoch != 1 || now.Total <= e.Total {
		t.Errorf("epoch %d, %d bytes", now.Epoch, now.Total)
	}
	r.wantCredit(esim.USDCents(-owed.Minor))
	for _, press := range []string{"a", "b"} { // the update again, and another press
		if _, err := r.rescued(ann, e, press); !errors.Is(err, esim.ErrAlreadyPaid) {
			t.Errorf("pressed again: %v", err)
		}
	}
	r.wantCredit(esim.USDCents(-owed.Minor))
	r.wantSoundBooks()

	// A grant pays it, as far as it goes.
	r.Must(r.grant("some", 10))
	owed.Minor -= 10
	r.wantCredit(esim.USDCents(-owed.Minor))
	if err := r.grant("taken", -1); !errors.Is(err, esim.ErrInsufficientCredit) {
		t.Errorf("more is taken of nothing: %v", err)
	}

	// The next purchase asks for the rest, and nothing less is taken.
	p := r.plan()
	price := func(m esim.PaymentMethod) (esim.Quote, error) { return r.Checkout.QuoteWith(m, p.Code, 1, 0) }
	plain, err := price(esim.MethodStars)
	r.Must(err)
	if _, err := r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: 1, Seen: plain.Price}); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("without what is owed: %v", err)
	}
	quotes, err := r.Checkout.QuotesBeside(esim.USDCents(-owed.Minor), price)
	r.Must(err)
	if len(quotes) != 1 || quotes[0].Price.Minor <= plain.Price.Minor {
		t.Fatalf("quotes %+v, without the debt %s", quotes, plain.Price)
	}
	next, err := r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: 1, Seen: quotes[0].Price, Credit: quotes[0].Credit})
	r.Must(err)
	r.Must(r.Checkout.Approve(t.Context(), next.ID, ann, next.Price))
	if b := r.pay(next, "charge-next"); b != esim.PaymentBooked {
		t.Fatalf("booked as %d", b)
	}
	r.wantCredit(esim.USDCents(0))
	r.pass(time.Minute)
	r.deliver()
	r.wantState(next.ID, esim.StateDelivered)
	r.wantSoundBooks()

	// It goes back: all the Stars, and what they had paid of the debt is owed again.
	r.Must(r.Canceller.Begin(t.Context(), next.ID, nil))
	r.cancelling(r.Canceller)
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(next.ID, esim.StateRefunded)
	if n := len(r.bank.returned); n != 1 || r.bank.returned[0].Amount != next.Price {
		t.Errorf("returned %v", r.bank.returned)
	}
	r.wantCredit(esim.USDCents(-owed.Minor))
	r.wantSoundBooks()
	if rep := r.reconcile(nil); rep.Mended() {
		t.Errorf("reconciliation mends %+v", rep)
	}
	r.pleaseNo(func() error { _, err := r.rescued(ann, r.another(ann), "c"); return err }(), "a second eSIM")
}

// another is one more eSIM of a customer, bought with Stars and what they owe, and nearly used up.
func (r *rig) another(c esim.CustomerID) esim.ESIM {
	r.Helper()
	p := r.plan()
	credit, err := r.DB.Credit(r.Context(), c)
	r.Must(err)
	q, err := r.Checkout.QuoteWith(esim.MethodStars, p.Code, 1, 0)
	r.Must(err)
	if credit.Minor < 0 {
		quotes, err := r.Checkout.QuotesBeside(credit, func(m esim.PaymentMethod) (esim.Quote, error) { return r.Checkout.QuoteWith(m, p.Code, 1, 0) })
		r.Must(err)
		q = quotes[0]
	}
	o, err := r.Checkout.Begin(r.Context(), esim.PurchaseRequest{Customer: c, PlanCode: p.Code, Quantity: 1, Seen: q.Price, Credit: q.Credit})
	r.Must(err)
	r.pay(o, "charge-"+string(o.ID))
	r.pass(time.Minute)
	r.deliver()
	esims, err := r.DB.ESIMsOfOrder(r.Context(), o.ID)
	r.Must(err)
	return r.usesUp(esims[0])
}

// What did not come is owed by nobody, and the customer has their chance still.
func TestARescueThatFailsClearsItsDebt(t *testing.T) {
	t.Parallel()
	r, e := stranded(t)
	mend := r.Vendor.Break(sandbox.Fault{Endpoint: topUpCall, Kind: sandbox.Refuse, Code: "310242"})
	o, err := r.rescued(ann, e, "a")
	r.Must(err)
	r.wantCredit(esim.USDCents(-o.Price.Minor))
	r.pass(20 * time.Minute)
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(o.ID, esim.StateRefunded)
	r.wantCredit(esim.USDCents(0))
	r.wantSoundBooks()
	mend()
	o, err = r.rescued(ann, e, "b")
	r.Must(err)
	r.pass(20 * time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	r.Must(r.Admin.Refund(t.Context(), o.ID, act("refund"))) // staff are kind: it stays, and is owed by nobody
	r.Must(r.Refunder.Run(t.Context()))
	r.wantCredit(esim.USDCents(0))
	r.wantSoundBooks()
	r.pleaseNo(func() error { _, err := r.rescued(ann, r.another(ann), "c"); return err }(), "after that")
}

// Two customers are two, each with what they bought; nobody gets anything by another's eSIM, by a gift, with two presses at
// once, with what the operator does not allow, or after their money went back.
func TestNobodyIsRescuedTwice(t *testing.T) {
	t.Parallel()
	r, e := stranded(t)
	_, err := r.TopUps.BeginEmergency(t.Context(), e, esim.PurchaseRequest{Customer: bob, Seen: esim.USDCents(1)})
	r.pleaseNo(err, "somebody else's eSIM")
	second := r.another(ann)
	given := r.give(r.another(ann))
	_, err = r.rescued(bob, given, "gift")
	r.pleaseNo(err, "a gift")
	his := r.another(bob)

	// Two orders are made before either is paid: the books take one.
	facts, err := r.DB.EmergencyTopUpFacts(t.Context(), ann, second.ID)
	r.Must(err)
	o, err := r.rescued(ann, e, "a")
	r.Must(err)
	sneaked := o
	sneaked.ID, sneaked.IdempotencyKey, sneaked.ESIM, sneaked.State, sneaked.PaidAt = "SNEAKED1", "sneaked", second.ID, esim.StateAwaitingPayment, time.Time{}
	sneaked.NextAt = r.Vendor.Time().Add(time.Hour)
	if facts.Before.ID != "" {
		t.Errorf("before: %+v", facts)
	}
	_, err = r.DB.AddOrder(t.Context(), sneaked, "", nil)
	r.Must(err)
	_, err = r.Checkout.PayWithoutInvoice(t.Context(), ann, sneaked.ID)
	r.pleaseNo(err, "a second order of the same customer")
	r.wantCredit(esim.USDCents(-o.Price.Minor))

	r.TopUps.MaxEmergencyPrice = esim.USDCents(1)
	_, err = r.rescued(bob, his, "b")
	r.pleaseNo(err, "more than the operator allows")
	change := r.Rules.Current().Values().Change(esim.RuleEdit{Key: esim.RuleEmergencyTopUp, Value: "100.00"})
	r.Must(r.Rules.Change(t.Context(), change, esim.AuditEntry{What: "settings"})) // staff allow it: that wins
	r.sentBackElsewhere(r.order(his.Order))
	_, err = r.rescued(bob, his, "c")
	r.pleaseNo(err, "what was paid back")
	_, err = r.rescued(bob, r.another(bob), "d")
	r.Must(err)
	r.wantSoundBooks()
}

func TestWhoOwesSwapsNothing(t *testing.T) {
	t.Parallel()
	r, e := stranded(t)
	_, fresh := r.delivered()
	_, err := r.rescued(ann, e, "a")
	r.Must(err)
	q, err := r.Checkout.QuoteWith(esim.MethodCredit, r.plan().Code, 1, 0)
	r.Must(err)
	if _, err := r.swapFor(fresh, q, "s"); !errors.Is(err, esim.ErrInDebt) {
		t.Errorf("a swap: %v", err)
	}
}
