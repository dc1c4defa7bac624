package bot_test

import (
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What waits for the giver's morning does not wait for it any more when somebody else has the eSIM, who has no quiet hours.
func TestAGiftsAlertsDoNotWaitForItsGiversMorning(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	s.Must(s.DB.SetQuietHours(t.Context(), annID, esim.QuietHours{From: 22, Until: 8}))
	k.uses(tran, 1, 4*time.Hour, k.Vendor.Profiles()[0].Total*85/100) // at 1 o'clock
	s.Deliver()
	bob := k.friend()
	k.gives(tran, bob)
	if says(bob, "Less than 20%") != 1 || says(k.user, "Less than 20%") != 0 {
		t.Errorf("Bob reads: %s", bob.Last().Text)
	}
}
