package esim_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// owned buys n eSIMs of a plan and returns them.
func (r *rig) owned(p esim.Plan, n int) []esim.ESIM {
	r.Helper()
	o := r.paid(p, n, 0)
	r.pass(time.Minute)
	r.deliver()
	esims, err := r.DB.ESIMsOfOrder(r.Context(), o.ID)
	r.Must(err)
	if len(esims) != n {
		r.Fatalf("%d eSIMs, want %d", len(esims), n)
	}
	return esims
}

func (r *rig) sweep() esim.SweepReport {
	r.Helper()
	rep, err := r.Watcher.Sweep(r.Context())
	r.Must(err)
	return rep
}

func (r *rig) esim(tran string) esim.ESIM {
	r.Helper()
	e, err := r.DB.ESIMOf(r.Context(), ann, esim.ESIMID(tran))
	r.Must(err)
	return e
}

// alerts are the alerts that were sent, in order.
func (r *rig) alerts() []esim.AlertKind {
	r.Helper()
	r.deliver()
	var out []esim.AlertKind
	for _, n := range r.sent {
		if n.Kind == esim.NotifyAlert {
			out = append(out, n.Alert)
		}
	}
	return out
}

func TestSweepFollowsAnESIMThroughItsLife(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	tran := r.owned(r.plan(), 1)[0].ID
	total := r.esim(string(tran)).Total
	want := func(step string, c esim.Condition, alerts ...esim.AlertKind) {
		t.Helper()
		r.sweep()
		r.sweep() // looking twice says nothing twice
		r.Must(r.Watcher.Remind(t.Context()))
		e := r.esim(string(tran))
		if got := e.Condition(r.Vendor.Time()); got != c {
			t.Errorf("%s: %s, want %s", step, got, c)
		}
		if got := r.alerts(); !slices.Equal(got, alerts) {
			t.Errorf("%s: alerts %v, want %v", step, got, alerts)
		}
	}
	want("bought", esim.ConditionReady)
	r.Must(r.Vendor.Download(string(tran)))
	want("downloaded", esim.ConditionDownloading)
	r.Must(r.Vendor.Install(string(tran)))
	want("installed", esim.ConditionInstalled, esim.AlertInstalled)
	r.Must(r.Vendor.Burn(string(tran), total/2))
	want("used, not reported yet", esim.ConditionWorking, esim.AlertInstalled)
	if e := r.esim(string(tran)); e.Used != 0 {
		t.Errorf("%d bytes used before the networks reported", e.Used)
	}
	r.Vendor.Advance(4 * time.Hour)
	want("half is used", esim.ConditionWorking, esim.AlertInstalled)
	e := r.esim(string(tran))
	if e.Used < total/2-1<<20 || e.UsageAt.IsZero() || e.UsageAt.After(r.Vendor.Time()) || e.Activated.IsZero() || e.ICCID == "" {
		t.Errorf("used %d of %d as of %s, activated %s", e.Used, total, e.UsageAt, e.Activated)
	}
	r.Must(r.Vendor.Burn(string(tran), total*3/10+1<<20))
	r.Vendor.Advance(4 * time.Hour)
	want("a fifth is left", esim.ConditionWorking, esim.AlertInstalled, esim.AlertData20)
	r.Must(r.Vendor.Burn(string(tran), total))
	r.Vendor.Advance(4 * time.Hour)
	want("all is used", esim.ConditionDepleted, esim.AlertInstalled, esim.AlertData20, esim.AlertDataGone)
	if e := r.esim(string(tran)); r.Vendor.Time().Sub(e.UsageAt) > 4*time.Hour {
		t.Errorf("at %s the last figure was read at %s", r.Vendor.Time(), e.UsageAt)
	}
	r.Vendor.Advance(40 * 24 * time.Hour)
	want("it is over", esim.ConditionOver, esim.AlertInstalled, esim.AlertData20, esim.AlertDataGone, esim.AlertExpired)
	if rep := r.sweep(); rep.Watched != 0 {
		t.Errorf("%d eSIMs are watched after the end", rep.Watched)
	}
}

