package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestAnUnknownRefusalIsTriedForADay: Telegram refuses what a customer is told, for no reason that we
// know. Staff hear of it once, it is tried for a day, and comes if Telegram thinks better of it; an
// eSIM that was paid for is tried without end.
func TestAnUnknownRefusalIsTriedForADay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		refused time.Duration
		arrives bool
		dead    int
	}{
		{"for twenty hours", 20 * time.Hour, true, 0},
		{"for two days", 48 * time.Hour, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, vendorsandbox.Options{})
			ann, olga := s.Messenger.User(annID), s.staffed()
			s.Send(ann, "/start")
			s.Messenger.Break("sendMessage", 1000, unknownRefusal(annID))
			s.queue(annID, "ANNS0001")
			s.tries(tt.refused)
			if came(ann, "ANNS0001") != 0 || says(olga, "SOME_NEW_RULE") != 1 {
				t.Errorf("refused: it came %d times, staff were told %d times", came(ann, "ANNS0001"), says(olga, "SOME_NEW_RULE"))
			}
			s.Messenger.Mend("sendMessage")
			s.tries(3 * time.Hour)
			if got := came(ann, "ANNS0001"); (got == 1) != tt.arrives {
				t.Errorf("mended: it came %d times", got)
			}
			if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting != 0 || dead != tt.dead {
				t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
			}
		})
	}
	t.Run("an eSIM", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, vendorsandbox.Options{})
		ann := s.Messenger.User(annID)
		s.Messenger.Break("sendPhoto", 1000, unknownRefusal(annID))
		o := s.buy(ann)
		s.fulfils()
		s.tries(72 * time.Hour)
		if pictures(ann) != 0 || s.state(o.ID) != esim.StateAllocating {
			t.Fatalf("%d pictures came, the order is %s", pictures(ann), s.state(o.ID))
		}
		s.Messenger.Mend("sendPhoto")
		s.tries(2 * time.Hour)
		if pictures(ann) != 1 || s.state(o.ID) != esim.StateDelivered {
			t.Errorf("%d pictures came, the order is %s", pictures(ann), s.state(o.ID))
		}
	})
}

// unknownRefusal is a 400 whose words this program does not know.
func unknownRefusal(chat int64) tgsandbox.Fault {
	return tgsandbox.Fault{Kind: tgsandbox.Refuse, Description: "Bad Request: SOME_NEW_RULE", Chat: chat}
}

// tries lets the outbox work for a while, as often as something is due.
func (s *shop) tries(d time.Duration) {
	s.Helper()
	for end := s.Vendor.Time().Add(d); s.Vendor.Time().Before(end); s.Vendor.Advance(10 * time.Minute) {
		s.Deliver()
	}
	s.Deliver()
}

// TestARefusedNoticeOfTheGroupIsTold: what staff should have read and Telegram refuses as it is does not
// vanish without a word, and the word about it brings no further one.
func TestARefusedNoticeOfTheGroupIsTold(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Messenger.Break("sendMessage", 1, unknownRefusal(groupID))
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffFailure, Key: "f", Note: "the one that is refused"}}))
	s.Deliver()
	s.Deliver()
	if !strings.Contains(olga.Last().Text, "SOME_NEW_RULE") {
		t.Errorf("staff read %q", olga.Last().Text)
	}
	s.Messenger.Break("sendMessage", 10, unknownRefusal(groupID))
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffFailure, Key: "g", Note: "refused, too"}}))
	s.tries(time.Hour)
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting != 0 || dead != 3 {
		t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
	}
}
