package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A command is none of the customer's business, under a picture as little as in a reply of words.
func TestACommandUnderAPictureReachesNoCustomer(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is it?")
	s.delivers()
	before := ann.Last().ID
	for _, caption := range []string{"/refund ABCD-1234", "it is on its way"} {
		_, err := olga.SendFile(s.copyOf("where is it?"), tgsandbox.Upload{Kind: "photo", Data: screenshot(t), Caption: caption})
		s.Must(err)
		s.delivers()
	}
	got := strings.Join(said(ann, before), "\n")
	if strings.Contains(got, "/refund") || !strings.Contains(got, "on its way") {
		t.Errorf("Ann reads %q", got)
	}
}

// Three eSIMs of one order wait to be installed: one reminder speaks for all.
func TestOneReminderSpeaksForAllOfAnOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.owns("JP", 3, false)
	s.Vendor.Advance(8 * 24 * time.Hour)
	s.Must(s.Watcher.Remind(t.Context()))
	s.delivers()
	if n := says(ann, "Your eSIM waits for you"); n != 1 {
		t.Errorf("%d reminders for one order; Ann reads %q", n, said(ann, 0))
	}
}
