package bot_test

import (
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Two statements about two eSIMs of one order, the second while the vendor is silent about the first: both go back.
func TestASecondWithdrawalIsNotTakenForTheFirst(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]string{"another eSIM": "other", "the whole order": "all"} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			k := s.talk(s.Messenger.User(annID))
			k.many(2)
			k.taps("buy|")
			k.pays()
			k.arrives()
			orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
			s.Must(err)
			id := orders[0].ID
			first, second := esim.ESIMID(k.bought(0)), esim.ESIMID(k.bought(1))
			if press == "all" {
				second = ""
			}
			ann := esim.Customer{ID: annID, Name: "Ann"}
			_, _, err = s.Contracts.Withdraw(t.Context(), ann, id, first)
			s.Must(err)
			s.Must(s.Contracts.Run(t.Context())) // the order is being cancelled: its first eSIM
			_, _, err = s.Contracts.Withdraw(t.Context(), ann, id, second)
			s.Must(err)
			s.Must(s.Contracts.Run(t.Context()))
			for range 10 {
				s.Work()
				s.Vendor.Advance(2 * time.Minute)
				s.Must(s.Contracts.Run(t.Context()))
			}
			s.Work()
			w, err := s.DB.WithdrawalOf(t.Context(), id, second)
			s.Must(err)
			if o := s.state(id); o != esim.StateRefunded {
				t.Errorf("outcome %q, and the order is %s: one eSIM is neither given back nor before staff", w.Outcome, o)
			}
		})
	}
}
