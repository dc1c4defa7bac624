package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// give has Ann give an eSIM of hers to Bob, who takes it.
func (r *rig) give(e esim.ESIM) esim.ESIM {
	r.Helper()
	_, token, err := r.Gifts.Offer(r.Context(), ann, e.ID, "")
	r.Must(err)
	_, err = r.Gifts.Take(r.Context(), bob, token)
	r.Must(err)
	r.deliver()
	return r.nowOf(e.ID)
}

// nowOf is an eSIM as it is now, whoever holds it.
func (r *rig) nowOf(id esim.ESIMID) esim.ESIM {
	r.Helper()
	e, err := r.DB.ESIM(r.Context(), id)
	r.Must(err)
	return e
}

// toldTo counts what a customer was told of a kind.
func (r *rig) toldTo(c esim.CustomerID, k esim.NotificationKind) int {
	n := 0
	for _, s := range r.sent {
		if s.Kind == k && s.Customer == c {
			n++
		}
	}
	return n
}

// The QR picture, alerts and top-ups follow whoever has the eSIM; the order stays with who paid it.
func TestAGivenESIMIsItsHolders(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.bought(r.withTopUps(false), 2, 0)
	qr := r.toldTo(bob, esim.NotifyQR)
	e := r.give(esims[0])
	r.restart()
	if e.Customer != bob || e.Buyer != ann || !e.GivenAway() || r.order(o.ID).Customer != ann {
		t.Fatalf("held by %d, bought by %d, order of %d", e.Customer, e.Buyer, r.order(o.ID).Customer)
	}
	if r.toldTo(bob, esim.NotifyQR)-qr != 1 || r.toldTo(ann, esim.NotifyGiftTaken) != 1 {
		t.Errorf("Bob got %d pictures, Ann was told %d times", r.toldTo(bob, esim.NotifyQR)-qr, r.toldTo(ann, esim.NotifyGiftTaken))
	}
	r.Must(r.Vendor.Install(string(e.ID)))
	r.Must(r.Vendor.Burn(string(e.ID), e.Total*85/100))
	if plan := r.Watcher.Refresh(t.Context(), e.ID); plan != nil {
		t.Fatal(plan)
	}
	r.Vendor.Advance(4 * time.Hour)
	r.sweep()
	r.Must(r.Monitor.Check(t.Context()))
	r.deliver()
	if r.toldTo(bob, esim.NotifyAlert) == 0 || r.toldTo(ann, esim.NotifyAlert) != 0 {
		t.Errorf("alerts: %d to Bob, %d to Ann", r.toldTo(bob, esim.NotifyAlert), r.toldTo(ann, esim.NotifyAlert))
	}
	old := esims[0] // as Ann's screen of before has it
	old.Customer = ann
	if _, err := r.requestTopUp(old, esim.MethodStars); !errors.Is(err, esim.ErrNoTopUp) {
		t.Errorf("Ann tops it up: %v", err)
	}
	top, err := r.requestTopUp(r.nowOf(e.ID), esim.MethodStars)
	r.Must(err)
	r.pay(top, "bobs-charge")
	r.settle(time.Hour)
	if got := r.nowOf(e.ID); got.Epoch != 1 || got.Customer != bob {
		t.Errorf("after Bob's top-up: epoch %d, held by %d", got.Epoch, got.Customer)
	}
	r.booksAgree()
}

// Whoever holds an unused eSIM may cancel it, and so may who bought it; the money is the buyer's in both cases. What is on
// a phone neither of them can cancel.
func TestTheMoneyOfAGivenESIMIsItsBuyers(t *testing.T) {
	t.Parallel()
	for name, quantity := range map[string]int{"the only one": 1, "one of two": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o, esims := r.bought(r.plan(), quantity, 0)
			e := r.give(esims[0])
			if !e.MayReturn(ann) || !e.MayReturn(bob) || e.MayReturn(103) {
				t.Error("who may give it back")
			}
			if quantity > 1 {
				if err := r.Canceller.Begin(t.Context(), o.ID, nil); !errors.Is(err, esim.ErrWrongState) {
					t.Errorf("one press takes Bob's with Ann's own: %v", err)
				}
			}
			r.Must(r.Canceller.BeginOne(t.Context(), e))
			r.settle(time.Hour)
			credit, err := r.DB.Credit(t.Context(), bob)
			r.Must(err)
			if credit.Minor != 0 {
				t.Errorf("Bob got %s of Ann's money", credit)
			}
			if quantity > 1 {
				r.wantCredit(o.PartCredit())
			} else if r.wantState(o.ID, esim.StateRefunded); len(r.bank.returned) != 1 {
				t.Errorf("went back: %v", r.bank.returned)
			}
			if r.toldTo(bob, esim.NotifyGiftGone) != 1 || r.toldTo(bob, esim.NotifyPartCredited)+r.toldTo(bob, esim.NotifyProgress) != 0 {
				t.Errorf("Bob was told %d times", r.toldTo(bob, esim.NotifyGiftGone))
			}
			r.booksAgree()
		})
	}
	t.Run("installed", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, sandbox.Options{})
		o, esims := r.bought(r.plan(), 1, 0)
		e := r.give(esims[0])
		r.Must(r.Vendor.Install(string(e.ID)))
		if err := r.Canceller.BeginOne(t.Context(), e); !errors.Is(err, esim.ErrInstalled) {
			t.Errorf("the buyer cancels what its holder installed: %v", err)
		}
		r.wantState(o.ID, esim.StateDelivered)
	})
}

