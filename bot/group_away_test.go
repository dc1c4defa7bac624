package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestTheGroupsMessagesWaitForIt: kicked out of the group, the bot keeps what it has to tell there,
// and tells it when it is let in again.
func TestTheGroupsMessagesWaitForIt(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	s.tg.KickBot()
	s.must(s.db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffFailure, Key: "f", Note: "the one that matters"}}))
	for range 5 {
		s.work()
		s.vendor.Advance(time.Minute)
	}
	if waiting, dead, err := s.db.OutboxSize(t.Context()); err != nil || waiting != 1 || dead != 0 {
		t.Fatalf("%d wait, %d were given up, %v", waiting, dead, err)
	}
	s.tg.AddBot()
	s.vendor.Advance(10 * time.Minute)
	s.work()
	olga := s.tg.Person(staffID).In(groupID)
	found := false
	for _, m := range olga.Chat() {
		found = found || strings.Contains(m.Text, "the one that matters")
	}
	if !found {
		t.Error("the message never came")
	}
}
