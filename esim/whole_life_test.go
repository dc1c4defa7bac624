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
	t.Parallel()
	r := newRig(t, sandbox.Options{AllocationTime: 3 * time.Second})
	r.Vendor.SetBalance(1e10)
	r.Must(r.Monitor.Check(t.Context()))
	entry := esim.AuditEntry{Who: 1, What: "test", Why: "test"}

	// A day pass of seven days, and three more.
	pass, passes := r.bought(r.withTopUps(true), 1, 7)
	daily := pass.Plan.Data
	if e := passes[0]; e.Total != 7*daily || r.Vendor.Charged(pass.IdempotencyKey) != 1 {
		t.Errorf("a pass of 7 days holds %d bytes, a day has %d", e.Total, daily)
	}
	r.Must(r.Vendor.Install(string(passes[0].ID)))
	r.Must(r.Vendor.Burn(string(passes[0].ID), 1<<20)) // its days begin
	r.Must(r.Watcher.Refresh(t.Context(), passes[0].ID))
	e, err := r.DB.ESIM(t.Context(), passes[0].ID)
	r.Must(err)
	more, err := r.requestTopUp(e, esim.MethodStars)
	r.Must(err)
	r.pay(more, "more")
	r.settle(time.Hour)
	after, err := r.DB.ESIM(t.Context(), e.ID)
	r.Must(err)
	if now := r.order(more.ID); now.State != esim.StateDelivered || after.Total != 10*daily || after.Days != 10 || after.Epoch != e.Epoch+1 {
		t.Errorf("top-up %s (%s): %d bytes, %d days, epoch %d", now.State, now.Reason, after.Total, after.Days, after.Epoch)
	}
	if want := e.Expires.Add(72 * time.Hour); !after.Expires.Equal(want) {
		t.Errorf("it ends %s, want %s", after.Expires, want)
	}

	// Five at once, of which each is an eSIM of its own.
	batch, five := r.bought(r.texting(), 5, 0)
	seen := map[string]bool{}
	for _, e := range five {
		seen[e.ActivationCode.Reveal()] = true
	}
	if len(seen) != 5 || r.Vendor.Charged(batch.IdempotencyKey) != 1 {
		t.Errorf("%d codes, charged %d times", len(seen), r.Vendor.Charged(batch.IdempotencyKey))
	}

	r.lateICCID()

	// Given back unused: the vendor's money comes back to us, then ours to the customer.
	before := r.Vendor.Balance()
	gone, _ := r.bought(r.plan(), 1, 0)
	r.Must(r.Canceller.Begin(t.Context(), gone.ID, nil))
	r.settle(time.Hour)
	if now := r.order(gone.ID); now.State != esim.StateRefunded || r.Vendor.Balance() != before || len(r.bank.returned) != 1 {
		t.Errorf("cancelled: %s, balance %d of %d, returned %v", now.State, r.Vendor.Balance(), before, r.bank.returned)
	}
	if err := r.Canceller.Begin(t.Context(), pass.ID, nil); !errors.Is(err, esim.ErrInstalled) {
		t.Errorf("an eSIM in use is cancelled: %v", err)
	}

	// Paused, resumed, written to, withdrawn.
	state := func() esim.ProfileStatus {
		e, err := r.DB.ESIM(t.Context(), five[0].ID)
		r.Must(err)
		return e.Status
	}
	r.Must(r.Vendor.Install(string(five[0].ID)))
	r.Must(r.Vendor.Burn(string(five[0].ID), 1<<20))
	r.Must(r.Admin.Suspend(t.Context(), five[0].ID, entry))
	if s := state(); s != esim.ProfileSuspended {
		t.Errorf("suspended: %s", s)
	}
	r.Must(r.Admin.Resume(t.Context(), five[0].ID, entry))
	if s := state(); s != esim.ProfileInUse {
		t.Errorf("resumed: %s", s)
	}
	r.Must(r.Client.SendSMS(t.Context(), five[0].ID, "hello"))
	if n := len(r.Vendor.Messages(string(five[0].ID))); n != 1 {
		t.Errorf("%d texts arrived", n)
	}
	r.Must(r.Admin.Revoke(t.Context(), five[0].ID, entry))
	if s := state(); !s.Final() {
		t.Errorf("revoked: %s", s)
	}
	r.booksAgree()
}

// texting is a fixed plan whose eSIMs receive texts.
func (t *rig) texting() esim.Plan {
	t.Helper()
	for _, p := range t.Catalog.Current().Plans() {
		if !p.DayPass() && p.SMS != esim.NoSMS {
			return p
		}
	}
	t.Fatal("no plan receives texts")
	return esim.Plan{}
}

// lateICCID buys where the operator tells the ICCID only after the download.
func (t *rig) lateICCID() {
	t.Helper()
	for _, place := range t.Catalog.Current().Countries() {
		plans := t.Catalog.Current().Country(place)
		if len(plans) == 0 || plans[0].DayPass() {
			continue
		}
		_, esims := t.bought(plans[0], 1, 0)
		if esims[0].ICCID != "" {
			continue // not this operator
		}
		t.Must(t.Vendor.Install(string(esims[0].ID)))
		t.Must(t.Watcher.Refresh(t.Context(), esims[0].ID))
		if e, err := t.DB.ESIM(t.Context(), esims[0].ID); err != nil || e.ICCID == "" {
			t.Errorf("the ICCID never came: %v", err)
		}
		return
	}
	t.Error("no operator tells its ICCID late")
}
