package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Who runs out of data cannot reach the shop to buy more. Where the operator allows it, the least that their eSIM can be
// topped up with is one press away then, on credit: once for each customer ever, also not again after they were forgotten.
// It is a top-up like any other, paid from store credit that it leaves below zero (see debt.go).

// EmergencyTopUpFacts are what a top-up on credit is decided on.
type EmergencyTopUpFacts struct {
	ESIM     ESIM           // as it is now
	Bought   Order          // that brought it; the zero value: none did
	Payments []OrderPayment // of Bought
	Credit   Money          // USD; the customer's store credit
	// Before is the order that was given on credit before; the zero value: there is none.
	Before Order
	// Back: the customer was forgotten, and is back.
	Back bool
}

// DecideEmergencyTopUp is ErrNoEmergencyTopUp where a customer gets no top-up of a price (USD) on credit. It is for who holds an eSIM
// that is nearly or wholly used up, bought it themselves, and paid as much for it from outside as is lent now.
// The store calls it inside the transaction that books it, too.
func DecideEmergencyTopUp(f EmergencyTopUpFacts, customer CustomerID, price Money, now time.Time) error {
	e, o := f.ESIM, f.Bought
	lent := price.Minor - max(0, f.Credit.Minor)
	switch {
	case f.Before.ID != "" || f.Back:
		return fmt.Errorf("customer %d had theirs: %w", customer, ErrNoEmergencyTopUp)
	case f.Credit.Minor < 0 || lent <= 0 || price.Currency != USD:
		return fmt.Errorf("%s with %s of store credit: %w", price, f.Credit, ErrNoEmergencyTopUp)
	case e.Customer != customer || e.GivenAway() || o.Customer != customer || e.Order != o.ID:
		return fmt.Errorf("eSIM %s is not what customer %d bought: %w", e.ID, customer, ErrNoEmergencyTopUp)
	case e.Returned || o.State != StateDelivered || !e.CanTopUp(now) || dataLevel(e) < lowData:
		return fmt.Errorf("eSIM %s needs no top-up, or takes none: %w", e.ID, ErrNoEmergencyTopUp)
	}
	paid := int64(0)
	for _, p := range f.Payments {
		spec, err := p.Method.Spec()
		switch {
		case err != nil:
			return err
		case p.Surplus || spec.FromCredit || spec.RefundRoute == RefundNothing:
		case p.Status != PaymentSettled:
			return fmt.Errorf("order %s was paid back: %w", o.ID, ErrNoEmergencyTopUp)
		default:
			paid += o.rest(o.worth(p.Payment)).Minor
		}
	}
	if paid < lent {
		return fmt.Errorf("%s to lend to who paid %s: %w", USDCents(lent), USDCents(paid), ErrNoEmergencyTopUp)
	}
	return nil
}

// EmergencyTopUpStore knows who may have a top-up on credit.
type EmergencyTopUpStore interface {
	// EmergencyTopUpFacts are those of a customer and an eSIM; ErrNotFound if there is no such eSIM.
	EmergencyTopUpFacts(ctx context.Context, customer CustomerID, esimID ESIMID) (EmergencyTopUpFacts, error)
}

// EmergencyOffer is the top-up that the holder of an eSIM can have on credit now: the first of what Offers found; false: none.
func (s *TopUps) EmergencyOffer(ctx context.Context, e ESIM, offers []Quote) (Quote, bool, error) {
	upTo := s.rescueUpTo()
	if upTo.Minor == 0 || len(offers) == 0 || !CanPayDebts(s.Checkout.Offered()) || dataLevel(e) < lowData {
		return Quote{}, false, nil
	}
	q, err := s.quote(creditMethod(), e, offers[0].Plan, offers[0].Days)
	if err != nil || q.Price.Minor > upTo.Minor {
		return Quote{}, false, nil //nolint:nilerr // too dear for one payment: then it is none on credit either
	}
	f, err := s.EmergencyTopUps.EmergencyTopUpFacts(ctx, e.Customer, e.ID)
	if err != nil {
		return Quote{}, false, fmt.Errorf("may a customer have a top-up on credit: %w", err)
	}
	err = DecideEmergencyTopUp(f, e.Customer, q.Price, s.Now())
	if errors.Is(err, ErrNoEmergencyTopUp) {
		return Quote{}, false, nil
	}
	return q, err == nil, err
}

// BeginEmergency gives the least that an eSIM can be topped up with on credit, and w.Seen is its price as it was shown. A second
// press of the same customer for the same eSIM is ErrAlreadyPaid.
// Other errors: ErrNoEmergencyTopUp, ErrPriceChanged, and those of Begin.
func (s *TopUps) BeginEmergency(ctx context.Context, e ESIM, w PurchaseRequest) (Order, error) {
	f, err := s.EmergencyTopUps.EmergencyTopUpFacts(ctx, w.Customer, e.ID)
	if err != nil {
		return Order{}, fmt.Errorf("may a customer have a top-up on credit: %w", err)
	}
	if f.Before.ESIM == e.ID {
		return f.Before, fmt.Errorf("top-up %s on credit: %w", f.Before.ID, ErrAlreadyPaid)
	}
	offers, err := s.Offers(ctx, e, w.Days)
	if err != nil {
		return Order{}, err
	}
	q, may, err := s.EmergencyOffer(ctx, e, offers)
	switch {
	case err != nil:
		return Order{}, err
	case !may || e.Customer != w.Customer:
		return Order{}, fmt.Errorf("eSIM %s of customer %d: %w", e.ID, w.Customer, ErrNoEmergencyTopUp)
	}
	if err := s.Checkout.staying(ctx, e.ID, w.Customer); err != nil {
		return Order{}, err
	}
	w.PlanCode = q.Plan.Code
	o, err := s.Checkout.begin(ctx, w, q, Order{Kind: TopUp, ESIM: e.ID, EmergencyTopUp: true}, "")
	if err != nil {
		return Order{}, err
	}
	return s.Checkout.PayWithoutInvoice(ctx, w.Customer, o.ID)
}