// What happens by itself to an unused eSIM is told to who has it without a word of money, and its buyer gets that.
func TestAGivenESIMThatLapsesOrIsTaken(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(r *rig, e esim.ESIM){
		"about to lapse": func(r *rig, e esim.ESIM) {
			r.Vendor.Advance(e.Expires.Sub(r.Vendor.Time()) - 6*time.Hour)
			r.Must(r.Canceller.CancelUnused(r.Context()))
		},
		"taken by the vendor": func(r *rig, e esim.ESIM) {
			r.Must(r.Vendor.Revoke(string(e.ID)))
			r.Must(r.Watcher.Refresh(r.Context(), e.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o, esims := r.bought(r.plan(), 1, 0)
			e := r.give(esims[0])
			r.Canceller.RefundUnused = true
			end(r, e)
			r.settle(time.Hour)
			r.wantState(o.ID, esim.StateRefunded)
			if r.toldTo(bob, esim.NotifyGiftGone) != 1 || len(r.bank.returned) != 1 {
				t.Errorf("Bob was told %d times, went back: %v", r.toldTo(bob, esim.NotifyGiftGone), r.bank.returned)
			}
			for _, n := range r.sent {
				if n.Customer == bob && (n.Alert == esim.AlertUnusedRefunded || n.Alert == esim.AlertTakenBack) {
					t.Errorf("Bob is told that his money is back: %s", n.Alert)
				}
			}
			r.booksAgree()
		})
	}
}

// Nothing that Ann began on an eSIM hits Bob after he took it, and nothing that is on its way back can be taken.
func TestAGiftAndOrdersOnItsESIM(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o, esims := r.bought(r.withTopUps(false), 2, 0)
	_, token, err := r.Gifts.Offer(t.Context(), ann, esims[0].ID, "")
	r.Must(err)
	unpaid, err := r.requestTopUp(esims[0], esim.MethodStars)
	r.Must(err)
	top, err := r.requestTopUp(esims[1], esim.MethodStars)
	r.Must(err)
	r.pay(top, "on-the-other")
	if _, _, err := r.Gifts.Offer(t.Context(), ann, esims[1].ID, ""); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("given away while it is topped up: %v", err)
	}
	_, err = r.Gifts.Take(t.Context(), bob, token)
	r.Must(err)
	if err := r.Checkout.Approve(t.Context(), unpaid.ID, ann, unpaid.Price); !errors.Is(err, esim.ErrNoTopUp) {
		t.Errorf("Ann pays for a top-up of Bob's: %v", err)
	}
	r.settle(time.Hour)
	if _, err := r.Checkout.BeginSwap(t.Context(), esim.PurchaseRequest{Customer: bob, PlanCode: o.Plan.Code, Quantity: 1}, esims[0].ID); !errors.Is(err, esim.ErrNoSwap) {
		t.Errorf("Bob swaps Ann's money for another plan: %v", err)
	}

	o, esims = r.bought(r.plan(), 1, 0)
	_, token, err = r.Gifts.Offer(t.Context(), ann, esims[0].ID, "")
	r.Must(err)
	r.Must(r.Canceller.Begin(t.Context(), o.ID, nil))
	if _, err := r.Gifts.Take(t.Context(), bob, token); !errors.Is(err, esim.ErrNoGift) {
		t.Errorf("taken while it is cancelled: %v", err)
	}
	r.settle(time.Hour)
	if _, err := r.Gifts.Take(t.Context(), bob, token); !errors.Is(err, esim.ErrNoGift) {
		t.Errorf("taken after it was cancelled: %v", err)
	}
	r.booksAgree()
}

// A top-up that is let through holds the gift back; one that staff confirm after the eSIM went on is not bought for whoever
// has it now: its money goes back.
func TestATopUpOfWhatWasGivenAway(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	_, esims := r.bought(r.withTopUps(false), 1, 0)
	_, token, err := r.Gifts.Offer(t.Context(), ann, esims[0].ID, "")
	r.Must(err)
	letThrough, err := r.requestTopUp(esims[0], esim.MethodStars)
	r.Must(err)
	byHand, err := r.requestTopUp(esims[0], esim.MethodManual)
	r.Must(err)
	r.Must(r.Checkout.Approve(t.Context(), letThrough.ID, ann, letThrough.Price))
	if _, err := r.Gifts.Take(t.Context(), bob, token); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("taken while a payment for it is on its way: %v", err)
	}
	r.Vendor.Advance(esim.ApprovalTTL + time.Second)
	_, err = r.Gifts.Take(t.Context(), bob, token)
	r.Must(err)
	r.pay(letThrough, "late")
	_, err = r.Checkout.PaidByHand(t.Context(), byHand.ID, act("paid"))
	r.Must(err)
	r.settle(time.Hour)
	for _, o := range []esim.Order{letThrough, byHand} {
		r.wantState(o.ID, esim.StateRefunded)
	}
	if e := r.nowOf(esims[0].ID); e.Customer != bob || e.Epoch != 0 || len(r.bank.returned) != 1 || r.credit() != byHand.Price.Minor {
		t.Errorf("held by %d in epoch %d; %d payments and %d of credit went back", e.Customer, e.Epoch, len(r.bank.returned), r.credit())
	}
	if r.toldTo(ann, esim.NotifyToppedUp)+r.toldTo(bob, esim.NotifyToppedUp) > 0 {
		t.Error("told of a top-up that was not made")
	}
	r.booksAgree()
}
