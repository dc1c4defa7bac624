package bot_test

import (
	"strings"
	"testing"
	"time"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whoever buys, is forgotten, and then has Apple fetch the money back, has no eSIM for nothing: unused it is cancelled, in
// use it stands before staff until it ends. The eSIM of whoever was forgotten and paid is left alone.
func TestMoneyFetchedBackAfterForgettingStopsTheESIM(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{false, true} {
		s := newShop(t, vendorsandbox.Options{})
		olga, k := s.staffed(), s.zoe()
		kept, tran := k.buys(), k.buys()
		orders, err := s.DB.OrdersOf(t.Context(), zoeID, 1)
		s.Must(err)
		charge := s.chargeOf(orders[0].ID)
		if used {
			k.uses(tran, 1, time.Hour, 50<<20)
		}
		k.says("/forget")
		k.taps("forgetnow")
		s.Must(s.Messenger.RefundElsewhere(charge))
		s.Pump()
		for range 3 {
			s.compare()
			s.Vendor.Advance(time.Hour)
		}
		open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time())
		s.Must(err)
		if got := s.profile(esim.ESIMID(tran)); strings.HasPrefix(got, "CANCEL") == used || len(open.UnmatchedESIMs) != map[bool]int{true: 1}[used] {
			t.Errorf("used %t: the vendor has it %s, %d of nobody's before staff", used, got, len(open.UnmatchedESIMs))
		}
		if got := s.profile(esim.ESIMID(kept)); strings.HasPrefix(got, "CANCEL") {
			t.Errorf("what was paid for is %s", got)
		}
		if says(olga, "Refunded by somebody else") != 1 {
			t.Errorf("staff read %q", olga.Last().Text)
		}
		if faults, err := s.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("the books: %v, %v", faults, err)
		}
		if rep := s.compare(); rep.Off.Minor != 0 {
			t.Errorf("the vendor has %s more or less than the books", rep.Off)
		}
	}
}

// Nobody is forgotten while staff decide on their withdrawal, since nobody could be told or paid then; once staff did
// something about it, or two weeks later, they are.
func TestForgettingWaitsForStaffToDecideOnAWithdrawal(t *testing.T) {
	t.Parallel()
	for _, decide := range []bool{true, false} {
		s := newShop(t, vendorsandbox.Options{})
		k := s.zoe()
		tran := k.buys()
		orders, err := s.DB.OrdersOf(t.Context(), zoeID, 1)
		s.Must(err)
		o := orders[0]
		k.uses(tran, 1, time.Hour, 50<<20)
		_, _, err = s.Contracts.Withdraw(t.Context(), esim.Customer{ID: zoeID, Name: "Zoe"}, o.ID, "")
		s.Must(err)
		s.Must(s.Contracts.Run(t.Context()))
		s.Work()
		if w := s.withdrawn(o.ID); w.Outcome != esim.WithdrawalToPerson {
			t.Fatalf("%+v", w)
		}
		olga := s.staffed()
		s.Vendor.Advance(21 * time.Hour)
		s.Must(s.Admin.Remind(t.Context()))
		s.Work()
		if open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time()); err != nil || len(open.Withdrawals) != 1 || open.Count() != 1 {
			t.Errorf("open: %+v, %v", open, err)
		}
		if last := olga.Last(); !strings.Contains(last.Text, "Withdrawals from contract to decide on: 1 · "+o.ID.String()) || !offers(olga, "s_card|") {
			t.Errorf("staff read %q %v", last.Text, last.Keyboard)
		}
		k.says("/forget")
		if text := k.user.Last().Text; !strings.Contains(text, "You withdrew from a contract") {
			t.Errorf("she reads %q", text)
		}
		if decide {
			s.Must(s.Admin.Refund(t.Context(), o.ID, esim.AuditEntry{At: s.Vendor.Time(), Who: staffID, What: "refund", Order: o.ID}))
			s.Work()
		} else {
			s.Vendor.Advance(esim.WithdrawalDecisionPeriod)
		}
		k.says("/forget")
		if text := k.user.Last().Text; !strings.Contains(text, "Erase everything") {
			t.Errorf("decided %t: she reads %q", decide, text)
		}
		if open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time()); err != nil || open.Count() != 0 {
			t.Errorf("decided %t: open %+v, %v", decide, open, err)
		}
	}
}

// Nor while staff look at the processor for a payment by card that was approved and did not come.
func TestForgettingWaitsForALookAtTheProcessor(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Reopen(func(c *wiring.Config) { c.Payments = []esim.PaymentMethod{esim.MethodProvider} })
	k := s.zoe()
	k.says("/start")
	q, err := s.Checkout.QuoteWith(esim.MethodProvider, s.Catalog.Current().Country("JP")[0].Code, 1, 0)
	s.Must(err)
	o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: zoeID, PlanCode: q.Plan.Code, Quantity: 1, Method: esim.MethodProvider, Seen: q.Price})
	s.Must(err)
	s.Must(s.Checkout.Approve(t.Context(), o.ID, zoeID, o.Price))
	s.Vendor.Advance(2 * time.Hour)
	s.Must(s.Monitor.Check(t.Context()))
	s.Must(s.Checkout.Expire(t.Context()))
	k.says("/forget")
	if text := k.user.Last().Text; !strings.Contains(text, "our staff are looking whose it is") {
		t.Errorf("she reads %q", text)
	}
	s.Must(s.Admin.CloseUnpaidApproval(t.Context(), o.ID, esim.AuditEntry{At: s.Vendor.Time(), Who: staffID, What: esim.AuditProcessorChecked, Order: o.ID}))
	k.says("/forget")
	if text := k.user.Last().Text; !strings.Contains(text, "Erase everything") {
		t.Errorf("she reads %q", text)
	}
}

// What the vendor gives back for an eSIM whose buyer was forgotten is booked: the holder keeps nothing, and nobody wonders
// about the account.
func TestWhatTheVendorGivesBackForAForgottenBuyerIsBooked(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	tran, bob := k.bought(0), k.friend()
	k.gives(tran, bob)
	k.says("/forget")
	k.taps("forgetnow")
	off := func() (most int64) {
		for range 3 {
			most = max(most, s.compare().Off.Minor)
			s.Vendor.Advance(time.Hour)
		}
		return most
	}
	if n := off(); n != 0 {
		t.Fatalf("off by %d before", n)
	}
	s.Must(s.Vendor.Cancel(tran))
	s.Must(s.Watcher.Refresh(t.Context(), esim.ESIMID(tran)))
	if n := off(); n != 0 || says(bob, "was switched off") != 1 {
		t.Errorf("the vendor's account is off by %d; Bob reads %q", n, bob.Last().Text)
	}
	if faults, err := s.DB.LedgerFaults(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("the books: %v, %v", faults, err)
	}
}
