package esim_test

import (
	"context"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// A pausingBank wants to be left alone for a while after the first refund it is asked for, and counts
// who asks all the same.
type pausingBank struct {
	bank
	now   func() time.Time
	until time.Time
	early int
}

const bankPause = 5 * time.Minute

func (t *pausingBank) Refund(ctx context.Context, p esim.Payment) error {
	switch now := t.now(); {
	case t.until.IsZero():
		t.until = now.Add(bankPause)
		return &esim.RetryAfterError{For: bankPause, Err: errBank}
	case now.Before(t.until):
		t.early++
		return &esim.RetryAfterError{For: t.until.Sub(now), Err: errBank}
	}
	return t.bank.Refund(ctx, p)
}

// A pause that is asked for holds for all refunds of that way, is no failure of any, and is
// obeyed by the next run of the program too.
func TestRefundsObeyAPause(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	bank := &pausingBank{now: r.Vendor.Time}
	orders := []esim.Order{r.refused(), r.refused(), r.refused()}
	for range int(bankPause / (5 * time.Second)) {
		again := &esim.Refunder{Store: r.Refunder.Store, Gateway: bank, Now: r.Refunder.Now} // knows nothing
		r.Must(again.Run(t.Context()))
		r.Vendor.Advance(5 * time.Second)
	}
	if bank.early != 0 || bank.tries != 0 {
		t.Errorf("within the pause it was asked %d times, and %d refunds were tried", bank.early, bank.tries)
	}
	r.Vendor.Advance(time.Second)
	again := &esim.Refunder{Store: r.Refunder.Store, Gateway: bank, Now: r.Refunder.Now}
	r.Must(again.Run(t.Context()))
	r.deliver()
	if len(bank.returned) != len(orders) {
		t.Errorf("%d of %d went back after the pause", len(bank.returned), len(orders))
	}
	if n := r.told(esim.StaffRefundStuck); n != 0 {
		t.Errorf("staff were told %d times that a refund is stuck", n)
	}
}
