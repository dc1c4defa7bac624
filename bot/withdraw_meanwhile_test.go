package bot_test

import (
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// An eSIM that is put on a phone between the statement and the vendor's word stays, and a person looks at the statement.
func TestAWithdrawalOfWhatIsInstalledMeanwhileIsForAPerson(t *testing.T) {
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
