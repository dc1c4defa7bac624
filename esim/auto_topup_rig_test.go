package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// automatic is a shop where Ann has set an eSIM with a twentieth of its data left to top itself up, and has so much credit.
func automatic(t *testing.T, cents int64) (*rig, esim.AutoTopUp) {
	t.Helper()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	_, e := r.delivered()
	e = r.usesUp(e)
	offers, err := r.TopUps.Offers(t.Context(), e, 0)
	r.Must(err)
	if cents > 0 {
		r.Must(r.grant("start", cents))
	}
	a := esim.AutoTopUp{ESIM: e.ID, Customer: ann, Plan: offers[0].Plan, Level: esim.AlertData10, Agreed: offers[0].Retail, Set: r.Vendor.Time(), Epoch: e.Epoch}
	r.Must(r.DB.SetAutoTopUp(t.Context(), a))
	return r, a
}

// runs lets the worker of automatic top-ups run so often, with the time between that an announcement takes.
func (r *rig) runs(times int) {
	r.Helper()
	for range times {
		r.Must(r.AutoTopUps.Run(r.Context()))
		r.pass(esim.AutoTopUpNoticePeriod)
		r.Must(r.Monitor.Check(r.Context()))
		r.deliver()
	}
}

func (r *rig) topUpsOf(c esim.CustomerID) (delivered int) {
	r.Helper()
	all, err := r.DB.OrdersOf(r.Context(), c, 100)
	r.Must(err)
	for _, o := range all {
		if o.Kind == esim.TopUp && o.State == esim.StateDelivered {
			delivered++
		}
	}
	return delivered
}

func (r *rig) wantTold(want map[esim.NotificationKind]int) {
	r.Helper()
	for _, k := range []esim.NotificationKind{esim.NotifyAutoTopUpAnnounced, esim.NotifyAutoTopUpLacksCredit, esim.NotifyAutoTopUpPriceRose, esim.NotifyAutoTopUpOff} {
		if n := r.told(k); n != want[k] {
			r.Errorf("%s was told %d times, want %d", k, n, want[k])
		}
	}
}

func TestAnESIMTopsItselfUpOncePerThreshold(t *testing.T) {
	t.Parallel()
	r, a := automatic(t, 1000)
	r.runs(1)
	if n := r.topUpsOf(ann); n != 0 {
		t.Errorf("bought %d times before its time", n)
	}
	r.runs(5)
	if n := r.topUpsOf(ann); n != 1 {
		t.Errorf("bought %d times", n)
	}
	e := r.nowOf(a.ESIM)
	if e.Epoch != 1 || r.told(esim.NotifyToppedUp) != 1 {
		t.Errorf("epoch %d, told of %d", e.Epoch, r.told(esim.NotifyToppedUp))
	}
	r.wantCredit(esim.USDCents(1000 - a.Agreed.Minor))
	r.wantTold(map[esim.NotificationKind]int{esim.NotifyAutoTopUpAnnounced: 1})
	r.Must(r.Vendor.Burn(string(e.ID), e.Total-e.Used)) // and again
	r.Must(r.Watcher.Refresh(t.Context(), e.ID))
	r.Vendor.Advance(4 * time.Hour)
	r.sweep()
	r.runs(4)
	if n := r.topUpsOf(ann); n != 2 || r.told(esim.NotifyAutoTopUpAnnounced) != 2 {
		t.Errorf("bought %d times in all, announced %d", n, r.told(esim.NotifyAutoTopUpAnnounced))
	}
	r.wantSoundBooks()
}

