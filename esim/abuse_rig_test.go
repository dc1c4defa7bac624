package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// metAgain is a customer who was forgotten and writes to the shop again.
func (r *rig) metAgain(c esim.CustomerID) {
	r.Helper()
	r.Must(r.DB.Forget(r.Context(), c))
	_, _, err := r.DB.UpsertCustomer(r.Context(), esim.Customer{ID: c, Chat: int64(c), Language: "en", Name: "back"})
	r.Must(err)
}

// Who has themselves forgotten and comes back is no new friend, makes no first purchase, has used the codes of then, and gets
// no data on credit a second time, though what they owed was written off.
func TestForgettingMakesNobodyNew(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars}
	r.TopUps.MaxEmergencyPrice = esim.USDCents(10_000)
	r.brought()
	codes := func(first, any esim.PromoCode) {
		r.Must(r.DB.AddPromo(t.Context(), esim.Promo{Code: first, Percent: 10, FirstOnly: true}, act("promo")))
		r.Must(r.DB.AddPromo(t.Context(), esim.Promo{Code: any, Percent: 10}, act("promo")))
	}
	codes("FIRST", "SUMMER")
	e := r.another(bob)
	r.wantCredit(esim.USDCents(30))
	lent, err := r.rescued(bob, e, "a")
	r.Must(err)
	r.settle(10 * time.Minute)
	r.wantState(lent.ID, esim.StateDelivered)
	r.metAgain(bob)
	r.wantSoundBooks()
	if owed, err := r.DB.Credit(t.Context(), bob); err != nil || owed.Minor != 0 {
		t.Errorf("Bob is back with %s, %v", owed, err)
	}
	s, err := r.DB.ReferralOf(t.Context(), ann)
	r.Must(err)
	if yes, err := r.Referrals.NoteReferral(t.Context(), bob, s.Code); err != nil || yes {
		t.Errorf("brought again: %v, %v", yes, err)
	}
	r.Vendor.Advance(time.Hour)
	codes("ONCE", "AUTUMN")
	for code, want := range map[esim.PromoCode]error{
		"FIRST": esim.ErrPromoUsed, "SUMMER": esim.ErrPromoUsed, "ONCE": esim.ErrPromoFirst, "AUTUMN": nil, // the last two are newer
	} {
		if _, err := r.DB.EnterPromo(t.Context(), bob, code); !errors.Is(err, want) {
			t.Errorf("%s: %v", code, err)
		}
	}
	r.pleaseNo(func() error { _, err := r.rescued(bob, r.another(bob), "b"); return err }(), "on credit again")
	r.wantCredit(esim.USDCents(30))
	r.wantSoundBooks()
}

// The credit for a friend goes with the friend's money, also when that is fetched back after the friend was forgotten.
func TestAForgottenFriendsMoneyTakesTheCreditWithIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.brought()
	o := r.uses(r.buys(bob, 1))
	r.wantCredit(esim.USDCents(30))
	r.metAgain(bob)
	r.sentBackElsewhere(r.order(o.ID))
	r.wantCredit(esim.USDCents(0))
	r.uses(r.buys(bob, 1))
	r.wantCredit(esim.USDCents(0))
	r.wantSoundBooks()
}