func TestExpiryIsToldInTime(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	var p esim.Plan
	for _, q := range r.Catalog.Current().Country("JP") {
		if !q.DayPass() && q.Days >= 15 {
			p = q
			break
		}
	}
	tran := r.owned(p, 1)[0].ID
	r.Must(r.Vendor.Burn(string(tran), 1))
	r.sweep()
	// The vendor is not asked any more: time alone brings these.
	r.Vendor.Down(true)
	end := r.esim(string(tran)).Expires
	for _, tt := range []struct {
		left time.Duration
		want []esim.AlertKind
	}{
		{73 * time.Hour, nil},
		{71 * time.Hour, []esim.AlertKind{esim.AlertExpiry3}},
		{25 * time.Hour, []esim.AlertKind{esim.AlertExpiry3}},
		{23 * time.Hour, []esim.AlertKind{esim.AlertExpiry3, esim.AlertExpiry1}},
		{time.Minute, []esim.AlertKind{esim.AlertExpiry3, esim.AlertExpiry1}},
		{-time.Minute, []esim.AlertKind{esim.AlertExpiry3, esim.AlertExpiry1, esim.AlertExpired}},
		{-48 * time.Hour, []esim.AlertKind{esim.AlertExpiry3, esim.AlertExpiry1, esim.AlertExpired}},
	} {
		r.Vendor.Advance(end.Add(-tt.left).Sub(r.Vendor.Time()))
		r.Must(r.Watcher.Remind(t.Context()))
		r.Must(r.Watcher.Remind(t.Context()))
		if got := r.alerts(); !slices.Equal(got, tt.want) {
			t.Errorf("%s left: alerts %v, want %v", tt.left, got, tt.want)
		}
	}
}

func TestSweepWithMoreThanABatch(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	var trans []string
	for _, n := range []int{10, 10, 5} {
		for _, e := range r.owned(r.plan(), n) {
			trans = append(trans, string(e.ID))
		}
	}
	for _, tran := range trans[:23] {
		r.Must(r.Vendor.Burn(tran, 1<<20))
	}
	r.Vendor.Advance(4 * time.Hour)
	if rep := r.sweep(); rep != (esim.SweepReport{Watched: 25, Seen: 25, UsageRead: 23, Requests: 1 + 3}) {
		t.Errorf("%+v", rep)
	}
	for i, tran := range trans {
		if e := r.esim(tran); (e.Used > 0) != (i < 23) {
			t.Errorf("eSIM %d: %d bytes used, %s", i, e.Used, e.Status)
		}
	}
}

// TestSweepThatFails keeps what was known, and the next one goes on.
func TestSweepThatFails(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	tran := r.owned(r.plan(), 1)[0].ID
	r.Must(r.Vendor.Burn(string(tran), 5<<20))
	r.Vendor.Advance(4 * time.Hour)
	for _, endpoint := range []string{"esim/query", "esim/usage/query"} {
		mend := r.Vendor.Break(sandbox.Fault{Endpoint: endpoint, Kind: sandbox.Refuse, Code: "401001"})
		if _, err := r.Watcher.Sweep(t.Context()); err == nil {
			t.Errorf("%s refused, and the sweep succeeds", endpoint)
		}
		mend()
	}
	if e := r.esim(string(tran)); e.ActivationCode == "" || e.Total == 0 {
		t.Errorf("something was lost: %+v", e)
	}
	if rep := r.sweep(); rep.UsageRead != 1 || r.esim(string(tran)).Used == 0 {
		t.Errorf("%+v", rep)
	}
}

func TestRefreshAsksAboutOneESIM(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	tran := r.owned(r.plan(), 1)[0].ID
	r.Must(r.Vendor.Burn(string(tran), 5<<20))
	r.Vendor.Advance(4 * time.Hour)
	r.Must(r.Watcher.Refresh(t.Context(), tran))
	e := r.esim(string(tran))
	if e.Status != esim.ProfileInUse || e.Used == 0 || e.UsageAt.IsZero() || !e.Asked.Equal(r.Vendor.Time()) {
		t.Errorf("%s, %d bytes as of %s, asked %s", e.Status, e.Used, e.UsageAt, e.Asked)
	}
	if err := r.Watcher.Refresh(t.Context(), "26999999999999"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("unknown eSIM: %v", err)
	}
	samples, err := r.DB.Samples(t.Context(), tran, noon, 10)
	if err != nil || len(samples) != 1 || samples[0].Used != e.Used {
		t.Errorf("samples %v, %v", samples, err)
	}
}
