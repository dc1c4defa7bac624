package shop_test

import (
	"path/filepath"
	"testing"
	"time"

	"esimbot/esim"
)

// What happened to an eSIM while the shop was closed for minutes was the vendor's doing, and its money goes back; where a
// copy was put back meanwhile, however young, it may have been staff, and they decide.
func TestARevokeWhileTheShopWasClosedForMinutes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		copied bool
		runs   int // of the shop, before it looks
		want   esim.State
	}{
		"by the vendor":                           {false, 1, esim.StateRefunded},
		"by staff, before a copy was put back":    {true, 1, esim.StateNeedsHuman},
		"the same, and the shop was opened twice": {true, 2, esim.StateNeedsHuman},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openBad(t)
			s.delivered(bob)
			id, tran := s.order(bob), s.esim(bob)
			s.Must(s.DB.NoteJobSuccess(t.Context(), "reconcile", s.Vendor.Time()))
			s.Vendor.Advance(time.Minute)
			database := s.Database()
			if tt.copied {
				database = filepath.Join(t.TempDir(), "copy.db")
				s.Must(s.DB.CopyTo(t.Context(), database))
				s.Must(s.Admin.Revoke(t.Context(), tran, esim.AuditEntry{Who: 1, What: "revoke", Why: "lost"}))
				s.Stop()
			} else {
				s.Stop()
				s.Must(s.Vendor.Revoke(string(tran)))
			}
			for run := range tt.runs {
				if run > 0 {
					s.Must(s.DB.NoteJobSuccess(t.Context(), "reconcile", s.Vendor.Time()))
					s.Stop()
				}
				s.Vendor.Advance(5 * time.Minute)
				s.Start(s.Messenger, database)
				s.App.Prepare(t.Context())
			}
			s.Vendor.Advance(time.Minute)
			s.Must(s.Watcher.Refresh(t.Context(), tran))
			s.Work()
			if o, err := s.DB.Order(t.Context(), id); err != nil || o.State != tt.want {
				t.Errorf("the order is %s (%s), %v", o.State, o.Reason, err)
			}
		})
	}
}
