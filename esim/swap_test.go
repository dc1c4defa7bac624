package esim_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// swapRig is a shop that takes Stars, and an eSIM that Ann has bought and not used.
func swapRig(t *testing.T, quantity int) (*rig, []esim.ESIM) {
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	r.Vendor.SetBalance(1e9)
	r.Must(r.Monitor.Check(t.Context()))
	_, esims := r.bought(r.plan(), quantity, 0)
	return r, esims
}

func (r *rig) wantProfile(e esim.ESIM, want string) {
	r.Helper()
	if p, ok := r.Vendor.Profile(string(e.ID)); !ok || p.EsimStatus != want {
		r.Errorf("the old eSIM is %s at the vendor, want %s", p.EsimStatus, want)
	}
}

// A dearer plan: the difference is paid first, then the old eSIM is cancelled, then the new one is bought.
// A cheaper one: the rest is store credit. Of an order of several only one goes.
func TestASwapBringsTheNewPlanForTheOldOne(t *testing.T) {
	t.Parallel()
	for _, quantity := range []int{1, 2} {
		for _, dearer := range []bool{true, false} {
			t.Run(fmt.Sprintf("one of %d for a dearer one %t", quantity, dearer), func(t *testing.T) {
				t.Parallel()
				r, esims := swapRig(t, quantity)
				old := esims[0]
				base := r.order(old.Order)
				worth := base.SwapWorthOfOne()
				o := r.swaps(old, r.other(r.plan(), dearer))
				if dearer != (o.Method == esim.MethodStars) || o.State != esim.StatePaid {
					t.Errorf("the swap is paid by %s, %s", o.Method, o.State)
				}
				r.settle(time.Hour)
				r.deliver()
				r.wantState(o.ID, esim.StateDelivered)
				r.wantProfile(old, "CANCEL")
				left := max(0, worth.Minor-o.Retail.Minor)
				r.wantCredit(esim.USDCents(left))
				if n := r.told(esim.NotifySwapCredit); (n == 1) != (left > 0) {
					t.Errorf("told %d times of %d cents", n, left)
				}
				if n := r.told(esim.NotifyCredited) + r.told(esim.NotifyPartCredited) + r.told(esim.NotifySwapFailed); n > 0 {
					t.Errorf("%d messages of something else", n)
				}
				if was := r.order(base.ID); quantity == 1 && (was.State != esim.StateRefunded || was.SwappedFor != o.ID) {
					t.Errorf("the old order is %s, swapped for %q", was.State, was.SwappedFor)
				} else if quantity == 2 && (was.State != esim.StateDelivered || was.Returned != 1 || was.SwappedFor != "") {
					t.Errorf("the old order is %s with %d given back", was.State, was.Returned)
				}
				if len(r.bank.returned) > 0 {
					t.Errorf("Stars went back: %v", r.bank.returned)
				}
				r.wantSoundBooks()
			})
		}
	}
}

// It got used meanwhile: it stays, what was paid goes back, and nothing is bought.
func TestASwapOfAnESIMThatGotUsedIsOff(t *testing.T) {
	t.Parallel()
	for _, dearer := range []bool{true, false} {
		r, esims := swapRig(t, 1)
		o := r.swaps(esims[0], r.other(r.plan(), dearer))
		r.Must(r.Vendor.Install(string(esims[0].ID)))
		r.settle(time.Hour)
		r.deliver()
		r.wantState(o.ID, esim.StateRefunded)
		r.wantState(esims[0].Order, esim.StateDelivered)
		r.wantCredit(esim.USDCents(0))
		if back := len(r.bank.returned); (back == 1) != dearer || r.Vendor.Charged(o.IdempotencyKey) != 0 || r.told(esim.NotifySwapFailed) != 1 {
			t.Errorf("dearer %t: %d payments went back, told %d times", dearer, back, r.told(esim.NotifySwapFailed))
		}
		if now := r.order(o.ID); dearer {
			if back, paid, credit, err := now.Refundable(); err != nil || back != esim.RefundSameWay || paid != o.Price || credit.Minor != 0 {
				t.Errorf("goes back as %d: %s and %s", back, paid, credit)
			}
		} else if back, _, _, err := now.Refundable(); err != nil || back != esim.RefundNothing {
			t.Errorf("nothing was paid, and it goes back as %d", back)
		}
		r.wantSoundBooks()
	}
}

