package main

import (
	"testing"
	"testing/synctest"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// One customer buys; the eSIM comes; it is used up and ends; the program is killed and goes on.
func TestSimulatedShop(t *testing.T) {
	t.Parallel()
	dir, catalog := t.TempDir(), smallCatalog(t)
	if testing.Short() {
		t.Skip("days of a whole shop; the race detector makes minutes of them")
	}
	synctest.Test(t, func(t *testing.T) {
		s := simulate(t, dir, catalog, 1, 1)
		defer s.end()
		s.pass(time.Minute)
		ann := s.people[0]
		if !s.buy(ann, "JP") {
			t.Fatalf("nothing was bought:\n%s", transcript(ann.Chat()))
		}
		s.pass(time.Minute)
		if n := count(ann.Chat(), func(m tgsandbox.Message) bool { return m.Photo != nil }); n != 1 {
			t.Fatalf("%d QR pictures, want 1:\n%s", n, transcript(ann.Chat()))
		}
		profile := s.vendor.Profiles()[0]
		s.must(s.vendor.Install(profile.EsimTranNo))
		s.must(s.vendor.Burn(profile.EsimTranNo, profile.Total*85/100))
		s.buy(ann, "JP")
		s.kill()
		s.start()
		s.pass(9 * 24 * time.Hour)
		chat := visitor{UserClient: ann, t: t}
		for _, alert := range []string{"20% of your data", "has expired"} {
			if n := chat.texts(alert); n != 1 {
				t.Errorf("alert %q came %d times, want once:\n%s", alert, n, transcript(ann.Chat()))
			}
		}
		if n := chat.photos(); n < 2 || n > 3 { // 3: killed between Telegram's yes and the note of it
			t.Errorf("%d QR pictures of two eSIMs", n)
		}
		s.check()
	})
}
