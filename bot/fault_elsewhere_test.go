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
