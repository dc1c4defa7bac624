package bot_test

import (
	"strings"
	"testing"

	"esimbot/esim"
)

// An alert about what only staff can mend leads to them, about that eSIM, and sells nothing.
func TestAnAlertThatSaysWriteToUsLeadsToAPerson(t *testing.T) {
	t.Parallel()
	for _, kind := range []esim.AlertKind{esim.AlertSuspended, esim.AlertWithdrawn, esim.AlertStaysSuspended} {
		s, _, o := sold(t)
		ann := s.Messenger.User(annID)
		esims, err := s.DB.ESIMsOfOrder(t.Context(), o.ID)
		s.Must(err)
		if kind != esim.AlertWithdrawn {
			paused := esims[0]
			paused.Status = esim.ProfileSuspended
			s.Must(s.DB.SavePollResults(t.Context(), []esim.PollResult{{ESIM: paused}}))
		}
		s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{esim.NewAlert(esims[0], kind)}))
		s.Deliver()
		m := ann.Last()
		s.button(ann, "person|"+string(esims[0].ID))
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.HasPrefix(b.Data, "topup|") || strings.HasPrefix(b.Data, "place|") || strings.HasPrefix(b.Data, "region|") {
					t.Errorf("%s: %q sells: %s", kind, m.Text, b.Text)
				}
			}
		}
	}
}
