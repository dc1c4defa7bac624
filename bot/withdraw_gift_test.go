package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whoever withdraws from the contract of what they gave away, and nobody used, has the money back as they read before; whoever
// was given it reads that it is gone.
func TestAWithdrawalTakesUnusedGiftsWithIt(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2} {
		s := newShop(t, vendorsandbox.Options{})
		k := s.talk(s.Messenger.User(annID))
		k.many(n)
		k.taps("buy|")
		k.pays()
		k.arrives()
		orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
		s.Must(err)
		id := orders[0].ID
		bob := k.friend()
		k.gives(k.bought(0), bob)
		s.pressesOn(k.user, k.user.Last().ID, "wdraw|"+string(id))
		if !strings.Contains(k.user.Last().Text, "You get back: ⭐") {
			t.Fatalf("%d: Ann reads: %s", n, k.user.Last().Text)
		}
		k.taps("wdrawnow|")
		for range 3 {
			s.Work()
			s.Vendor.Advance(2 * time.Minute)
			s.Must(s.Contracts.Run(t.Context()))
		}
		s.Work()
		if w, o := s.withdrawn(id), s.state(id); w.Outcome != esim.WithdrawalCancelled || o != esim.StateRefunded {
			t.Errorf("%d: outcome %q, the order is %s: %s", n, w.Outcome, o, k.user.Last().Text)
		}
		if says(bob, "The eSIM you were given was cancelled") != 1 {
			t.Errorf("%d: Bob reads: %s", n, bob.Last().Text)
		}
	}
}
