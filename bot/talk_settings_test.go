package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func TestTalkSettings(t *testing.T) {
	t.Parallel()
	talks(t, "settings", func(k *talk) {
		k.note("of one eSIM alone")
		tran := k.buys()
		k.says("/settings")
		k.taps("ealerts")
		k.taps("ealerts|" + tran)
		k.taps("ealerts|" + tran + "|data_gone")
		k.taps("ealerts|" + tran + "|all")
		k.note("of all")
		k.says("/settings")
		k.taps("alert|data50|1")
		k.taps("alert|expiry3")
		k.taps("quiet")
		k.taps("quiet|23-9")
		k.note("where: by words")
		k.taps("zone")
		k.says("Atlantis")
		k.says("Russia")
		k.says("Екатеринбург")
		k.note("where: by a place on earth")
		k.taps("zone")
		k.sendsPlace(34.05, -118.24)
		k.note("where: by the clock, and forgotten")
		k.taps("zone")
		k.says("usa")
		k.taps("zone|America/Chicago")
		k.taps("zone")
		k.taps("zone|-")
		k.note("asked, and something else said")
		k.taps("zone")
		k.says("it does not work help")
		k.says("Japan")
		k.note("no hours are quiet")
		k.says("/settings")
		k.taps("quiet")
		k.taps("quiet|off")
	})
}

// sendsPlace sends a place on earth.
func (k *talk) sendsPlace(north, east float64) {
	k.Helper()
	fmt.Fprintf(&k.text, "\n>>> (place %g, %g)\n", north, east)
	_, err := k.user.SendLocation(north, east)
	k.Must(err)
	k.Pump()
	k.look()
}

// By night it is quiet: what can wait is said in the morning, and only what is left to say. What cannot comes at once.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	s.Must(s.DB.SetQuietHours(t.Context(), annID, esim.QuietHours{From: 22, Until: 8}))
	total := k.Vendor.Profiles()[0].Total
	use := func(percent int64, later time.Duration) (news string) {
		before := k.user.Last().ID
		k.uses(tran, 1, later, total*percent/100)
		s.Deliver()
		return strings.Join(said(k.user, before), "\n")
	}
	use(10, 3*time.Hour) // midnight in Japan
	if got := use(72, time.Hour); strings.Contains(got, "20%") {
		t.Errorf("Ann is told at 1 o'clock: %s", got)
	}
	if got := use(9, 4*time.Hour); strings.Contains(got, "%") {
		t.Errorf("Ann is told at 5 o'clock: %s", got)
	}
	if got := use(0, 3*time.Hour+time.Minute); strings.Contains(got, "20%") || strings.Count(got, "Less than 10%") != 1 {
		t.Errorf("in the morning Ann is told: %s", got)
	}
	if got := use(20, 17*time.Hour); strings.Count(got, "used up") != 1 { // at 1 o'clock
		t.Errorf("without data Ann is told: %s", got)
	}
}

// Who switches quiet hours off is told at once what waited for the morning.
func TestQuietHoursEndWithTheSetting(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	s.Must(s.DB.SetQuietHours(t.Context(), annID, esim.QuietHours{From: 22, Until: 8}))
	k.uses(tran, 1, 4*time.Hour, k.Vendor.Profiles()[0].Total*85/100)
	s.Deliver()
	before := k.user.Last().ID
	k.says("/settings")
	k.taps("quiet")
	k.taps("quiet|off")
	s.Deliver()
	if got := strings.Join(said(k.user, before), "\n"); strings.Count(got, "Less than 20%") != 1 {
		t.Errorf("Ann is told: %s", got)
	}
}

// Whoever installs an eSIM of a country with several times of day is asked once where they are; of a country with
// one its use tells.
func TestWhereIsAskedOnceWhereNothingElseTellsIt(t *testing.T) {
	t.Parallel()
	for place, asks := range map[string]bool{"Russia": true, "JP": false} {
		s := newShop(t, vendorsandbox.Options{})
		k := s.talk(s.Messenger.User(annID))
		k.says(place)
		s.Must(s.DB.SetQuietHours(t.Context(), annID, esim.QuietHours{From: 22, Until: 8}))
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		before := k.user.Last().ID
		s.Must(s.Vendor.Install(s.Vendor.Profiles()[0].EsimTranNo))
		_, err := s.Watcher.Sweep(t.Context())
		s.Must(err)
		s.Deliver()
		asked := 0
		for _, m := range k.user.Chat() {
			for _, row := range m.Keyboard {
				for _, b := range row {
					if m.ID > before && b.Data == "zone" {
						asked++
					}
				}
			}
		}
		if (asked == 1) != asks || asked > 1 {
			t.Errorf("%s: asked %d times: %s", place, asked, k.user.Last().Text)
		}
	}
}
