package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// brought has Bob come by Ann's link.
func (r *rig) brought() {
	r.Helper()
	r.Referrals.Credit = esim.USDCents(30)
	s, err := r.DB.ReferralOf(r.Context(), ann)
	r.Must(err)
	came, err := r.Referrals.NoteReferral(r.Context(), bob, s.Code)
	r.Must(err)
	if !came {
		r.Fatal("Bob does not count as brought")
	}
}

// buys has a customer buy eSIMs with Stars, to their arrival.
func (r *rig) buys(c esim.CustomerID, quantity int) esim.Order {
	r.Helper()
	o, err := r.request(c, r.plan(), quantity, 0, esim.MethodStars)
	r.Must(err)
	r.pay(o, "charge-"+string(o.ID))
	r.settle(10 * time.Minute)
	r.wantState(o.ID, esim.StateDelivered)
	return o
}

// uses has the eSIMs of an order used.
func (r *rig) uses(o esim.Order) esim.Order {
	r.Helper()
	esims, err := r.DB.ESIMsOfOrder(r.Context(), o.ID)
	r.Must(err)
	for _, e := range esims {
		r.Must(r.Vendor.Install(string(e.ID)))
		r.Must(r.Vendor.Burn(string(e.ID), 1<<20))
		r.Must(r.Watcher.Refresh(r.Context(), e.ID))
	}
	r.Vendor.Advance(4 * time.Hour) // the networks report late
	r.sweep()
	r.deliver()
	return o
}

func TestAFriendsFirstUseBringsCredit(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.brought()
	r.wantCredit(esim.USDCents(0))
	unused := r.buys(bob, 1)
	r.wantCredit(esim.USDCents(0)) // it can be given back yet
	o := r.uses(r.buys(bob, 1))
	r.wantCredit(esim.USDCents(30))
	r.uses(unused) // only the first does
	r.sweep()
	r.wantCredit(esim.USDCents(30))
	if r.toldTo(ann, esim.NotifyReferralCredit) != 1 {
		t.Errorf("Ann was told %d times", r.toldTo(ann, esim.NotifyReferralCredit))
	}
	s, err := r.DB.ReferralOf(t.Context(), ann)
	r.Must(err)
	if s.Friends != 1 || s.Bought != 1 || s.Earned != esim.USDCents(30) {
		t.Errorf("Ann sees %+v", s)
	}
	r.sentBackElsewhere(o)
	r.wantCredit(esim.USDCents(0))
	r.uses(r.buys(bob, 1)) // and no other takes its place
	r.wantCredit(esim.USDCents(0))
	r.booksAgree()
}

// Four friends who buy and cancel bring nobody an eSIM for nothing, however often they do.
func TestFriendsWhoCancelBringNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.brought()
	for range 2 {
		o := r.buys(bob, 1)
		r.Must(r.Canceller.Begin(t.Context(), o.ID, nil))
		r.settle(time.Hour)
		r.wantState(o.ID, esim.StateRefunded)
		r.wantCredit(esim.USDCents(0))
	}
	r.uses(r.buys(bob, 1)) // and Bob is a friend still
	r.wantCredit(esim.USDCents(30))
	r.booksAgree()
}

// A friend who swaps the eSIM before they use it is a friend; and what was paid counts, with whose refund the credit goes.
func TestAFriendWhoSwapsBringsCredit(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.brought()
	first := r.buys(bob, 1)
	esims, err := r.DB.ESIMsOfOrder(t.Context(), first.ID)
	r.Must(err)
	q, err := r.Checkout.QuoteWith(esim.MethodCredit, r.plan().Code, 1, 0)
	r.Must(err)
	second, err := r.Checkout.BeginSwap(t.Context(), esim.PurchaseRequest{Customer: bob, PlanCode: q.Plan.Code, Method: q.Method, Seen: q.Price}, esims[0].ID)
	r.Must(err)
	r.settle(time.Hour)
	r.wantState(second.ID, esim.StateDelivered)
	r.wantCredit(esim.USDCents(0))
	r.uses(second)
	r.wantCredit(esim.USDCents(30))
	r.sentBackElsewhere(first)
	r.wantCredit(esim.USDCents(0))
	r.booksAgree()
}

