package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What the vendor does not list yet when a lost database is recovered is not bought twice when staff
// try it again: the order asks under the key that it had.
func TestARecoveredOrderIsNotBoughtTwice(t *testing.T) {
	t.Parallel()
	s := newLostShop(t, func(o *vendorsandbox.Options) { o.AllocationTime = 2 * time.Hour })
	o := s.buys(s.customer(1), s.plan(false), 1, 0)
	s.Work()
	if n := s.Vendor.Charged(""); n != 1 {
		t.Fatalf("charged %d times", n)
	}
	s.loses()
	if c := s.recovers().Count(); c.Human != 1 {
		t.Fatalf("recovered %+v", c)
	}
	s.Must(s.Admin.Retry(t.Context(), o.ID, esim.AuditEntry{Who: 1, What: "retry", Order: o.ID}))
	for range 5 {
		s.settles()
		s.Vendor.Advance(time.Hour)
	}
	now, err := s.DB.Order(t.Context(), o.ID)
	s.Must(err)
	if n := s.Vendor.Charged(""); n != 1 || now.State != esim.StateDelivered {
		t.Errorf("charged %d times, the order is %s: %s", n, now.State, now.Reason)
	}
}

// A restored older copy finds the top-ups made since, on an eSIM that it has.
func TestARestoredCopyFindsItsTopUps(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h := s.customer(1)
	base := s.buys(h, s.plan(false), 1, 0)
	s.settles()
	s.booksAgree()
	yesterday := filepath.Join(t.TempDir(), "yesterday.db")
	s.Must(s.DB.CopyTo(t.Context(), yesterday))
	e := s.esimsOf(base)[0]
	added := s.topsUp(h, e)
	newer := s.buys(h, s.plan(false), 1, 0)
	s.settles()
	addedToo := s.topsUp(h, s.esimsOf(newer)[0])
	s.settles()
	charged := s.Vendor.Charged("")
	s.opens(yesterday)
	for range 3 {
		s.booksAgree()
		s.Vendor.Advance(time.Hour)
	}
	for _, o := range []esim.Order{added, newer, addedToo} {
		now, err := s.DB.Order(t.Context(), o.ID)
		if err != nil || now.State != esim.StateDelivered || now.ESIM != o.ESIM {
			t.Errorf("%s is %s, %v", o.Kind, now.State, err)
		}
	}
	for _, o := range []esim.Order{base, newer} {
		if e := s.esimsOf(o); len(e) != 1 || e[0].Epoch != 1 {
			t.Errorf("the eSIMs are %+v", e)
		}
	}
	held, err := s.DB.UnexplainedPayments(t.Context())
	s.Must(err)
	if len(held) != 0 || s.Vendor.Charged("") != charged {
		t.Errorf("%d are held, charged %d times more", len(held), s.Vendor.Charged("")-charged)
	}
}

// Of the sales since an older copy one cannot be made again: whoever works on it panics. The others are made, and staff hear of it.
func TestOneSaleThatCannotBeFoundCostsOnlyItself(t *testing.T) {
	t.Parallel()
	s := newLostShop(t)
	h := s.customer(1)
	s.buys(h, s.plan(false), 1, 0)
	s.settles()
	copied := filepath.Join(t.TempDir(), "copy.db")
	s.Must(s.DB.CopyTo(t.Context(), copied))
	bad, good := s.buys(h, s.plan(false), 1, 0), s.buys(h, s.plan(false), 1, 0)
	s.settles()
	s.OnStatement = func(query string, args []any) {
		if strings.HasPrefix(query, "INSERT INTO orders") && slices.Contains(args, any(bad.ID)) {
			panic("poison")
		}
	}
	s.opens(copied)
	for range 4 {
		if _, err := s.Reconciler.Run(t.Context(), true); err == nil {
			t.Error("nobody hears of the one that fails")
		}
		s.Vendor.Advance(10 * time.Minute)
	}
	s.settles()
	if o, err := s.DB.Order(t.Context(), good.ID); err != nil || o.State != esim.StateDelivered {
		t.Errorf("the other is %s, %v", o.State, err)
	}
	if told := s.toldStaff(); !strings.Contains(told, "poison") {
		t.Errorf("staff read:\n%s", told)
	}
}
