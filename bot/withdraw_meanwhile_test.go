package bot_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// An eSIM that is put on a phone between the statement and the vendor's word stays, and a person looks at the statement.
func TestAWithdrawalOfWhatIsInstalledMeanwhileIsForAPerson(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	id := orders[0].ID
	_, _, err = s.Contracts.Withdraw(t.Context(), esim.Customer{ID: annID, Name: "Ann"}, id, "")
	s.Must(err)
	s.Must(s.Contracts.Run(t.Context()))
	s.Must(s.Vendor.Install(tran))
	for range 5 {
		s.Work()
		s.Vendor.Advance(2 * time.Minute)
		s.Must(s.Contracts.Run(t.Context()))
	}
	if w, o := s.withdrawn(id), s.state(id); w.Outcome != esim.WithdrawalToPerson || o != esim.StateDelivered {
		t.Errorf("outcome %q, the order is %s", w.Outcome, o)
	}
}

// A withdrawal from what has not arrived yet stops it as soon as it is here, as its customer read: no person is needed.
func TestAWithdrawalWaitsForWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	k.taps("plan|")
	k.taps("buy|")
	k.pays()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	id := orders[0].ID
	s.pressesOn(k.user, k.user.Last().ID, "wdraw|"+string(id))
	k.taps("wdrawnow|")
	for range 6 {
		s.Work()
		s.Vendor.Advance(2 * time.Minute)
		s.Must(s.Contracts.Run(t.Context()))
	}
	s.Work()
	if w, o := s.withdrawn(id), s.state(id); w.Outcome != esim.WithdrawalCancelled || o != esim.StateRefunded {
		t.Errorf("outcome %q, the order is %s: %s", w.Outcome, o, k.user.Last().Text)
	}
}

// Who withdrew may be forgotten as soon as their money is back, not only when the statement is looked at again.
func TestForgetAfterAWithdrawal(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	k.taps("wdraw|")
	k.taps("wdrawnow|")
	s.Work()
	k.says("/forget")
	if text := k.user.Last().Text; !strings.Contains(text, "Erase everything about you?") {
		t.Errorf("after the money is back: %s", text)
	}
	facts, err := s.DB.ForgetFacts(t.Context(), annID)
	s.Must(err)
	k.taps("forgetnow")
	for range 2 {
		s.Vendor.Advance(2 * time.Minute)
		s.Must(s.Contracts.Run(t.Context()))
		s.Work()
	}
	open, err := s.DB.OpenWithdrawals(t.Context(), time.Now().AddDate(1, 0, 0))
	s.Must(err)
	if len(open) != 0 || facts.Withdrawing {
		t.Errorf("%d statements open, %v", len(open), facts)
	}
}

// A top-up that may be on the eSIM has a person look at the withdrawal at once, and nobody told each minute that it stays.
func TestAWithdrawalWhileATopUpIsUnderWay(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	id := orders[0].ID
	k.says("/esims")
	k.taps("esim|")
	k.taps("topup|")
	k.taps("tcard|")
	k.taps("tbuy|")
	s.Vendor.Break(vendorsandbox.Fault{Kind: vendorsandbox.LoseAnswer, Endpoint: "esim/topup"})
	k.pays()
	s.Work()
	_, _, err = s.Contracts.Withdraw(t.Context(), esim.Customer{ID: annID, Name: "Ann"}, id, "")
	s.Must(err)
	s.Must(s.Contracts.Run(t.Context()))
	if w, o := s.withdrawn(id), s.state(id); w.Outcome != esim.WithdrawalToPerson || o != esim.StateDelivered {
		t.Errorf("outcome %q, the order is %s", w.Outcome, o)
	}
}

// A button that is pressed twice, and the clock beside it, work on a statement one after the other: none of them finds what
// another has just changed, which would be an error in the log.
func TestStatementsAreWorkedOnOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	_, _, err = s.Contracts.Withdraw(t.Context(), esim.Customer{ID: annID, Name: "Ann"}, orders[0].ID, "")
	s.Must(err)
	var all errgroup.Group
	for range 8 {
		all.Go(func() error { return s.Contracts.Run(t.Context()) })
	}
	s.Must(all.Wait())
}
