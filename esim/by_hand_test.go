package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// byHand is a shop where an order waits for staff, a dollar of it from store credit.
func byHand(t *testing.T) (*rig, esim.Order) {
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
	r.Must(r.grant("start", 100))
	o, err := r.beside(100, "press")
	r.Must(err)
	return r, o
}

// TestAnOrderByHandCanBeLeft: what it set aside is the customer's again, at once and once.
func TestAnOrderByHandCanBeLeft(t *testing.T) {
	t.Parallel()
	r, o := byHand(t)
	if r.credit() != 0 {
		t.Fatalf("%d of the credit is not set aside", r.credit())
	}
	if _, err := r.Checkout.Abandon(t.Context(), o.Customer+1, o.ID); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("somebody else leaves it: %v", err)
	}
	for range 2 {
		left, err := r.Checkout.Abandon(t.Context(), o.Customer, o.ID)
		if err != nil || !left.Abandoned() {
			t.Fatalf("left: %+v, %v", left.State, err)
		}
	}
	r.deliver()
	if r.credit() != 100 || r.told(esim.StaffAbandoned) != 1 || r.told(esim.NotifyProgress) != 1 || r.told(esim.NotifyExpired) != 0 {
		t.Errorf("credit %d, staff told %d times, the message moves %d times", r.credit(), r.told(esim.StaffAbandoned), r.told(esim.NotifyProgress))
	}
	// The money came all the same: staff book it.
	if _, err := r.Checkout.PaidByHand(t.Context(), o.ID, esim.AuditEntry{What: "paid"}); err != nil {
		t.Error(err)
	}
	if _, err := r.Checkout.Abandon(t.Context(), o.Customer, o.ID); !errors.Is(err, esim.ErrAlreadyPaid) {
		t.Errorf("a paid order is left: %v", err)
	}
}

// TestAnInvoiceIsNotLeftSo: the messenger may be taking the money.
func TestAnInvoiceIsNotLeftSo(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	o := r.begin(r.plan(), 1, 0)
	if _, err := r.Checkout.Abandon(t.Context(), o.Customer, o.ID); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("an order that is paid by invoice is left: %v", err)
	}
}

// TestAnOrderByHandExpiresWithAWord: half a day before, and when it does; each once.
func TestAnOrderByHandExpiresWithAWord(t *testing.T) {
	t.Parallel()
	r, o := byHand(t)
	for _, step := range []struct {
		after         time.Duration
		soon, expired int
	}{{time.Hour, 0, 0}, {58 * time.Hour, 0, 0}, {2 * time.Hour, 1, 0}, {time.Hour, 1, 0}, {11 * time.Hour, 1, 1}, {time.Hour, 1, 1}} {
		r.Vendor.Advance(step.after)
		if err := r.Checkout.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.deliver()
		if r.told(esim.NotifyExpiring) != step.soon || r.told(esim.NotifyExpired) != step.expired {
			t.Errorf("at %s: told %d and %d times, want %d and %d", r.Vendor.Time().Sub(o.Created), r.told(esim.NotifyExpiring), r.told(esim.NotifyExpired), step.soon, step.expired)
		}
	}
	if r.credit() != 100 {
		t.Errorf("credit %d", r.credit())
	}
}
