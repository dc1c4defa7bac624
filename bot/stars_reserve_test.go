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
			s.must(s.App.Reserve.Check(t.Context()))
			s.vendor.Advance(10 * time.Minute)
		}
		s.deliver()
		n := 0
		for _, m := range olga.Chat() {
			if strings.Contains(m.Text, "hardly cover what may have to go back") {
				n++
			}
		}
		if n != told {
			t.Errorf("%s: staff were told %d times, want %d", what, n, told)
		}
	}
	check("nothing sold", 0)
	for range 2 {
		s.buy(s.tg.User(annID))
		s.fulfils()
	}
	check("two sales, unused", 0)
	s.send(olga, "/status")
	s.sees(olga, "⭐\u00a096, of which ⭐\u00a096 may have to go back")
	s.tg.WithdrawStars(50)
	check("half is withdrawn", 1)
	s.send(olga, "/status")
	s.sees(olga, "⭐\u00a046 hardly cover the ⭐\u00a096")
	for _, p := range s.vendor.Profiles() { // on phones, the sales are final
		s.must(s.vendor.Install(p.EsimTranNo))
	}
	s.vendor.Advance(time.Hour)
	_, err := s.watcher.Sweep(t.Context())
	s.must(err)
	check("all are in use", 1)
	s.buy(s.tg.User(annID))
	s.fulfils()
	s.tg.WithdrawStars(60)
	check("another sale, and more is withdrawn", 2)
	s.compare()
	if n := s.returned(); n != 0 {
		t.Errorf("%d refunds were read out of a withdrawal", n)
	}
}
