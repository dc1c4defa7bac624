package esim

import "testing"

// TestWhoMayBeginToCancel asks of every state that can be left for StateCancelling, and of some that
// cannot, who may do it: of the whole order, and of one eSIM of it.
func TestWhoMayBeginToCancel(t *testing.T) {
	t.Parallel()
	type answers struct{ customer, staff, unused bool }
	all, none := answers{true, true, true}, answers{}
	tests := map[string]struct {
		order      Order
		whole, one answers
	}{
		"delivered":              {Order{Kind: Purchase, State: StateDelivered}, all, all},
		"some are still to come": {Order{Kind: Purchase, State: StateAllocating}, none, all},
		"all are there":          {Order{Kind: Purchase, State: StateAllocating, Allocated: true}, answers{staff: true, unused: true}, answers{staff: true, unused: true}},
		"with staff":             {Order{Kind: Purchase, State: StateNeedsHuman}, answers{staff: true}, answers{staff: true}},
		"a top-up":               {Order{Kind: TopUp, State: StateDelivered}, none, none},
		"paid, not bought":       {Order{Kind: Purchase, State: StatePaid}, none, none},
		"its money is back":      {Order{Kind: Purchase, State: StateRefunded}, none, none},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for one, want := range map[ESIMID]answers{"": tt.whole, "25031120480003": tt.one} {
				got := answers{
					customer: tt.order.cancelBegins(one, false, true),
					staff:    tt.order.cancelBegins(one, true, false),
					unused:   tt.order.cancelBegins(one, false, false),
				}
				if got != want {
					t.Errorf("eSIM %q: %+v, want %+v", one, got, want)
				}
			}
		})
	}
}