// The vendor refuses the new one after the old one is back: all of it is with the customer, what was
// paid in Stars as Stars.
func TestASwapWhoseNewPlanFailsIsMoneyBack(t *testing.T) {
	t.Parallel()
	for _, dearer := range []bool{true, false} {
		r, esims := swapRig(t, 1)
		worth := r.order(esims[0].Order).SwapWorthOfOne()
		r.Vendor.Break(sandbox.Fault{Kind: sandbox.Refuse, Endpoint: "esim/order", Code: "310241", Count: 9})
		o := r.swaps(esims[0], r.other(r.plan(), dearer))
		r.settle(2 * time.Hour)
		r.deliver()
		r.wantState(o.ID, esim.StateRefunded)
		r.wantProfile(esims[0], "CANCEL")
		r.wantCredit(worth)
		if (len(r.bank.returned) == 1) != dearer {
			t.Errorf("went back: %v", r.bank.returned)
		}
		r.wantSoundBooks()
	}
}

// What cannot be had is not begun: the old eSIM stays.
func TestASwapForWhatCannotBeHadLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	r, esims := swapRig(t, 1)
	dear := r.other(r.plan(), true)
	o := r.swaps(esims[0], dear)
	r.Vendor.SetPrice(dear.Code, dear.Wholesale.Minor*9)
	r.settle(time.Hour)
	r.wantState(o.ID, esim.StateRefunded)
	r.wantState(esims[0].Order, esim.StateDelivered)
	r.wantProfile(esims[0], "GOT_RESOURCE")

	o = r.swapsLater(esims[0], r.other(r.plan(), false))
	r.Vendor.Down(true)
	r.settle(time.Hour)
	r.wantState(o.ID, esim.StateRefunded)
	r.wantState(esims[0].Order, esim.StateDelivered)
	r.wantSoundBooks()
}

// Two presses, and two paid invoices for one eSIM, are one swap.
func TestAnESIMIsSwappedOnce(t *testing.T) {
	t.Parallel()
	r, esims := swapRig(t, 1)
	cheap, dear := r.other(r.plan(), false), r.other(r.plan(), true)
	ways, err := r.swapWays(r.order(esims[0].Order), dear, 0)
	r.Must(err)
	second, err := r.swapFor(esims[0], ways[0], "dear")
	r.Must(err)
	first := r.swaps(esims[0], cheap)
	for _, press := range []string{"swap", "again"} {
		ways, err := r.swapWays(r.order(esims[0].Order), cheap, 0)
		r.Must(err)
		if again, err := r.swapFor(esims[0], ways[0], press); err != nil || again.ID != first.ID {
			t.Errorf("press %s: order %s, %v", press, again.ID, err)
		}
	}
	if err := r.Checkout.Approve(t.Context(), second.ID, ann, second.Price); !errors.Is(err, esim.ErrNoSwap) {
		t.Errorf("the invoice of another swap is approved: %v", err)
	}
	r.Vendor.Advance(time.Second)
	r.pay(second, "late") // it was approved before
	r.settle(time.Hour)
	r.deliver()
	r.wantState(first.ID, esim.StateDelivered)
	r.wantState(second.ID, esim.StateRefunded)
	if len(r.bank.returned) != 1 {
		t.Errorf("went back: %v", r.bank.returned)
	}
	if _, err := r.swapFor(esims[0], ways[0], "after"); !errors.Is(err, esim.ErrNoSwap) {
		t.Errorf("swapped again: %v", err)
	}
	r.wantSoundBooks()
}

