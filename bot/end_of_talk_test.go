package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestAnOldEndButtonEndsTheTalk: the one that is open now. The screen says that what is typed finds plans, and so
// it does.
func TestAnOldEndButtonEndsTheTalk(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "first question")
	s.delivers()
	old := ann.Last()
	if !opensRoute(old, "endtalk") {
		t.Fatalf("no button ends the talk below %q", old.Text)
	}
	s.presses(olga, "s_close|")
	s.delivers()
	s.Vendor.Advance(time.Hour)
	s.Send(ann, "/support")
	s.Send(ann, "second question")
	s.delivers()
	for _, pressed := range []string{"with a newer talk open", "with none open"} {
		_, err := ann.PressData(old.ID, dataOf(old, "endtalk|"))
		s.Must(err)
		s.delivers()
		if got := shownAt(ann, old.ID); !strings.Contains(got, "finds plans again") {
			t.Errorf("%s the answer is %q", pressed, got)
		}
		before := olga.Last().ID
		s.Send(ann, "Japan")
		s.delivers()
		if got := said(olga, before); len(got) > 0 || !strings.Contains(ann.Last().Text, "Japan") {
			t.Errorf("%s staff get %q, and the customer %q", pressed, got, ann.Last().Text)
		}
	}
}

// TestNobodyEndsTheTalkOfAnother: a button of somebody else's talk ends none.
func TestNobodyEndsTheTalkOfAnother(t *testing.T) {
	t.Parallel()
	s, ann, _ := talking(t)
	s.Send(ann, "a question")
	s.delivers()
	end := dataOf(ann.Last(), "endtalk|")
	bob := s.Messenger.User(annID + 1)
	s.Send(bob, "/start")
	s.Send(bob, "/support")
	_, err := bob.PressData(bob.Last().ID, end)
	s.Must(err)
	s.Pump()
	for _, who := range []*tgsandbox.UserClient{ann, bob} {
		s.Send(who, "/help")
		if !opensRoute(who.Last(), "endtalk") {
			t.Errorf("the talk of %d is ended", who.ID())
		}
	}
}

// TestAnEditedSupportCommandKeepsItsWords: staff read what stands behind the command, before and after an edit.
func TestAnEditedSupportCommandKeepsItsWords(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"/support", "/paysupport"} {
		t.Run(command, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			ann, olga := s.Messenger.User(annID), s.staffed()
			s.Send(ann, "/start")
			s.Send(ann, command+" where is my money")
			s.delivers()
			mine := 0
			for _, m := range ann.Chat() {
				if m.From.ID == ann.ID() {
					mine = m.ID
				}
			}
			for _, edit := range []struct{ to, read string }{
				{command + " where is my refund", "where is my refund"},
				{command, "where is my refund"}, // no words: the last ones stay
				{"where is my order", "where is my order"},
			} {
				s.Must(ann.Edit(mine, edit.to))
				s.delivers()
				found := ""
				for _, m := range olga.Chat() {
					if strings.Contains(m.Text, "where is my") {
						found = m.Text
					}
				}
				if !strings.Contains(found, edit.read) || strings.Contains(found, command) {
					t.Errorf("after an edit to %q staff read %q", edit.to, found)
				}
			}
		})
	}
}

// TestAThankYouIsAnsweredInAFewWords: after an answer of staff a customer who writes at once hears that it was passed
// on, and can end the talk; what a talk is they have read already.
func TestAThankYouIsAnsweredInAFewWords(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "what is an APN?")
	s.delivers()
	_, err := olga.Reply(s.copyOf("what is an APN?"), "a setting, and yours is right")
	s.Must(err)
	s.delivers()
	s.Send(ann, "thank you!")
	if m := ann.Last(); m.Text != "✓ Passed on to our staff." || !opensRoute(m, "endtalk") {
		t.Errorf("the thank-you is answered %q %v", m.Text, m.Keyboard)
	}
	before := ann.Last().ID
	s.Send(ann, "and good night")
	if got := said(ann, before); len(got) > 0 {
		t.Errorf("what follows is answered %q", got)
	}
	s.delivers()
	_, err = olga.Reply(s.copyOf("and good night"), "good night")
	s.Must(err)
	s.delivers()
	s.Vendor.Advance(time.Hour)
	s.Send(ann, "one more thing")
	if m := ann.Last(); !strings.Contains(m.Text, "until you press") {
		t.Errorf("an hour later the answer is %q", m.Text)
	}
}
