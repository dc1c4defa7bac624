package esim

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// A TopUpRequest is one request to the vendor for more data or days on an eSIM. It may be
// repeated with the same IdempotencyKey and is charged once.
type TopUpRequest struct {
	IdempotencyKey string // our key, at most 50 characters
	ID             ESIMID // which eSIM
	// ICCID names the eSIM where ID is empty (the vendor deprecates that), or where
	// its number is answered with 000001, as that of some eSIMs is. It may be empty.
	ICCID    ICCID
	PlanCode string // of a plan of TopUps; a base plan's code is refused
	Days     int    // to add, for a day pass; else 0
}

// A TopUpResult is an eSIM after a top-up. Volumes (bytes) and days are those of all its
// packages together.
type TopUpResult struct {
	TopUp   string // the vendor's number of the top-up itself; may be empty
	Expires time.Time
	Total   int64
	Used    int64
	Days    int
}

// TopUpVendor is what top-ups need from the vendor. All errors are *VendorError.
type TopUpVendor interface {
	TopUpCatalog
	TopUpMaker
	// Profile asks for one eSIM; ErrNotFound if the vendor does not know it.
	Profile(ctx context.Context, esimID ESIMID) (Profile, error)
}

// TopUpCatalog is what the vendor sells for an eSIM.
type TopUpCatalog interface {
	// TopUps lists what an eSIM can be topped up with.
	TopUps(ctx context.Context, esimID ESIMID, iccid ICCID, baseCode string) ([]Plan, error)
	// TopUpPlan is one of TopUps as it is sold at this moment; ErrNotFound if it is not sold
	// for this eSIM any more.
	TopUpPlan(ctx context.Context, esimID ESIMID, iccid ICCID, baseCode, code string) (Plan, error)
}

// TopUpMaker makes a top-up, and finds it again.
type TopUpMaker interface {
	// TopUp makes the top-up. It takes about 16 seconds.
	TopUp(ctx context.Context, r TopUpRequest) (TopUpResult, error)
	// FindTopUp reports whether a top-up was made under a key between two times.
	FindTopUp(ctx context.Context, txID string, from, to time.Time) (esimID ESIMID, found bool, err error)
}

// MaxTopUps is how often the vendor lets one eSIM be topped up.
const MaxTopUps = 10

// CanTopUp reports whether an eSIM can be topped up as far as we know: never after its
// end or when it was deleted from the phone, and not while it is suspended.
func (e ESIM) CanTopUp(now time.Time) bool {
	switch e.Condition(now) {
	case ConditionOver, ConditionLapsed, ConditionWithdrawn, ConditionPaused, ConditionRemoved:
		return false
	}
	return e.Plan.TopUp != NoTopUp && e.Plan.TopUp != 0 && e.Epoch < MaxTopUps
}

// TopUps offers and sells top-ups.
type TopUps struct {
	Checkout        *Checkout
	Vendor          TopUpVendor
	EmergencyTopUps EmergencyTopUpStore
	// MaxEmergencyPrice (USD) is the dearest top-up that is given on credit, unless staff set it; zero: none is.
	MaxEmergencyPrice Money
	Now               func() time.Time
}

// Offers asks the vendor what an eSIM can be topped up with, cheapest first, priced on
// the main payment method. days is for day passes, else 0. ErrNoTopUp when there is nothing.
func (s *TopUps) Offers(ctx context.Context, e ESIM, days int) ([]Quote, error) {
	if !e.CanTopUp(s.Now()) {
		return nil, ErrNoTopUp
	}
	plans, err := s.Vendor.TopUps(ctx, e.ID, e.ICCID, e.Plan.Code)
	if err != nil {
		return nil, fmt.Errorf("ask for top-ups: %w", err)
	}
	var offers []Quote
	for _, p := range plans {
		q, err := s.quote(s.Checkout.DefaultMethod(), e, p, days)
		if err == nil {
			offers = append(offers, q)
		}
	}
	if len(offers) == 0 {
		return nil, ErrNoTopUp
	}
	slices.SortStableFunc(offers, func(a, b Quote) int { return cmp.Compare(a.Retail.Minor, b.Retail.Minor) })
	return offers, nil
}

// quote prices a top-up. Its own row says little of what it is (its supportTopUpType is
// 1, its places may be missing), so the eSIM's plan stands beside it.
func (s *TopUps) quote(method PaymentMethod, e ESIM, p Plan, days int) (Quote, error) {
	p.Kind = e.Plan.Kind
	if p.Location == "" {
		p.Location, p.Places = e.Plan.Location, e.Plan.Places
	}
	if !p.DayPass() {
		days = 0
	} else if days < 1 {
		days = 1
	}
	return s.Checkout.Prices().QuoteWith(method, p, 1, days)
}

// Begin makes the order of a top-up. The vendor is asked for its price at this moment.
// Errors: ErrNoTopUp, and those of Checkout.Begin.
func (s *TopUps) Begin(ctx context.Context, e ESIM, w PurchaseRequest) (Order, error) {
	method, err := s.Checkout.method(w.Method)
	if err != nil {
		return Order{}, err
	}
	if !e.CanTopUp(s.Now()) || e.Customer != w.Customer {
		return Order{}, ErrNoTopUp
	}
	if err := s.Checkout.staying(ctx, e.ID, w.Customer); err != nil {
		return Order{}, err
	}
	plans, err := s.Vendor.TopUps(ctx, e.ID, e.ICCID, e.Plan.Code)
	if err != nil {
		return Order{}, fmt.Errorf("ask for top-ups: %w", err)
	}
	for _, p := range plans {
		if p.Code == w.PlanCode {
			q, err := s.Checkout.quoted(w, method, func(m PaymentMethod) (Quote, error) { return s.quote(m, e, p, w.Days) })
			if err != nil {
				return Order{}, err
			}
			return s.Checkout.begin(ctx, w, q, Order{Kind: TopUp, ESIM: e.ID}, "")
		}
	}
	return Order{}, fmt.Errorf("top-up %s: %w", w.PlanCode, ErrPlanGone)
}
