package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The daily reminder names all that is open when it is sent, with the way to each.
func TestTheDailyReminderLeadsToEachOpenItem(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.Must(s.DB.ApplyTransition(t.Context(), o.TransitionTo(esim.StateNeedsHuman, "test", s.Vendor.Time())))
	_, err := s.DB.NoteOrphan(t.Context(), "T0000000000000042", "", s.Vendor.Time(), nil)
	s.Must(err)
	s.Vendor.Advance(25 * time.Hour)
	s.Must(s.Admin.Remind(t.Context()))
	s.Deliver()
	last := olga.Last()
	for _, want := range []string{o.ID.String(), "Still open: 2", "…000042", "/reconcile"} {
		if !strings.Contains(last.Text, want) {
			t.Errorf("%q is not in %q", want, last.Text)
		}
	}
	s.presses(olga, "s_card|"+o.ID.String())
	s.sees(olga, o.ID.String())

	s.Vendor.Advance(25 * time.Hour)
	s.Must(s.Admin.Remind(t.Context())) // closed before it is sent
	s.Must(s.Admin.Refund(t.Context(), o.ID, esim.AuditEntry{Who: staffID, What: "refund", Order: o.ID}))
	s.Vendor.Advance(72 * time.Hour) // and the orphan was not seen again
	before := len(olga.Chat())
	s.Deliver()
	for _, m := range olga.Chat()[before:] {
		if strings.Contains(m.Text, "Still open") {
			t.Errorf("reminded of what is closed: %s", m.Text)
		}
	}
}
