package esim

import (
	"errors"
	"testing"
	"time"
)

func TestWhoIsRescued(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	const ann, bob CustomerID = 1, 2
	price := USDCents(300)
	stars := func(change func(*OrderPayment)) []OrderPayment {
		p := OrderPayment{Payment: Payment{ID: "c", Order: "A", Customer: ann, Amount: Stars(250), Method: MethodStars}, Status: PaymentSettled}
		if change != nil {
			change(&p)
		}
		return []OrderPayment{p}
	}
	facts := func(change func(*EmergencyTopUpFacts)) EmergencyTopUpFacts {
		f := EmergencyTopUpFacts{
			ESIM: ESIM{
				Customer: ann, Buyer: ann, Order: "A", Index: 1, Plan: Plan{Kind: TotalVolume, TopUp: TopUpVolume},
				Profile: Profile{ID: "T", Status: ProfileInUse, SMDPStatus: SMDPEnabled, Total: 100, Used: 90, Activated: now.Add(-day), Expires: now.Add(9 * day)},
			},
			Bought:   Order{ID: "A", Customer: ann, Kind: Purchase, State: StateDelivered, Quantity: 1, Retail: USDCents(500), Price: Stars(250), Method: MethodStars},
			Payments: stars(nil), Credit: USDCents(0),
		}
		if change != nil {
			change(&f)
		}
		return f
	}
	byCredit := func(p *OrderPayment) { p.Method, p.Amount = MethodCredit, USDCents(500) }
	for _, tt := range []struct {
		name string
		f    EmergencyTopUpFacts
		want bool
	}{
		{"10 % left of what they bought", facts(nil), true},
		{"used up", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Status = ProfileUsedUp }), true},
		{"11 % left", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Used = 89 }), false},
		{"some store credit, and not enough", facts(func(f *EmergencyTopUpFacts) { f.Credit = USDCents(299) }), true},
		{"enough store credit", facts(func(f *EmergencyTopUpFacts) { f.Credit = USDCents(300) }), false},
		{"they owe something", facts(func(f *EmergencyTopUpFacts) { f.Credit = USDCents(-1) }), false},
		{"they had theirs", facts(func(f *EmergencyTopUpFacts) { f.Before = Order{ID: "B"} }), false},
		{"they were forgotten, and are back", facts(func(f *EmergencyTopUpFacts) { f.Back = true }), false},
		{"it is somebody else's", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Customer, f.ESIM.Buyer, f.Bought.Customer = bob, bob, bob }), false},
		{"it was given to them", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Buyer, f.Bought.Customer = bob, bob }), false},
		{"no order brought it", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Buyer, f.ESIM.Order, f.Bought, f.Payments = 0, "", Order{}, nil }), false},
		{"on its way back", facts(func(f *EmergencyTopUpFacts) { f.Bought.State = StateCancelling }), false},
		{"before a human", facts(func(f *EmergencyTopUpFacts) { f.Bought.State = StateNeedsHuman }), false},
		{"given back alone", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Returned = true }), false},
		{"suspended", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Status = ProfileSuspended }), false},
		{"over", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Expires = now }), false},
		{"takes no top-up", facts(func(f *EmergencyTopUpFacts) { f.ESIM.Plan.TopUp = NoTopUp }), false},
		{"paid from store credit", facts(func(f *EmergencyTopUpFacts) { f.Payments = stars(byCredit) }), false},
		{"free", facts(func(f *EmergencyTopUpFacts) {
			f.Payments = stars(func(p *OrderPayment) { p.Method, p.Amount = MethodFree, USDCents(0) })
		}), false},
		{"paid back", facts(func(f *EmergencyTopUpFacts) { f.Payments = stars(func(p *OrderPayment) { p.Status = PaymentRefunded }) }), false},
		{"about to be paid back", facts(func(f *EmergencyTopUpFacts) {
			f.Payments = stars(func(p *OrderPayment) { p.Status = PaymentRefundDue })
		}), false},
		{"only a payment too many", facts(func(f *EmergencyTopUpFacts) { f.Payments = stars(func(p *OrderPayment) { p.Surplus = true }) }), false},
		{"paid less from outside than is lent", facts(func(f *EmergencyTopUpFacts) {
			f.Bought.Credit = USDCents(201)
			f.Payments = append(stars(nil), stars(byCredit)...)
		}), false},
		{"as much", facts(func(f *EmergencyTopUpFacts) {
			f.Bought.Credit = USDCents(200)
			f.Payments = append(stars(nil), stars(byCredit)...)
		}), true},
		{"of two one went back, so half of it counts", facts(func(f *EmergencyTopUpFacts) { f.Bought.Quantity, f.Bought.Returned = 2, 1 }), false},
	} {
		err := DecideEmergencyTopUp(tt.f, ann, price, now)
		if got := err == nil; got != tt.want || err != nil && !errors.Is(err, ErrNoEmergencyTopUp) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestADebtIsInThePriceOfWhatTakesMoneyFromOutside(t *testing.T) {
	t.Parallel()
	p := Pricing{StarValue: USDTenThousandths(130)}
	whole := Quote{Plan: Plan{Code: "P"}, Quantity: 2, Retail: USDCents(500), Method: MethodCredit, Price: USDCents(500)}
	for _, m := range PaymentMethods() {
		q, err := p.withCredit(whole, m, USDCents(-300))
		spec, _ := m.Spec()
		if outside := spec.leastRest > 0; outside != (err == nil) {
			t.Errorf("%s: %v", m, err)
		} else if outside && (q.Credit != USDCents(-300) || q.Price.Currency == USD && q.Price != USDCents(800)) {
			t.Errorf("%s: %s and %s", m, q.Price, q.Credit)
		}
	}
	for _, tt := range []struct {
		of   []PaymentMethod
		want bool
	}{
		{[]PaymentMethod{MethodStars}, true},
		{[]PaymentMethod{MethodCredit, MethodManual}, true},
		{[]PaymentMethod{MethodCredit}, false},
		{[]PaymentMethod{MethodFree, MethodStars}, false},
		{nil, false},
	} {
		if got := CanPayDebts(tt.of); got != tt.want {
			t.Errorf("%v can pay debts: %v", tt.of, got)
		}
	}
}
