package esim_test

import (
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// What a phone has fetched and not installed is told minutes later, once, and only if the vendor
// still says so then.
func TestAHalfInstalledESIMIsToldOf(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	esims := r.owned(r.plan(), 2)
	stands, goes := string(esims[0].ID), string(esims[1].ID)
	want := func(step string, alerts ...esim.AlertKind) {
		t.Helper()
		if got := r.alerts(); !slices.Equal(got, alerts) {
			t.Errorf("%s: alerts %v, want %v", step, got, alerts)
		}
	}
	look := func() { t.Helper(); r.Must(r.Watcher.RefreshDownloaded(t.Context())) }
	for _, tran := range []string{stands, goes} {
		r.Must(r.Vendor.Download(tran))
		r.Must(r.Watcher.Refresh(t.Context(), esim.ESIMID(tran))) // the vendor told of it
	}
	look()
	want("fetched a moment ago")
	r.Must(r.Vendor.Install(goes)) // and no word of it reaches us
	r.Vendor.Advance(6 * time.Minute)

	r.Vendor.Down(true)
	if err := r.Watcher.RefreshDownloaded(t.Context()); err == nil {
		t.Error("the vendor does not answer, and nothing is said of it")
	}
	want("the vendor does not answer")
	r.Vendor.Down(false)
	look()
	want("one stands still, the other was installed", esim.AlertHalfInstalled, esim.AlertInstalled)
	look()
	r.Vendor.Advance(time.Hour)
	look()
	want("nothing is said twice", esim.AlertHalfInstalled, esim.AlertInstalled)
	r.Must(r.Vendor.Install(stands))
	r.sweep()
	want("installed at last", esim.AlertHalfInstalled, esim.AlertInstalled, esim.AlertInstalled)
}