// Nobody earns by bringing themselves, each other, or whom the shop knows; and nothing earns more than it brought.
func TestReferralsAreNotAbused(t *testing.T) {
	t.Parallel()
	came := func(r *rig, friend, referrer esim.CustomerID) bool {
		r.Helper()
		s, err := r.DB.ReferralOf(r.Context(), referrer)
		r.Must(err)
		yes, err := r.Referrals.NoteReferral(r.Context(), friend, s.Code)
		r.Must(err)
		return yes
	}
	r := newRig(t, sandbox.Options{})
	if came(r, bob, ann) {
		t.Error("it is off by default")
	}
	r.Referrals.Credit = esim.USDCents(100_000)
	if came(r, ann, ann) {
		t.Error("Ann brought herself")
	}
	if yes, err := r.Referrals.NoteReferral(t.Context(), bob, "NOBODYS1"); err != nil || yes {
		t.Errorf("a code of nobody: %v, %v", yes, err)
	}
	if !came(r, bob, ann) || came(r, bob, ann) {
		t.Error("Bob is brought once")
	}
	if came(r, ann, bob) {
		t.Error("and brings Ann in turn")
	}
	o := r.uses(r.buys(bob, 2))
	if margin := (o.Retail.Minor*100 - o.Wholesale.Minor) / 100 / 2; r.credit() != margin || margin <= 0 {
		t.Errorf("Ann got %d cents for an eSIM that earned %d", r.credit(), margin)
	}
	r.booksAgree()

	r = newRig(t, sandbox.Options{})
	r.Referrals.Credit = esim.USDCents(30)
	r.buys(bob, 1)
	if came(r, bob, ann) {
		t.Error("who bought before is no new friend")
	}

	r = newRig(t, sandbox.Options{})
	r.brought()
	r.Must(r.Admin.Grant(t.Context(), "g", esim.AuditEntry{Who: 1, What: "credit", Customer: bob, Amount: esim.USDCents(5_000), Why: "test"}))
	o, err := r.request(bob, r.plan(), 1, 0, esim.MethodCredit)
	r.Must(err)
	_, err = r.Checkout.PayWithoutInvoice(t.Context(), bob, o.ID)
	r.Must(err)
	r.settle(time.Hour)
	r.wantState(o.ID, esim.StateDelivered)
	r.uses(o)
	r.wantCredit(esim.USDCents(0)) // no money came
	r.booksAgree()
}

// What was spent before it is taken back is owed: the next friends pay it, and nobody's account goes below nothing.
func TestSpentReferralCreditIsOwed(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.brought()
	o := r.uses(r.buys(bob, 1))
	r.wantCredit(esim.USDCents(30))
	r.Must(r.Admin.Grant(t.Context(), "spent", esim.AuditEntry{Who: 1, What: "credit", Customer: ann, Amount: esim.USDCents(-20), Why: "spent"}))
	r.sentBackElsewhere(o)
	r.wantCredit(esim.USDCents(0))
	s, err := r.DB.ReferralOf(t.Context(), ann)
	r.Must(err)
	for i, want := range []int64{10, 40} { // 20 of the first 30 are owed
		friend := esim.CustomerID(300 + i)
		_, _, err := r.DB.UpsertCustomer(t.Context(), esim.Customer{ID: friend, Chat: int64(friend), Language: "en", Name: "a friend"})
		r.Must(err)
		if yes, err := r.Referrals.NoteReferral(t.Context(), friend, s.Code); err != nil || !yes {
			t.Fatalf("friend %d: %v", i, err)
		}
		r.uses(r.buys(friend, 1))
		r.wantCredit(esim.USDCents(want))
	}
	r.booksAgree()
}
