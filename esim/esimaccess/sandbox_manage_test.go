package esimaccess_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
)

func TestCancelGivesTheMoneyBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{AllocationTime: sandbox.Off}).stocked(t)
	before := s.vendor.Balance()
	no := s.order(t, s.buy("eb-1", 1))
	profiles, err := s.OrderProfiles(t.Context(), no)
	if err != nil || len(profiles) != 1 {
		t.Fatal(profiles, err)
	}
	tran := profiles[0].ID
	if err := s.Cancel(t.Context(), tran); err != nil || s.vendor.Balance() != before {
		t.Errorf("Cancel: %v, balance %d of %d", err, s.vendor.Balance(), before)
	}
	if err := s.Cancel(t.Context(), tran); esim.ActionFor(err) != esim.ActionNotAllowed || esim.MayHaveHappened(err) {
		t.Errorf("again: %v", err)
	}
	if p, err := s.Profile(t.Context(), tran); err != nil || p.Status != esim.ProfileCancelled {
		t.Errorf("profile %+v, %v", p, err)
	}
}

func TestATopUpAddsUpAndIsFound(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{AllocationTime: sandbox.Off}).stocked(t)
	no := s.order(t, s.buy("eb-1", 1))
	profiles, err := s.OrderProfiles(t.Context(), no)
	if err != nil || len(profiles) != 1 {
		t.Fatal(profiles, err)
	}
	tran := profiles[0].ID
	offers, err := s.Packages(t.Context(), esimaccess.PackageFilter{TopUps: true, Code: s.fixed.Code})
	if err != nil || len(offers) == 0 || !strings.HasPrefix(offers[0].Code, "TOPUP_") {
		t.Fatalf("offers %v, %v", offers, err)
	}
	topUp := esim.TopUpRequest{IdempotencyKey: "eb-2", ID: tran, PlanCode: offers[0].Code}
	got, err := s.TopUp(t.Context(), topUp)
	if err != nil || got.Total != s.fixed.Data+offers[0].Data || got.Days != s.fixed.Days+offers[0].Days {
		t.Fatalf("TopUp = %+v, %v", got, err)
	}
	now := s.vendor.Time()
	if _, found, err := s.FindTopUp(t.Context(), "eb-2", now.Add(-time.Hour), now.Add(time.Hour)); err != nil || !found {
		t.Errorf("FindTopUp = %v, %v", found, err)
	}
	if found := s.lookUp(t, "eb-2"); len(found) != 0 {
		t.Errorf("a top-up is taken for an eSIM: %v", found)
	}
	n := 0
	for page, err := range s.AllProfiles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n += len(page)
	}
	if n != 1 {
		t.Errorf("%d eSIMs in the account, want 1", n)
	}
	topUp.IdempotencyKey, topUp.PlanCode = "eb-3", s.fixed.Code
	if _, err := s.TopUp(t.Context(), topUp); esim.ActionFor(err) != esim.ActionRefund {
		t.Errorf("a base code: %v", err)
	}
}

func TestPauseRevokeAndText(t *testing.T) {
	t.Parallel()
	s := newShop(t, sandbox.Options{AllocationTime: sandbox.Off}).stocked(t)
	profiles, err := s.OrderProfiles(t.Context(), s.order(t, s.buy("eb-1", 1)))
	if err != nil || len(profiles) != 1 {
		t.Fatal(profiles, err)
	}
	tran := profiles[0].ID
	if err := errors.Join(s.vendor.Install(string(tran)), s.vendor.Burn(string(tran), 1<<20)); err != nil {
		t.Fatal(err)
	}
	state := func() esim.ProfileStatus {
		p, err := s.Profile(t.Context(), tran)
		if err != nil {
			t.Fatal(err)
		}
		return p.Status
	}
	if err := s.Suspend(t.Context(), tran); err != nil || state() != esim.ProfileSuspended {
		t.Errorf("Suspend: %v, %s", err, state())
	}
	if err := s.Unsuspend(t.Context(), tran); err != nil || state() == esim.ProfileSuspended {
		t.Errorf("Unsuspend: %v, %s", err, state())
	}
	if s.fixed.SMS != esim.NoSMS {
		if err := s.SendSMS(t.Context(), tran, "hello"); err != nil {
			t.Errorf("SendSMS: %v", err)
		}
	}
	if err := s.Revoke(t.Context(), tran); err != nil || !state().Final() {
		t.Errorf("Revoke: %v, %s", err, state())
	}
}

func TestLocationsOfTheSandbox(t *testing.T) {
	t.Parallel()
	list, err := newShop(t, sandbox.Options{}).Locations(t.Context())
	if err != nil || len(list) < 50 {
		t.Fatalf("%d locations, %v", len(list), err)
	}
	for _, l := range list {
		if l.Region != (len(l.Parts) > 0) || !l.Region && len(l.Code) != 2 {
			t.Errorf("location %+v", l)
		}
	}
}
