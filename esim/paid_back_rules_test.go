package esim

import (
	"testing"
	"time"
)

func TestWhatCountsAsPaidBack(t *testing.T) {
	t.Parallel()
	kept, back := OrderPayment{Status: PaymentSettled}, OrderPayment{Status: PaymentRefunded}
	surplus := OrderPayment{Status: PaymentRefundDue, Surplus: true}
	surplusBack := OrderPayment{Status: PaymentRefunded, Surplus: true}
	for name, tt := range map[string]struct {
		payments []OrderPayment
		want     bool
	}{
		"nothing was paid": {nil, false},
		"kept":             {[]OrderPayment{kept}, false},
		"refunded":         {[]OrderPayment{back}, true},
		"one of two":       {[]OrderPayment{back, kept}, false},
		"refunded, and a payment too many is due":  {[]OrderPayment{back, surplus}, true},
		"only the payment too many went back":      {[]OrderPayment{surplusBack}, false},
		"kept, and a payment too many went back":   {[]OrderPayment{kept, surplusBack}, false},
		"refunded, the payment too many back, too": {[]OrderPayment{back, surplusBack}, true},
	} {
		if got := AllRefunded(tt.payments); got != tt.want {
			t.Errorf("%s: paid back %t", name, got)
		}
	}
}

// To try an order again whose money is back buys nothing and suspends nothing anew.
func TestWhatIsWorthARetry(t *testing.T) {
	t.Parallel()
	unused := ESIM{Profile: Profile{Status: ProfileGotResource, SMDPStatus: SMDPReleased}}
	suspended := ESIM{Profile: Profile{Status: ProfileSuspended, SMDPStatus: SMDPEnabled}}
	given := unused
	given.Returned = true
	for name, tt := range map[string]struct {
		o     Order
		esims []ESIM
		back  bool
		want  bool
	}{
		"the vendor refused to take an unused one": {Order{Kind: Purchase, State: StateNeedsHuman}, []ESIM{unused}, true, true},
		"suspended":                            {Order{Kind: Purchase, State: StateNeedsHuman}, []ESIM{suspended}, true, false},
		"one suspended, one given back before": {Order{Kind: Purchase, State: StateNeedsHuman}, []ESIM{suspended, given}, true, false},
		"nothing was bought":                   {Order{Kind: Purchase, State: StateNeedsHuman}, nil, true, false},
		"a top-up of an unused one":            {Order{Kind: TopUp, State: StateNeedsHuman}, []ESIM{unused}, true, false},
		"paid, nothing was bought":             {Order{Kind: Purchase, State: StateNeedsHuman}, nil, false, true},
		"paid, an installed one":               {Order{Kind: Purchase, State: StateNeedsHuman}, []ESIM{suspended}, false, true},
		"delivered":                            {Order{Kind: Purchase, State: StateDelivered}, []ESIM{unused}, false, false},
		"being ordered":                        {Order{Kind: Purchase, State: StateOrdering}, nil, false, true},
	} {
		if got := WorthRetrying(tt.o, tt.esims, tt.back); got != tt.want {
			t.Errorf("%s: worth a retry %t", name, got)
		}
	}
}

// An order that was paid back elsewhere while its eSIM was on its way is taken back when it comes,
// not delivered.
func TestWhatComesAfterItWasPaidBackElsewhereIsTakenBack(t *testing.T) {
	t.Parallel()
	back := []OrderPayment{{Status: PaymentRefunded}}
	for _, unsent := range []bool{true, false} {
		_, m := Consequences(OrderFacts{Order: Order{Kind: Purchase, State: StateAllocating, Allocated: true}, Payments: back, Unsent: unsent}, time.Time{})
		if m == nil || m.To != StateCancelling || !m.Undelivered {
			t.Errorf("unsent %t: %+v", unsent, m)
		}
	}
	_, m := Consequences(OrderFacts{Order: Order{Kind: Purchase, State: StateAllocating}, Payments: back}, time.Time{})
	if m != nil {
		t.Errorf("its eSIM is not here yet: %+v", m)
	}
}

// A delivered top-up whose payment somebody else sent back comes before staff, and stands against
// nothing meanwhile: the vendor was paid for it, and nothing more is on its way.
func TestADeliveredTopUpThatWasPaidBackElsewhere(t *testing.T) {
	t.Parallel()
	stars, credit := OrderPayment{Payment: Payment{Method: MethodStars, Amount: Stars(100)}}, OrderPayment{Payment: Payment{Method: MethodCredit, Amount: USDCents(100)}}
	starsBack := stars
	starsBack.Status = PaymentRefunded
	for name, tt := range map[string]struct {
		payments []OrderPayment
		want     bool
		sales    int
	}{
		"kept":                         {[]OrderPayment{stars}, false, 1},
		"its Stars are back":           {[]OrderPayment{starsBack}, true, 0},
		"they are, its credit is kept": {[]OrderPayment{starsBack, credit}, true, 1},
		"for nothing":                  {nil, false, 0},
	} {
		o := Order{ID: "A", Kind: TopUp, State: StateDelivered, Allocated: true}
		sales, m := Consequences(OrderFacts{Order: o, Payments: tt.payments}, time.Time{})
		if (m != nil) != tt.want || len(sales) != tt.sales || m != nil && (m.To != StateNeedsHuman || len(m.Notifications) != 1 || m.Notifications[0].Kind != StaffNeedsHuman) {
			t.Errorf("%s: %+v, %+v", name, sales, m)
		}
		o.Kind = Purchase
		if _, m := Consequences(OrderFacts{Order: o, Payments: tt.payments}, time.Time{}); m != nil {
			t.Errorf("%s, a purchase: %+v", name, m)
		}
	}
	waits := Order{ID: "A", Kind: TopUp, ESIM: "E", State: StateNeedsHuman, Allocated: true, Changed: decideNow}
	unknown := Order{ID: "A", Kind: TopUp, ESIM: "E", State: StateNeedsHuman}
	if waits.movesVendorMoney(decideNow) || len(topUpsOf([]Order{waits}, "E")) > 0 || len(topUpsOf([]Order{waits}, "")) > 0 {
		t.Error("a top-up that was applied and paid back counts as under way")
	}
	if len(topUpsOf([]Order{unknown}, "E")) != 1 || len(topUpsOf([]Order{unknown}, "")) != 1 {
		t.Error("a top-up of which it is not known whether it was applied does not count as under way")
	}
}
