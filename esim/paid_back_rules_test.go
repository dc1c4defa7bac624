package esim

import (
	"testing"
	"time"
)

func TestWhatCountsAsPaidBack(t *testing.T) {
	t.Parallel()
	kept, back := OrderPayment{Status: PaymentSettled}, OrderPayment{Status: PaymentRefunded}
	surplus := OrderPayment{Status: PaymentRefundDue, Extra: true}
	surplusBack := OrderPayment{Status: PaymentRefunded, Extra: true}
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
