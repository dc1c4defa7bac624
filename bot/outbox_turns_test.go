package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestTheGroupsMessagesWaitForIt: kicked out of the group, the bot keeps what it has to tell there,
// and tells it when it is let in again.
func TestTheGroupsMessagesWaitForIt(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Messenger.KickBot()
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffFailure, Key: "f", Note: "the one that matters"}}))
	for range 5 {
		s.Work()
		s.Vendor.Advance(time.Minute)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting != 1 || dead != 0 {
		t.Fatalf("%d wait, %d were given up, %v", waiting, dead, err)
	}
	s.Messenger.AddBot()
	s.Vendor.Advance(10 * time.Minute)
	s.Work()
	olga := s.Messenger.User(staffID).In(groupID)
	found := false
	for _, m := range olga.Chat() {
		found = found || strings.Contains(m.Text, "the one that matters")
	}
	if !found {
		t.Error("the message never came")
	}
}

// queue puts a message for a customer into the outbox.
func (s *shop) queue(customer esim.CustomerID, order esim.OrderID) {
	s.Helper()
	s.Must(s.DB.AddNotifications(s.Context(), []esim.Notification{{
		Kind: esim.NotifyRefunded, Key: "refunded:" + string(order), Customer: customer, Order: order, Amount: esim.Stars(100),
	}}))
}

// came counts the messages that name an order.
func came(h *tgsandbox.UserClient, order esim.OrderID) (n int) {
	for _, m := range h.Chat() {
		if strings.Contains(m.Text, order.String()) {
			n++
		}
	}
	return n
}

// TestAPauseRestsOneChat: what Telegram asks with retry_after is obeyed for that chat, without
// the message counting as failed, and nobody else waits.
func TestAPauseRestsOneChat(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, bob := s.Messenger.User(annID), s.Messenger.User(102)
	s.Send(ann, "/start")
	s.Send(bob, "/start")
	s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 300})
	s.queue(annID, "ANNS0001")
	s.Work()
	s.queue(102, "B0BS0001")
	s.Work()
	if came(ann, "ANNS0001") != 0 || came(bob, "B0BS0001") != 1 {
		t.Errorf("within the pause: %d for who waits, %d for the other", came(ann, "ANNS0001"), came(bob, "B0BS0001"))
	}
	due, _, err := s.DB.DueMessages(t.Context(), s.Vendor.Time(), 10)
	s.Must(err)
	if len(due) != 1 || due[0].Attempts != 0 {
		t.Errorf("the message that waits: %+v", due)
	}
}

// TestWhatWasSentIsNotSentAgainOnAFullDisk: the store cannot note that a message arrived, and it
// is sent once all the same.
func TestWhatWasSentIsNotSentAgainOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.store.full = errors.New("database or disk is full")
	s.queue(annID, "ANNS0001")
	for range 5 {
		_, err := s.App.Outbox.Run(t.Context())
		s.Must(err)
		s.App.Outbox.Wait()
		s.Vendor.Advance(10 * time.Second)
	}
	s.store.full = nil
	s.Work()
	if n := came(ann, "ANNS0001"); n != 1 {
		t.Errorf("the message came %d times, want once", n)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting+dead != 0 {
		t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
	}
}
