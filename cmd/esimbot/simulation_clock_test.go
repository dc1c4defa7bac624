package main

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The machine's clock is set back six hours while one customer's eSIM, another's refund and a
// third's QR picture wait for their next try: each comes as soon as it would have, in the same run of
// the program and in the next one.
func TestTheClockIsSetBackSixHours(t *testing.T) {
	t.Parallel()
	catalog := smallCatalog(t)
	if testing.Short() {
		t.Skip("a whole shop")
	}
	for name, restart := range map[string]bool{"while it runs": false, "over a restart": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := simulate(t, dir, catalog, 1, 3)
				defer s.end()
				s.pass(5 * time.Minute)
				ill := func(f vendorsandbox.Fault, h *tgsandbox.UserClient) (mend func()) {
					f.Endpoint = "esim/order"
					mend = s.vendor.Break(f)
					if !s.buy(h, "JP") {
						t.Fatal("nothing was bought")
					}
					s.pass(40 * time.Second)
					return mend
				}
				s.telegram.Break("refundStarPayment", 5, tgsandbox.Fault{Kind: tgsandbox.ServerError})
				ill(vendorsandbox.Fault{Kind: vendorsandbox.Refuse, Code: "310241"}, s.people[0])()
				s.telegram.Break("sendPhoto", 7, tgsandbox.Fault{Kind: tgsandbox.ServerError})
				if !s.buy(s.people[1], "JP") {
					t.Fatal("nothing was bought")
				}
				s.pass(20 * time.Second)
				mend := ill(vendorsandbox.Fault{Kind: vendorsandbox.LoseAnswer}, s.people[2])
				s.ends("before", map[esim.State]int{esim.StateRefunding: 1, esim.StateAllocating: 1, esim.StateOrdering: 1})
				s.slow.Store(int64(6 * time.Hour))
				if restart {
					s.kill()
					s.start()
				}
				mend()
				s.pass(3 * time.Hour) // in this rig whatever goes by the clock alone looks each half hour
				s.ends("three hours later", map[esim.State]int{esim.StateDelivered: 2, esim.StateRefunded: 1})
				s.check()
			})
		})
	}
}

// ends holds how many orders are in which state.
func (s *simulated) ends(when string, want map[esim.State]int) {
	s.t.Helper()
	orders, err := s.app.DB.RecentOrders(s.t.Context(), nil, 100)
	s.must(err)
	states := map[esim.State]int{}
	for _, o := range orders {
		states[o.State]++
	}
	if !maps.Equal(states, want) {
		s.t.Errorf("%s: %v, want %v", when, states, want)
	}
}
