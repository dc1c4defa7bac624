package bot_test

import (
	"strings"
	"testing"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestWithdrawnStarsThatMayHaveToGoBackAreTold: the balance is a reserve for what is not delivered
// or not used. Staff hear of it once for each time that it became too small.
func TestWithdrawnStarsThatMayHaveToGoBackAreTold(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	check := func(what string, told int) {
		t.Helper()
		for range 2 { // a second look says nothing new
			s.Must(s.App.Reserve.Check(t.Context()))
			s.Must(s.Watch.Check(t.Context()))
			s.Vendor.Advance(10 * time.Minute)
		}
		s.Deliver()
		n := 0
		for _, m := range olga.Chat() {
			if strings.HasPrefix(m.Text, "🟠 Stars of the bot") {
				n++
			}
		}
		if n != told {
			t.Errorf("%s: staff were told %d times, want %d", what, n, told)
		}
	}
	check("nothing sold", 0)
	for range 2 {
		s.buy(s.Messenger.User(annID))
		s.fulfils()
	}
	check("two sales, unused", 0)
	s.Send(olga, "/status")
	s.sees(olga, "🟢 Stars of the bot / may have to go back · ⭐\u00a0212 / ⭐\u00a0212")
	s.Messenger.WithdrawStars(110)
	check("half is withdrawn", 1)
	s.Send(olga, "/status")
	s.sees(olga, "🟡 Stars of the bot / may have to go back · ⭐\u00a0102 / ⭐\u00a0212")
	for _, p := range s.Vendor.Profiles() { // on phones, the sales are final
		s.Must(s.Vendor.Install(p.EsimTranNo))
	}
	s.Vendor.Advance(time.Hour)
	_, err := s.Watcher.Sweep(t.Context())
	s.Must(err)
	check("all are in use", 1)
	s.buy(s.Messenger.User(annID))
	s.fulfils()
	s.Messenger.WithdrawStars(130)
	check("another sale, and more is withdrawn", 2)
	s.compare()
	if n := s.returned(); n != 0 {
		t.Errorf("%d refunds were read out of a withdrawal", n)
	}
}
