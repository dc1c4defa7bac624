package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Staff give an eSIM to a customer by a link, which works as a gift between customers does. One that somebody holds (they
// lost their account, or their phone) is given as if its holder gave it. One that is no order's becomes an order
// of whoever takes it, as a gift of the shop.

// An UnmatchedOffer is an eSIM of no order as the vendor told of it when its link was made.
type UnmatchedOffer struct {
	Profile Profile
	Plan    Plan
	// Wholesale (USD4) is what it costs as it is sold today; zero: it is not sold any more.
	Wholesale Money
	// Of is the order that its key names, in whose books its cost may be; "": none is known here.
	Of OrderID
	// Order is what it becomes.
	Order OrderID
}

// eSIM is what the link offers: nobody's yet.
func (f UnmatchedOffer) eSIM() ESIM { return ESIM{Profile: f.Profile, Plan: f.Plan, Index: 1} }

// DecideUnmatchedOffer says whether staff may make a link for an eSIM: ErrNotFound if it is not known as one of no order (it may
// be about to become an order's), ErrConflict if somebody has it, ErrNoGift if nothing is left of it.
// The store calls it inside its transaction.
func DecideUnmatchedOffer(f UnmatchedOffer, orphan, stored bool, now time.Time) error {
	switch {
	case stored:
		return fmt.Errorf("eSIM %s is an order's by now: %w", f.Profile.ID, ErrConflict)
	case !orphan:
		return fmt.Errorf("eSIM %s of no order: %w", f.Profile.ID, ErrNotFound)
	case !f.eSIM().CanBeGivenAway(Order{}, now):
		return fmt.Errorf("eSIM %s is gone: %w", f.Profile.ID, ErrNoGift)
	}
	return nil
}

// Taken is the order that an eSIM of no order becomes, with its books: it costs its customer nothing, and is no sale. What
// the vendor charged is booked as given away, unless the order that it came for has that already.
func (f UnmatchedOffer) Taken(c CustomerID, now time.Time) RecoveredOrder {
	o := Order{
		ID: f.Order, Customer: c, Kind: Purchase, Plan: f.Plan.Snapshot(), Quantity: 1, VendorOrder: f.Profile.VendorOrder,
		Wholesale: f.Wholesale, Retail: USDCents(0), Price: USDCents(0), Method: MethodFree, State: StateDelivered, Allocated: true, Gift: true,
		Created: now, Changed: now, PaidAt: now, NextAt: now,
	}
	if o.Plan.DayPass() {
		o.Days = max(1, f.Profile.Days)
	}
	if o.Wholesale.Currency == "" {
		o.Wholesale = USDTenThousandths(0)
	}
	o.IdempotencyKey = IdempotencyKeyOf(invoicedSale(o))
	e := f.eSIM()
	e.Customer, e.Buyer, e.Order, e.Plan, e.Created, e.Asked = c, c, o.ID, o.Plan, now, now
	rec := RecoveredOrder{Order: o, ESIMs: []ESIM{e}, Payments: []OrderPayment{{
		Payment: Payment{ID: string(o.Method) + ":" + string(o.ID), Order: o.ID, Customer: c, Amount: o.Price, Method: o.Method, At: now}, Status: PaymentSettled,
	}}}
	rec.event(now, "", StateAwaitingPayment, "assigned by staff")
	rec.event(now, StateAwaitingPayment, StatePaid, "assigned by staff")
	rec.event(now, StatePaid, StateDelivered, "its link was opened")
	cost := CostTransaction(o)
	if f.Of != "" {
		cost.Unless = costKey(f.Of)
	}
	rec.post(now, cost)
	return rec
}

// UnmatchedTaken is what is told when somebody took it: the picture to them, unless it is on a phone, and that it has a holder to staff.
func UnmatchedTaken(g Gift, e ESIM) []Notification {
	return append(GiftTaken(g, e, false), NewStaffAssigned(e))
}

// AssignStore keeps the links that staff make.
type AssignStore interface {
	GiftLinks
	KnownESIMStore
	// UnmatchedESIMs lists eSIMs of no order that the vendor still had at a time.
	UnmatchedESIMs(ctx context.Context, since time.Time) ([]ESIMID, error)
	// OfferUnmatched stores a link, known by the hash of its token, if DecideUnmatchedOffer allows it. It takes the place of the one
	// that was open for the eSIM. The same again is the one that is open.
	OfferUnmatched(ctx context.Context, g Gift, f UnmatchedOffer, hash string) (Gift, error)
	AddAuditEntry(ctx context.Context, entry AuditEntry) error
}

// A RecordSource is the vendor's word on one eSIM, with what it was bought as.
type RecordSource interface {
	// Record asks for one eSIM; ErrNotFound if the vendor does not know it.
	Record(ctx context.Context, esimID ESIMID) (VendorRecord, error)
}

// An Assigner has staff give eSIMs to customers.
type Assigner struct {
	Gifts   *Gifts
	Store   AssignStore
	Vendor  RecordSource
	Catalog *CatalogCache
	Now     func() time.Time
}

// UnmatchedESIMs lists the eSIMs of no order that the vendor has.
func (s *Assigner) UnmatchedESIMs(ctx context.Context) ([]ESIMID, error) {
	return s.Store.UnmatchedESIMs(ctx, s.Now().Add(-orphanSeen))
}

// Assign makes a link for an eSIM, and notes it with the audit entry. The same press again gives the same link. Of an eSIM of
// no order the vendor is asked. Errors: those of DecideOffer and DecideUnmatchedOffer.
func (s *Assigner) Assign(ctx context.Context, id ESIMID, press string, entry AuditEntry) (Gift, GiftToken, error) {
	held, err := s.Store.ESIMs(ctx, []ESIMID{id})
	if err != nil {
		return Gift{}, "", fmt.Errorf("eSIM to assign: %w", err)
	}
	var g Gift
	var token GiftToken
	entry.ESIM = id
	if len(held) > 0 {
		e := held[0]
		entry.Order, entry.Customer = e.Order, e.Customer
		g, token, err = s.Gifts.Offer(ctx, e.Customer, id, press)
	} else {
		g, token, err = s.offerUnmatched(ctx, id, press)
	}
	if err != nil {
		return Gift{}, "", err
	}
	// A link that was made and is shown nowhere does no harm; one that is shown is in the log.
	if err := s.Store.AddAuditEntry(ctx, entry); err != nil {
		return Gift{}, "", err
	}
	return g, token, nil
}

func (s *Assigner) offerUnmatched(ctx context.Context, id ESIMID, press string) (Gift, GiftToken, error) {
	v, err := s.Vendor.Record(ctx, id)
	if err != nil {
		return Gift{}, "", fmt.Errorf("ask for the eSIM to assign: %w", err)
	}
	f := UnmatchedOffer{Profile: v.Profile, Plan: v.Plan, Order: NewOrderID()}
	if p, err := s.Catalog.Current().Known(v.Plan.Code); err == nil {
		units := 1
		if p.DayPass() {
			units = max(1, v.Days)
		}
		f.Plan, f.Wholesale = p, p.Wholesale.Times(units)
	}
	switch o, err := s.Store.OrderByIdempotencyKey(ctx, v.IdempotencyKey); {
	case err == nil:
		f.Of = o.ID
	case !errors.Is(err, ErrNotFound):
		return Gift{}, "", err
	}
	now, token := s.Now(), s.Gifts.Token(0, id, press)
	g, err := s.Store.OfferUnmatched(ctx, Gift{ESIM: id, Made: now, Ends: now.Add(GiftTTL)}, f, token.Hash())
	if err != nil {
		return Gift{}, "", err
	}
	return g, token, nil
}
