package bot_test

import (
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The money of whoever was forgotten goes to nobody: staff have no button for it, and one from before does nothing. What is
// sent back to a number that stands for nobody would be tried for ever.
func TestStaffDoNotRefundWhoIsForgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga, k := s.staffed(), s.zoe()
	k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), zoeID, 1)
	s.Must(err)
	id := orders[0].ID
	s.Send(olga, "/refund "+string(id)+" as a kindness")
	k.says("/forget")
	k.taps("forgetnow")
	s.presses(olga, "s_yes|refund|"+id.String())
	for range 3 {
		s.Work()
		s.Vendor.Advance(time.Hour)
	}
	if got := s.state(id); got != esim.StateDelivered {
		t.Errorf("the order is %s", got)
	}
	before := olga.Last().ID
	s.Send(olga, "/order "+string(id))
	for _, m := range olga.Chat() {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if m.ID > before {
					t.Errorf("%q leads to %s", b.Text, b.Data)
				}
			}
		}
	}
	due, err := s.DB.RefundsDue(t.Context(), s.Vendor.Time(), 9)
	if err != nil || len(due) > 0 {
		t.Errorf("on their way back: %v, %v", due, err)
	}
}

// Whoever was given an eSIM by somebody who was forgotten since is not asked whether to cancel it: that cannot be done.
func TestNobodyCancelsForWhoIsForgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	tran := k.bought(0)
	bob := k.friend()
	k.gives(tran, bob)
	k.says("/forget")
	k.taps("forgetnow")
	b := s.talk(bob)
	b.says("/esims")
	b.taps("esim|" + tran)
	if offers(bob, "cancel|") || !offers(bob, "install|") {
		t.Errorf("Bob reads: %s\n%v", bob.Last().Text, bob.Last().Labels())
	}
}

// Whoever was given an eSIM by somebody who was forgotten since, and topped it up, has that money back when the vendor takes
// the eSIM; and staff do know of it, as the customer reads.
func TestATopUpOfAGiftComesBackThoughItsGiverIsForgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	tran := k.bought(0)
	bob := k.friend()
	k.gives(tran, bob)
	k.says("/forget")
	k.taps("forgetnow")
	b := s.talk(bob)
	b.says("/esims")
	b.taps("esim|" + tran)
	b.taps("topup|")
	b.taps("tcard|")
	b.taps("tbuy|")
	b.pays()
	b.arrives()
	s.Must(s.Client.Cancel(t.Context(), esim.ESIMID(tran)))
	s.Vendor.Advance(time.Hour)
	s.Must(s.Watcher.Refresh(t.Context(), esim.ESIMID(tran)))
	s.Work()
	orders, err := s.DB.OrdersOf(t.Context(), annID+1, 2)
	s.Must(err)
	if len(orders) != 1 || orders[0].State != esim.StateRefunded {
		t.Errorf("Bob's orders: %+v", orders)
	}
	if says(olga, "whoever bought it was forgotten") != 1 {
		t.Errorf("staff read: %s", olga.Last().Text)
	}
}

// A friend whom somebody brought who was forgotten since brings nobody store credit: nobody could spend it, and the books
// would owe it for ever.
func TestAFriendOfWhoIsForgottenBringsNobodyCredit(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Referrals.Credit = esim.USDCents(40)
	k := s.zoe()
	k.says("/start")
	summary, err := s.DB.ReferralOf(t.Context(), zoeID)
	s.Must(err)
	ann := s.talk(s.Messenger.User(annID))
	ann.says("/start ref_" + summary.Code)
	k.says("/forget")
	k.taps("forgetnow")
	ann.uses(ann.buys(), 1, 4*time.Hour, s.Vendor.Profiles()[0].Total/8)
	now, err := s.DB.Balances(t.Context())
	s.Must(err)
	if len(now[esim.AccountAllCredit]) > 0 {
		t.Errorf("store credit of nobody: %v", now[esim.AccountAllCredit])
	}
}
