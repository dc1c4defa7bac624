package esim_test

import (
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
)

// Two eSIMs of one order are swapped, one press after the other: an order gives one eSIM back at a
// time, so the second swap waits for the first, and is not called off.
func TestBothESIMsOfOneOrderAreSwapped(t *testing.T) {
	t.Parallel()
	for _, dearer := range []bool{true, false} {
		r, esims := swapRig(t, 2)
		p := r.other(r.plan(), dearer)
		var swaps []esim.OrderID
		for i, e := range esims {
			ways, err := r.swapWays(r.order(e.Order), p, 0)
			r.Must(err)
			o, err := r.swapFor(e, ways[0], fmt.Sprint("swap", i))
			r.Must(err)
			if o.State == esim.StateAwaitingPayment {
				r.Must(r.Checkout.Approve(r.Context(), o.ID, ann, o.Price))
				r.pay(o, fmt.Sprint("swap-charge", i))
			}
			swaps = append(swaps, o.ID)
		}
		r.settle(time.Hour)
		r.deliver()
		for _, id := range swaps {
			if o := r.order(id); o.State != esim.StateDelivered {
				t.Errorf("dearer %t: one of two swaps at once is %s: %s", dearer, o.State, o.Reason)
			}
		}
		r.wantSoundBooks()
	}
}
