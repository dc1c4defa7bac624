package esim_test

import (
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// Only a live profile is ready: what was suspended or ended before it was delivered is not.
func TestOnlyALiveProfileIsReady(t *testing.T) {
	t.Parallel()
	for status, want := range map[esim.ProfileStatus]bool{
		esim.ProfileGotResource: true, esim.ProfileInUse: true, "": true, "NEW_WORD": true,
		esim.ProfileSuspended: false, esim.ProfileUnusedExpired: false, esim.ProfileUsedExpired: false, esim.ProfileUsedUp: false,
		esim.ProfileCancelled: false, esim.ProfileRevoke: false, esim.ProfileRevoked: false,
	} {
		p := esim.Profile{ID: "T1", ActivationCode: "LPA:1$a$b", Status: status}
		if got := p.Ready(); got != want {
			t.Errorf("%q is ready: %t", status, got)
		}
	}
}

// One that is suspended at the vendor before it was collected is not delivered; resumed in time it
// is, else the money goes back.
func TestASuspendedESIMIsNotDelivered(t *testing.T) {
	t.Parallel()
	for name, resumed := range map[string]bool{"resumed in time": true, "never resumed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o := r.paid(r.plan(), 1, 0)
			r.pass(0) // accepted
			r.Vendor.Advance(time.Minute)
			r.each(o, func(no string) error { r.Must(r.Vendor.Install(no)); return r.Vendor.Suspend(no) })
			r.pass(time.Hour)
			r.deliver()
			r.wantState(o.ID, esim.StateAllocating)
			if n := r.told(esim.NotifyQR); n != 0 {
				t.Fatalf("%d QR of a suspended eSIM went out", n)
			}
			if resumed {
				r.each(o, r.Vendor.Unsuspend)
			}
			r.pass(3 * time.Hour)
			r.Vendor.Advance(44 * time.Hour)
			r.pass(2 * time.Hour)
			r.ending()
			want := map[bool]esim.State{true: esim.StateDelivered, false: esim.StateRefunded}[resumed]
			r.wantState(o.ID, want)
		})
	}
}
