package bot_test

import (
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Who says that they are somewhere else: staff read what the eSIM is like all the same.
func TestStaffReadTheStateOfAnESIMThatIsElsewhere(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	s.owns("JP", 1, false)
	es, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	tran := string(es[0].ID)
	s.Must(s.Vendor.Install(tran))
	s.pressesOn(ann, ann.Last().ID, "fault|"+tran)
	s.App.Bot.Wait()
	s.presses(ann, "fault|"+tran+"||e")
	s.presses(ann, "person|")
	s.delivers()
	if text := olga.Last().Text; strings.Contains(text, "in use, nothing wrong") || !strings.Contains(text, "🆘") {
		t.Errorf("staff are told %q", text)
	}
}

// Whoever presses "Ask a person" on one screen of the fault finder after the other says nothing new, and does
// not fill the group, which takes twenty messages a minute.
func TestAsksWithoutWordsAreFewCards(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	s.owns("JP", 1, false)
	es, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	for i := range 20 {
		s.pressesOn(ann, ann.Last().ID, "person|"+string(es[0].ID)+"|"+[]string{"none.yyy", "none.yyn"}[i%2])
		s.delivers()
	}
	cards := 0
	for _, m := range olga.Chat() {
		if strings.Contains(m.Text, "🆘") {
			cards++
		}
	}
	if cards < 1 || cards > 2 {
		t.Errorf("%d head cards for somebody who said nothing", cards)
	}
}
