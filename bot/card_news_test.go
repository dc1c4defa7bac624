package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whoever opens the card of an eSIM reads what is true now: one that was suspended, and one that was deleted from the
// phone, of which the shop has not heard. A press costs the vendor one question a minute at most.
func TestAnOpenCardLearnsWhatHappenedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.owns("JP", 1, false)
	es, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	tran := string(es[0].ID)
	asked := func() (n int) {
		for _, c := range s.Vendor.Calls() {
			if c.Endpoint == "esim/query" {
				n++
			}
		}
		return n
	}
	opens := func() string {
		s.Send(ann, "/esims")
		s.presses(ann, "esim|"+tran)
		s.App.Bot.Wait()
		return ann.Last().Text
	}
	state := func(c esim.Condition) string {
		return s.App.Texts.Printer("en").T("esim.is_"+string(c), nil)
	}
	s.Must(s.Vendor.Install(tran))
	s.Must(s.Vendor.Burn(tran, 1<<20))
	s.Must(s.Vendor.Suspend(tran))
	s.Vendor.Advance(2 * time.Minute)
	before := asked()
	if text := opens(); !strings.Contains(text, state(esim.ConditionPaused)) {
		t.Errorf("of a suspended eSIM the card says %q", text)
	}
	opens()
	if n := asked() - before; n != 1 {
		t.Errorf("two presses in a minute are %d questions", n)
	}
	s.Must(s.Vendor.Unsuspend(tran))
	s.Must(s.Vendor.Delete(tran))
	s.Vendor.Advance(2 * time.Minute)
	if text := opens(); !strings.Contains(text, state(esim.ConditionRemoved)) {
		t.Errorf("of a deleted eSIM the card says %q", text)
	}
}
