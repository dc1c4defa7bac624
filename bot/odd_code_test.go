package bot_test

import (
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A code that cannot be drawn is sent as the vendor wrote it, staff hear of it, and the next
// purchase of the same customer comes as a picture.
func TestACodeThatCannotBeDrawnIsSentAsText(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.Messenger.User(staffID).In(groupID)
	s.Must(s.Vendor.SetQuirks(vendorsandbox.Quirks{CodeForm: "odd"}))
	s.buy(ann)
	s.fulfils()
	s.sees(ann, "SM-DP+ address and code: ")
	s.sees(ann, "cannot be scanned")
	if !slices.ContainsFunc(olga.Chat(), func(m tgsandbox.Message) bool { return strings.Contains(m.Text, "A code that no phone reads") }) {
		t.Error("staff were not told")
	}
	if strings.Contains(s.Log.String(), "SM-DP+ address") {
		t.Error("the code stands in the log")
	}
	s.Must(s.Vendor.SetQuirks(vendorsandbox.Quirks{}))
	s.buy(ann)
	s.fulfils()
	pictures := 0
	for _, m := range ann.Chat() {
		if m.Photo != nil {
			pictures++
		}
	}
	if pictures != 1 {
		t.Errorf("%d pictures came, want that of the second purchase", pictures)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting+dead > 0 {
		t.Errorf("%d messages wait, %d are given up, %v", waiting, dead, err)
	}
}

// An eSIM that was sent as text and is given back takes its words with it: the message says so, and
// nothing waits in the outbox for an edit that Telegram never takes.
func TestACodeSentAsTextIsTakenBackToo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Must(s.Vendor.SetQuirks(vendorsandbox.Quirks{CodeForm: "odd"}))
	o := s.buy(ann)
	s.fulfils()
	s.Must(s.Canceller.Begin(t.Context(), o.ID, nil))
	s.Work()
	for _, m := range ann.Chat() {
		if strings.Contains(m.Text, "SM-DP+ address and code: ") {
			t.Errorf("the code still stands in the chat: %s", m.Text)
		}
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting+dead > 0 {
		t.Errorf("%d messages wait, %d are given up, %v; log: %s", waiting, dead, err, s.Log)
	}
}
