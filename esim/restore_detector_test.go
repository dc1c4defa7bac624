package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// An eSIM that is found revoked at the first look after a start was the vendor's doing if the shop was closed for minutes: a
// database that was in use a moment ago is no older copy. Only after a long while, or one that nobody knows, staff decide.
func TestARevokedESIMIsInDoubtOnlyAfterALongWhile(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	_, e := r.delivered()
	begun := r.Vendor.Time()
	for _, tt := range []struct {
		name   string
		seen   time.Duration // before the start; 0: never
		status esim.ProfileStatus
		want   esim.WithdrawalDoubt
	}{
		{"nobody knows when the shop was at work", 0, esim.ProfileRevoked, esim.DoubtRevoked},
		{"hours ago", 2 * time.Hour, esim.ProfileRevoked, esim.DoubtRevoked},
		{"the clock was set back", -time.Hour, esim.ProfileRevoked, esim.DoubtRevoked},
		{"minutes ago", 5 * time.Minute, esim.ProfileRevoked, ""},
		{"minutes ago, and cancelled", 5 * time.Minute, esim.ProfileCancelled, ""},
		{"hours ago, and cancelled", 2 * time.Hour, esim.ProfileCancelled, ""}, // the vendor's list has nothing unknown
	} {
		past := &esim.RestoreDetector{Records: r.Client, Store: r.DB, Now: r.Vendor.Time, Opened: begun.Add(time.Hour)}
		if tt.seen != 0 {
			r.Must(r.DB.NoteJobSuccess(t.Context(), "reconcile", past.Opened.Add(-tt.seen)))
		}
		r.Must(past.Remember(t.Context()))
		if got, err := past.Doubt(t.Context(), e, tt.status); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}

// A refund that somebody else made settles the doubt of an older copy, however the sentence was worded when it was stored.
func TestARefundElsewhereSettlesOneDoubt(t *testing.T) {
	t.Parallel()
	for reason, settles := range map[string]bool{
		esim.DoubtRestoredBackup.Why(): true,
		"the vendor took its eSIM back, and the vendor's list has orders that this database does not know: it is an older copy": true,
		"older copy: in other words": true,
		esim.DoubtRevoked.Why():      false,
		"older copy":                 false,
		"":                           false,
	} {
		o := esim.Order{ID: "ORDER001", Kind: esim.Purchase, State: esim.StateNeedsHuman, Reason: reason}
		if m := esim.RefundedElsewhere(o, time.Now()); (m != nil) != settles {
			t.Errorf("%q: %+v", reason, m)
		}
	}
}
