package bot_test

import (
	"strings"
	"testing"

	"esimbot/esim"
)

// TestAnActOfStaffThatWasCutOffIsTold: the shop is stopped after a press and before the vendor was asked. The next run says so,
// once, with what the eSIM is; what ended is not told.
func TestAnActOfStaffThatWasCutOffIsTold(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	press := func(act string) {
		s.Send(olga, "/order "+string(o.ID))
		s.presses(olga, "s_ask_esim|"+act+"|")
		s.presses(olga, "s_yes_esim|"+act+"|")
	}
	told := func() (n int) {
		s.Must(s.Admin.ReportInterrupted(t.Context()))
		s.Deliver()
		for _, m := range olga.Chat() {
			if strings.Contains(m.Text, "Cut off by a restart") {
				n++
				if !strings.Contains(m.Text, "revoke") || !strings.Contains(m.Text, "GOT_RESOURCE") {
					t.Errorf("staff read %q", m.Text)
				}
			}
		}
		return n
	}
	press("suspend")
	press("resume")
	if n := told(); n != 0 {
		t.Errorf("what ended is told %d times", n)
	}
	s.App.Bot.Close() // as a stop does, before what runs beside updates
	press("revoke")
	if n := told(); n != 0 {
		t.Errorf("told %d times by the run that does it", n)
	}
	s.Reopen(nil)
	for range 2 {
		if n := told(); n != 1 {
			t.Errorf("told %d times", n)
		}
	}
	if all, err := s.DB.PendingVendorActions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("left: %v, %v", all, err)
	}
	if now, err := s.DB.Order(t.Context(), o.ID); err != nil || now.State != esim.StateDelivered {
		t.Errorf("the order is %s, %v", now.State, err)
	}
}