// The program may end at any point between the announcement and the note that it was bought: there is one order, paid once.
func TestAnAutomaticTopUpSurvivesEveryEnd(t *testing.T) {
	t.Parallel()
	for name, ended := range map[string]func(*rig, esim.AutoTopUp){
		"before the order": func(*rig, esim.AutoTopUp) {},
		"before the payment": func(r *rig, a esim.AutoTopUp) {
			_, err := r.TopUps.Begin(r.Context(), r.nowOf(a.ESIM), r.auto(a))
			r.Must(err)
		},
		"after the payment": func(r *rig, a esim.AutoTopUp) {
			o, err := r.TopUps.Begin(r.Context(), r.nowOf(a.ESIM), r.auto(a))
			r.Must(err)
			_, err = r.Checkout.PayWithoutInvoice(r.Context(), ann, o.ID)
			r.Must(err)
		},
		"after the payment, with the same top-up unpaid by hand": func(r *rig, a esim.AutoTopUp) {
			byHand := r.auto(a)
			byHand.CallbackQueryID = "by hand"
			_, err := r.TopUps.Begin(r.Context(), r.nowOf(a.ESIM), byHand)
			r.Must(err)
			o, err := r.TopUps.Begin(r.Context(), r.nowOf(a.ESIM), r.auto(a))
			r.Must(err)
			_, err = r.Checkout.PayWithoutInvoice(r.Context(), ann, o.ID)
			r.Must(err)
		},
		"before the payment, and for so long that the order expired": func(r *rig, a esim.AutoTopUp) {
			_, err := r.TopUps.Begin(r.Context(), r.nowOf(a.ESIM), r.auto(a))
			r.Must(err)
			r.Vendor.Advance(2 * time.Hour)
			r.Must(r.Checkout.Expire(r.Context()))
			r.Must(r.Monitor.Check(r.Context()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, a := automatic(t, 1000)
			r.runs(1)
			now, err := r.DB.AutoTopUp(t.Context(), ann, a.ESIM)
			r.Must(err)
			buying := now
			buying.State = esim.AutoTopUpBuying
			r.Must(r.DB.MoveAutoTopUp(t.Context(), now, buying, nil))
			if err := r.DB.StopAutoTopUp(t.Context(), ann, a.ESIM); !errors.Is(err, esim.ErrConflict) {
				t.Errorf("stopped while it is bought: %v", err)
			}
			ended(r, a)
			r.restart()
			r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
			r.Must(r.Monitor.Check(t.Context()))
			r.Must(r.Catalog.Refresh(t.Context()))
			r.runs(3)
			if n := r.topUpsOf(ann); n != 1 {
				t.Errorf("bought %d times", n)
			}
			r.wantCredit(esim.USDCents(1000 - a.Agreed.Minor))
			r.wantSoundBooks()
		})
	}
}

// auto is what the worker asks for.
func (r *rig) auto(a esim.AutoTopUp) esim.PurchaseRequest {
	return esim.PurchaseRequest{
		Customer: ann, PlanCode: a.Plan.Code, Quantity: 1, Method: esim.MethodCredit, Seen: a.Agreed,
		CallbackQueryID: "auto:" + string(a.ESIM) + ":0:data10:0",
	}
}

func TestAnAutomaticTopUpWaitsForCredit(t *testing.T) {
	t.Parallel()
	r, a := automatic(t, 0)
	r.runs(4)
	r.wantTold(map[esim.NotificationKind]int{esim.NotifyAutoTopUpLacksCredit: 1})
	r.Must(r.grant("more", a.Agreed.Minor))
	r.runs(4)
	if n := r.topUpsOf(ann); n != 1 {
		t.Errorf("bought %d times", n)
	}
	r.wantCredit(esim.USDCents(0))
	r.wantTold(map[esim.NotificationKind]int{esim.NotifyAutoTopUpLacksCredit: 1, esim.NotifyAutoTopUpAnnounced: 1})
}

// What was announced, and then was short of store credit, is announced again before it is bought.
func TestAnAutomaticTopUpIsAnnouncedAgainAfterItWasShort(t *testing.T) {
	t.Parallel()
	r, a := automatic(t, 1000)
	r.Must(r.AutoTopUps.Run(t.Context()))
	r.Must(r.grant("taken", -1000))
	r.runs(2)
	r.Must(r.grant("back", 1000))
	r.runs(1)
	r.wantTold(map[esim.NotificationKind]int{esim.NotifyAutoTopUpAnnounced: 2, esim.NotifyAutoTopUpLacksCredit: 1})
	r.runs(3)
	if n := r.topUpsOf(ann); n != 1 {
		t.Errorf("bought %d times", n)
	}
	r.wantCredit(esim.USDCents(1000 - a.Agreed.Minor))
}

// Who tops up by hand while the worker is about to buy pays once.
func TestATopUpByHandBesideAnAutomaticOne(t *testing.T) {
	t.Parallel()
	r, a := automatic(t, 1000)
	r.runs(1)
	now, err := r.DB.AutoTopUp(t.Context(), ann, a.ESIM)
	r.Must(err)
	byHand := r.auto(a)
	byHand.CallbackQueryID = "by hand"
	o, err := r.TopUps.Begin(t.Context(), r.nowOf(a.ESIM), byHand)
	r.Must(err)
	_, err = r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
	r.Must(err)
	buying := now
	buying.State = esim.AutoTopUpBuying
	if err := r.DB.MoveAutoTopUp(t.Context(), now, buying, nil); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("bought beside a top-up that is under way: %v", err)
	}
	r.runs(4)
	if n := r.topUpsOf(ann); n != 1 {
		t.Errorf("topped up %d times", n)
	}
}

