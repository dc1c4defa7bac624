package bot_test

import (
	"strings"
	"testing"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// lowOnData has Ann's eSIM reach 20 % by day, and 10 % an hour later, while nothing can be sent to her.
func lowOnData(t *testing.T, away func(s *shop, k *talk)) (*shop, *talk, int) {
	t.Helper()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	total := k.Vendor.Profiles()[0].Total
	k.uses(tran, 1, 12*time.Hour, total/10) // it is morning in Japan
	s.Deliver()
	before := k.user.Last().ID
	away(s, k)
	k.uses(tran, 1, 3*time.Hour, total*72/100)
	s.Deliver()
	k.uses(tran, 1, 3*time.Hour, total*9/100)
	s.Deliver()
	return s, k, before
}

// Whoever blocked the bot is written to again when they come back, and then only of what is still so.
func TestAlertsWaitForWhoBlockedTheBot(t *testing.T) {
	t.Parallel()
	s, k, before := lowOnData(t, func(_ *shop, k *talk) { k.user.Block() })
	if got := said(k.user, before); len(got) > 0 {
		t.Errorf("to a chat that is blocked: %q", got)
	}
	k.user.Unblock()
	s.Send(k.user, "/esims")
	s.Deliver()
	if got := strings.Join(said(k.user, before), "\n"); strings.Contains(got, "20%") || strings.Count(got, "Less than 10%") != 1 {
		t.Errorf("back again Ann is told: %s", got)
	}
}

// What Telegram refuses today it may take later: an alert is not given up while it is true.
func TestAlertsWaitForTelegram(t *testing.T) {
	t.Parallel()
	s, k, before := lowOnData(t, func(s *shop, _ *talk) { s.Messenger.Break("sendMessage", 1000, unknownRefusal(annID)) })
	s.tries(48 * time.Hour)
	if got := said(k.user, before); len(got) > 0 {
		t.Errorf("refused, and there: %q", got)
	}
	s.Messenger.Mend("sendMessage")
	s.tries(26 * time.Hour)
	if got := strings.Join(said(k.user, before), "\n"); strings.Contains(got, "20%") || strings.Count(got, "Less than 10%") != 1 {
		t.Errorf("at last Ann is told: %s", got)
	}
}
