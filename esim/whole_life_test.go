package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestEverythingAnESIMCanGoThrough walks through all that the vendor's API can do with
// an eSIM: a day pass and more days for it, an ICCID that comes late, five at once, a
// cancellation with the money back, a pause and its end, a text, and the end by staff.
func TestEverythingAnESIMCanGoThrough(t *testing.T) {
	r := newTrade(newRig(t, sandbox.Options{AllocationTime: 3 * time.Second}))
	r.vendor.SetBalance(1e10)
	r.must(r.monitor.Check(t.Context()))
	entry := esim.AuditEntry{Who: 1, What: "test", Why: "test"}

	// A day pass of seven days, and three more.
	pass, passes := r.bought(r.refillable(true), 1, 7)
	daily := pass.Plan.Data
	if e := passes[0]; e.Total != 7*daily || r.vendor.Charged(pass.TxID) != 1 {
		t.Errorf("a pass of 7 days holds %d bytes, a day has %d", e.Total, daily)
	}
	r.must(r.vendor.Install(string(passes[0].ID)))
	r.must(r.vendor.Burn(string(passes[0].ID), 1<<20)) // its days begin
	r.must(r.watcher.Refresh(t.Context(), passes[0].ID))
	e, err := r.db.ESIM(t.Context(), passes[0].ID)
	r.must(err)
	more, err := r.topUpWish(e, esim.MethodStars)
	r.must(err)
	r.pay(more, "more")
	r.settle(time.Hour)
	after, err := r.db.ESIM(t.Context(), e.ID)
	r.must(err)
	if now := r.order(more.ID); now.State != esim.Delivered || after.Total != 10*daily || after.Days != 10 || after.Epoch != e.Epoch+1 {
		t.Errorf("top-up %s (%s): %d bytes, %d days, epoch %d", now.State, now.Reason, after.Total, after.Days, after.Epoch)
	}
	if want := e.Expires.Add(72 * time.Hour); !after.Expires.Equal(want) {
		t.Errorf("it ends %s, want %s", after.Expires, want)
	}

	// Five at once, of which each is an eSIM of its own.
	batch, five := r.bought(r.texting(), 5, 0)
	seen := map[string]bool{}
	for _, e := range five {
		seen[e.Code.Reveal()] = true
	}
	if len(seen) != 5 || r.vendor.Charged(batch.TxID) != 1 {
		t.Errorf("%d codes, charged %d times", len(seen), r.vendor.Charged(batch.TxID))
	}

	r.lateICCID()

	// Given back unused: the vendor's money comes back to us, then ours to the customer.
	before := r.vendor.Balance()
	gone, _ := r.bought(r.plan(), 1, 0)
	r.must(r.canceller.Begin(t.Context(), gone.ID, nil))
	r.settle(time.Hour)
	if now := r.order(gone.ID); now.State != esim.Refunded || r.vendor.Balance() != before || len(r.bank.returned) != 1 {
		t.Errorf("cancelled: %s, balance %d of %d, returned %v", now.State, r.vendor.Balance(), before, r.bank.returned)
	}
	if err := r.canceller.Begin(t.Context(), pass.ID, nil); !errors.Is(err, esim.ErrInstalled) {
		t.Errorf("an eSIM in use is cancelled: %v", err)
	}

	// Paused, resumed, written to, withdrawn.
	state := func() esim.ProfileStatus {
		e, err := r.db.ESIM(t.Context(), five[0].ID)
		r.must(err)
		return e.Status
	}
	r.must(r.vendor.Install(string(five[0].ID)))
	r.must(r.vendor.Burn(string(five[0].ID), 1<<20))
	r.must(r.admin.Suspend(t.Context(), five[0].ID, entry))
	if s := state(); s != esim.SuspendedNow {
		t.Errorf("suspended: %s", s)
	}
	r.must(r.admin.Resume(t.Context(), five[0].ID, entry))
	if s := state(); s != esim.InUse {
		t.Errorf("resumed: %s", s)
	}
	r.must(r.client.SendSMS(t.Context(), five[0].ID, "hello"))
	if n := len(r.vendor.Messages(string(five[0].ID))); n != 1 {
		t.Errorf("%d texts arrived", n)
	}
	r.must(r.admin.Revoke(t.Context(), five[0].ID, entry))
	if s := state(); !s.Final() {
		t.Errorf("revoked: %s", s)
	}
	r.booksAgree()
}

// texting is a fixed plan whose eSIMs receive texts.
func (t *trade) texting() esim.Plan {
	t.Helper()
	for _, p := range t.catalog.Current().Plans() {
		if !p.DayPass() && p.SMS != esim.NoSMS {
			return p
		}
	}
	t.Fatal("no plan receives texts")
	return esim.Plan{}
}

// lateICCID buys where the operator tells the ICCID only after the download.
func (t *trade) lateICCID() {
	t.Helper()
	for _, place := range t.catalog.Current().Countries() {
		plans := t.catalog.Current().Country(place)
		if len(plans) == 0 || plans[0].DayPass() {
			continue
		}
		_, esims := t.bought(plans[0], 1, 0)
		if esims[0].ICCID != "" {
			continue // not this operator
		}
		t.must(t.vendor.Install(string(esims[0].ID)))
		t.must(t.watcher.Refresh(t.Context(), esims[0].ID))
		if e, err := t.db.ESIM(t.Context(), esims[0].ID); err != nil || e.ICCID == "" {
			t.Errorf("the ICCID never came: %v", err)
		}
		return
	}
	t.Error("no operator tells its ICCID late")
}