// Nothing is bought that was stopped, costs more than was agreed, is somebody else's by now, or by who was blocked.
func TestAnAutomaticTopUpThatIsNot(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		meanwhile func(*rig, esim.AutoTopUp)
		told      esim.NotificationKind
	}{
		"stopped": {func(r *rig, a esim.AutoTopUp) { r.Must(r.DB.StopAutoTopUp(r.Context(), ann, a.ESIM)) }, ""},
		"dearer": {func(r *rig, a esim.AutoTopUp) {
			r.Checkout.Pricing.MinProfit.Minor += 50
		}, esim.NotifyAutoTopUpPriceRose},
		"given away": {func(r *rig, a esim.AutoTopUp) { r.give(r.nowOf(a.ESIM)) }, esim.NotifyAutoTopUpOff},
		"revoked": {func(r *rig, a esim.AutoTopUp) {
			r.Must(r.Vendor.Revoke(string(a.ESIM)))
			r.Must(r.Watcher.Refresh(r.Context(), a.ESIM))
		}, esim.NotifyAutoTopUpOff},
		"blocked": {func(r *rig, a esim.AutoTopUp) { r.Must(r.DB.SetBlocked(r.Context(), ann, true, act("block"))) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, a := automatic(t, 1000)
			r.runs(1)
			tt.meanwhile(r, a)
			r.runs(4)
			if n := r.topUpsOf(ann); n != 0 {
				t.Errorf("bought %d times", n)
			}
			r.wantCredit(esim.USDCents(1000))
			want := map[esim.NotificationKind]int{esim.NotifyAutoTopUpAnnounced: 1}
			if tt.told != "" {
				want[tt.told] = 1
			}
			r.wantTold(want)
			r.wantSoundBooks()
		})
	}
}

// One that is being bought waits, without a question to the vendor, while a top-up by hand is under way, and buys nothing after it.
func TestAnAutomaticTopUpThatIsBeingBoughtWaitsForOneByHand(t *testing.T) {
	t.Parallel()
	r, a := automatic(t, 1000)
	r.runs(1)
	now, err := r.DB.AutoTopUp(t.Context(), ann, a.ESIM)
	r.Must(err)
	buying := now
	buying.State = esim.AutoTopUpBuying
	r.Must(r.DB.MoveAutoTopUp(t.Context(), now, buying, nil)) // and here the program died
	byHand := r.auto(a)
	byHand.CallbackQueryID = "by hand"
	o, err := r.TopUps.Begin(t.Context(), r.nowOf(a.ESIM), byHand)
	r.Must(err)
	_, err = r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID)
	r.Must(err)
	asked := len(r.Vendor.Calls())
	for range 5 {
		r.Must(r.AutoTopUps.Run(t.Context()))
		r.Vendor.Advance(time.Minute)
	}
	if n := len(r.Vendor.Calls()) - asked; n != 0 {
		t.Errorf("the vendor was asked %d times", n)
	}
	r.runs(3)
	if n := r.topUpsOf(ann); n != 1 {
		t.Errorf("topped up %d times", n)
	}
	r.wantCredit(esim.USDCents(1000 - a.Agreed.Minor))
}
