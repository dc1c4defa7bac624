package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A list that was read while a message was on its way still has it as waiting when the
// message has arrived.
func TestAMessageOnItsWayIsNotSentAgainFromAnOlderList(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{
		Kind: esim.NotifyRefunded, Key: "refunded:1", Customer: annID, Order: "K7M2XQ4P", Amount: esim.Stars(100),
	}}))
	s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.Slow, Delay: 300 * time.Millisecond})
	_, err := s.App.Outbox.Run(t.Context())
	s.Must(err)
	s.store.listed = s.App.Outbox.Wait // the list is read; now the message arrives
	_, err = s.App.Outbox.Run(t.Context())
	s.Must(err)
	s.store.listed = nil
	s.App.Outbox.Wait()
	sent := 0
	for _, m := range ann.Chat() {
		if strings.Contains(m.Text, "K7M2-XQ4P") {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("the message came %d times, want once", sent)
	}
}

// A kind that no room writes would be discarded.
func TestEveryKindOfNotificationIsWrittenBySomebody(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	renderers := s.App.Bot.Renderers()
	for _, kind := range esim.NotificationKinds() {
		if renderers[kind] == nil {
			t.Errorf("nobody writes %s: register a renderer in customer or staff", kind)
		}
	}
	if len(renderers) != len(esim.NotificationKinds()) {
		t.Errorf("%d renderers for %d kinds", len(renderers), len(esim.NotificationKinds()))
	}
}