// Store credit pays what the old eSIM does not, and is set aside until it is back.
func TestStoreCreditPaysTheDifference(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{false, true} {
		r, esims := swapRig(t, 1)
		dear := r.other(r.plan(), true)
		worth := r.order(esims[0].Order).SwapWorthOfOne()
		r.Must(r.grant("much", 100_000))
		o := r.swaps(esims[0], dear)
		if o.Method != esim.MethodCredit || o.State != esim.StatePaid {
			t.Errorf("by %s, %s", o.Method, o.State)
		}
		r.wantCredit(esim.USDCents(100_000 - (o.Retail.Minor - worth.Minor)))
		r.wantSoundBooks()
		if used {
			r.Must(r.Vendor.Install(string(esims[0].ID)))
		}
		r.settle(time.Hour)
		if used {
			r.wantState(o.ID, esim.StateRefunded)
			r.wantCredit(esim.USDCents(100_000))
		} else {
			r.wantState(o.ID, esim.StateDelivered)
			r.wantCredit(esim.USDCents(100_000 - (o.Retail.Minor - worth.Minor)))
		}
		r.wantSoundBooks()
	}
}

// Staff give the difference back while the old eSIM is on its way: what that becomes is store credit.
func TestStaffEndASwap(t *testing.T) {
	t.Parallel()
	r, esims := swapRig(t, 1)
	worth := r.order(esims[0].Order).SwapWorthOfOne()
	o := r.swaps(esims[0], r.other(r.plan(), true))
	_, err := r.Fulfiller.Run(t.Context()) // the old one is being cancelled
	r.Must(err)
	r.Fulfiller.Wait()
	r.wantState(esims[0].Order, esim.StateCancelling)
	r.Must(r.Admin.Refund(t.Context(), o.ID, esim.AuditEntry{Who: 1, What: "refund", Order: o.ID, Why: "test"}))
	r.settle(time.Hour)
	r.wantState(o.ID, esim.StateRefunded)
	r.wantState(esims[0].Order, esim.StateRefunded)
	r.wantCredit(worth)
	if len(r.bank.returned) != 1 || r.told(esim.NotifySwapCredit) != 1 {
		t.Errorf("went back: %v, told %d times", r.bank.returned, r.told(esim.NotifySwapCredit))
	}
	r.wantSoundBooks()
}

// What is topped up, used, given back, of another customer or cost nothing is not swapped; a swap is
// no second purchase.
func TestWhatCanBeSwapped(t *testing.T) {
	t.Parallel()
	r, esims := swapRig(t, 1)
	r.Checkout.Limits = esim.Limits{Orders: 1}
	dear := r.other(r.plan(), true)
	ways, err := r.swapWays(r.order(esims[0].Order), dear, 0)
	r.Must(err)
	if _, err := r.Checkout.BeginSwap(t.Context(), esim.PurchaseRequest{Customer: bob, PlanCode: dear.Code, Seen: ways[0].Price, Credit: ways[0].Credit}, esims[0].ID); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("of somebody else: %v", err)
	}
	o := r.swaps(esims[0], dear)
	r.settle(time.Hour)
	r.wantState(o.ID, esim.StateDelivered)
	if u, err := r.DB.CustomerUsage(t.Context(), ann, r.Vendor.Time().Add(-24*time.Hour)); err != nil || u.Orders != 1 || u.Spent != o.Retail {
		t.Errorf("after a swap she bought %+v, %v", u, err)
	}
	now, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	r.Must(r.Vendor.Install(string(now[0].ID)))
	r.Must(r.Watcher.Refresh(t.Context(), now[0].ID))
	if _, err := r.swapFor(now[0], ways[0], "used"); !errors.Is(err, esim.ErrNoSwap) {
		t.Errorf("of one in use: %v", err)
	}
}

// swapsLater is swaps in a shop that took a Star payment before.
func (r *rig) swapsLater(e esim.ESIM, p esim.Plan) esim.Order {
	r.Helper()
	ways, err := r.swapWays(r.order(e.Order), p, 0)
	r.Must(err)
	o, err := r.swapFor(e, ways[0], "later")
	r.Must(err)
	return o
}