// A gift is worth what its buyer paid: who gives an eSIM away, and has the payment fetched back by the messenger or a bank,
// leaves nobody with data for nothing, however often it was given on.
func TestAGiftWhosePaymentIsFetchedBack(t *testing.T) {
	t.Parallel()
	for name, used := range map[string]bool{"unused": false, "in use": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o, e := r.delivered()
			e = r.give(e)
			_, token, err := r.Gifts.Offer(t.Context(), bob, e.ID, "")
			r.Must(err)
			const carol esim.CustomerID = 303
			_, _, err = r.DB.UpsertCustomer(t.Context(), esim.Customer{ID: carol, Chat: int64(carol), Language: "en", Name: "Carol"})
			r.Must(err)
			if used {
				_, err = r.Gifts.Take(t.Context(), carol, token)
				r.Must(err)
				r.usesUp(e)
			}
			r.sentBackElsewhere(o)
			r.settle(time.Hour)
			r.sweep()
			if !used {
				if _, err := r.Gifts.Take(t.Context(), carol, token); !errors.Is(err, esim.ErrNoGift) {
					t.Errorf("Carol takes what nobody paid: %v", err)
				}
			}
			now := r.nowOf(e.ID)
			if _, err := r.requestTopUp(now, esim.MethodStars); !errors.Is(err, esim.ErrNoTopUp) {
				t.Errorf("topped up: %v", err)
			}
			if c := now.Condition(r.Vendor.Time()); c != esim.ConditionWithdrawn && c != esim.ConditionPaused {
				t.Errorf("the eSIM is %v", c)
			}
			for _, c := range []esim.CustomerID{ann, bob, carol} {
				if credit, err := r.DB.Credit(t.Context(), c); err != nil || credit.Minor != 0 {
					t.Errorf("customer %d has %s, %v", c, credit, err)
				}
			}
			if len(r.bank.returned) != 0 {
				t.Errorf("and sent back by us: %v", r.bank.returned)
			}
			r.wantSoundBooks()
		})
	}
}

// Whoever owes gives the debt to nobody with the eSIM, and gets rid of it neither by that nor by fetching back what was paid.
func TestADebtStaysWithWhoOwesIt(t *testing.T) {
	t.Parallel()
	r, e := stranded(t)
	lent, err := r.rescued(ann, e, "a")
	r.Must(err)
	r.pass(time.Minute)
	r.deliver()
	r.wantState(lent.ID, esim.StateDelivered)
	given := r.give(r.nowOf(e.ID))
	r.Must(r.Vendor.Burn(string(e.ID), given.Total*95/100-given.Used))
	r.Must(r.Watcher.Refresh(t.Context(), e.ID))
	r.Vendor.Advance(4 * time.Hour)
	r.sweep()
	given = r.nowOf(e.ID)
	_, err = r.rescued(bob, given, "b")
	r.pleaseNo(err, "Bob on what Ann owes for")
	_, err = r.rescued(ann, given, "c")
	if err == nil {
		t.Error("Ann again")
	}
	if credit, err := r.DB.Credit(t.Context(), bob); err != nil || credit.Minor != 0 {
		t.Errorf("Bob owes %s, %v", credit, err)
	}
	r.wantCredit(esim.USDCents(-lent.Price.Minor))
	r.sentBackElsewhere(r.order(e.Order))
	r.wantCredit(esim.USDCents(-lent.Price.Minor))
	r.wantSoundBooks()
}

// A code that is used, given back and used again gives no more than it says, and is counted once while it counts.
func TestACodeAndACancelledOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.promo(esim.Promo{Percent: 20, Uses: 1, FirstOnly: true})
	for i := range 3 {
		o, err := r.withCode(ann, p, 1, esim.MethodStars)
		r.Must(err)
		r.Must(r.approved(o))
		if _, err := r.DB.EnterPromo(t.Context(), bob, p.Code); !errors.Is(err, esim.ErrNoPromo) {
			t.Errorf("round %d: its one use is Ann's: %v", i, err)
		}
		r.settle(10 * time.Minute)
		r.wantState(o.ID, esim.StateDelivered)
		r.Must(r.Canceller.Begin(t.Context(), o.ID, nil))
		r.settle(time.Hour)
		r.wantState(o.ID, esim.StateRefunded)
		if n := len(r.bank.returned); n != i+1 || r.bank.returned[i].Amount != o.Price {
			t.Errorf("round %d: went back %v", i, r.bank.returned)
		}
		r.wantCredit(esim.USDCents(0))
	}
	r.booksAgree()
}
