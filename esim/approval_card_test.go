package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// byCard begins an order that is paid by card.
func (r *rig) byCard(quantity int) esim.Order {
	r.Helper()
	q, err := r.Checkout.QuoteWith(esim.MethodProvider, r.plan().Code, quantity, 0)
	r.Must(err)
	o, err := r.Checkout.Begin(r.Context(), esim.PurchaseRequest{
		Customer: ann, PlanCode: r.plan().Code, Quantity: quantity, Method: esim.MethodProvider, Seen: q.Price,
	})
	r.Must(err)
	return o
}

// A payment by card that was approved and did not come is in no account: it is in the reminder each day
// until staff say that they looked at the processor, and no longer than two weeks. One in Stars is not,
// since the account of Stars is read.
func TestAnApprovalByCardIsOpenUntilStaffLooked(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	days := func(n int) int {
		t.Helper()
		before := r.told(esim.StaffOpenItems)
		for range n * 24 {
			r.Vendor.Advance(time.Hour)
			r.Must(r.Checkout.Expire(t.Context()))
			r.Must(r.Admin.Remind(t.Context()))
		}
		r.deliver()
		return r.told(esim.StaffOpenItems) - before
	}
	stars, card, untouched := r.begin(r.plan(), 3, 0), r.byCard(1), r.byCard(2)
	for _, o := range []esim.Order{stars, card, untouched} {
		r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
	}
	looked := func(o esim.Order) error {
		return r.Admin.CloseUnpaidApproval(t.Context(), o.ID, esim.AuditEntry{At: r.Vendor.Time(), Who: bob, What: esim.AuditProcessorChecked, Order: o.ID})
	}
	if err := looked(card); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("closed before it was told: %v", err)
	}
	if n := days(3); n < 2 || n > 3 {
		t.Errorf("%d reminders in three days", n)
	}
	open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time())
	if err != nil || len(open.Unpaid) != 2 || open.Count() != 2 || open.Unpaid[0].ID == stars.ID || open.Unpaid[1].ID == stars.ID {
		t.Errorf("open: %+v, %v", open.Unpaid, err)
	}
	r.Must(looked(card))
	if err := looked(card); !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("closed twice: %v", err)
	}
	if open, err = esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time()); err != nil || len(open.Unpaid) != 1 || open.Unpaid[0].ID != untouched.ID {
		t.Errorf("open after one was closed: %+v, %v", open.Unpaid, err)
	}
	if n := days(16); n < 9 || n > 12 {
		t.Errorf("%d reminders until the end of two weeks", n)
	}
}

// Two payments of one order are approved and the message of one of them is lost: the other makes the order
// paid, and staff hear of the lost one all the same. An order whose lost payment was told is told of again
// when the next one is lost too.
func TestEachLostPaymentOfAnOrderIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	approve := func(o esim.Order) {
		t.Helper()
		r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
	}
	expire := func(want int) {
		t.Helper()
		r.Must(r.Checkout.Expire(t.Context()))
		r.deliver()
		if n := r.told(esim.StaffUnpaidApproval); n != want {
			t.Errorf("told %d times, want %d", n, want)
		}
	}
	twice := r.byCard(1)
	approve(twice)
	r.Vendor.Advance(10 * time.Second)
	approve(twice) // the same payment: the program died before its answer
	expire(0)
	r.Vendor.Advance(3 * time.Minute)
	r.byCard(1) // the card again, and Buy: another invoice of the same order
	approve(twice)
	_, _, err := r.Checkout.Paid(t.Context(), esim.Payment{ID: "card1", Order: twice.ID, Customer: ann, Amount: twice.Price, Method: esim.MethodProvider, At: r.Vendor.Time()})
	r.Must(err)
	expire(1)
	if open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time()); err != nil || len(open.Unpaid) != 1 {
		t.Errorf("open: %+v, %v", open.Unpaid, err)
	}

	again := r.byCard(2)
	for want := 2; want <= 3; want++ {
		approve(again)
		r.Vendor.Advance(esim.ApprovalTTL + time.Second)
		expire(want)
	}
}

// TestADeclinedCardThatIsTriedAgainIsNotTold: the shop says yes to a payment, the card is declined, and the
// same invoice is paid with another card. Nothing is missing, and nobody is told of it: neither at the second
// try nor, if that came after staff had heard of the first one, any longer in the reminder.
func TestADeclinedCardThatIsTriedAgainIsNotTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		again time.Duration
		told  int
	}{{30 * time.Second, 0}, {2 * time.Minute, 0}, {9 * time.Minute, 0}, {15 * time.Minute, 1}, {50 * time.Minute, 1}} {
		t.Run(tt.again.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.Options{})
			o := r.byCard(1)
			r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
			r.Vendor.Advance(tt.again)
			r.Must(r.Checkout.Expire(t.Context()))
			r.Must(r.Checkout.Approve(t.Context(), o.ID, ann, o.Price))
			_, b, err := r.Checkout.Paid(t.Context(), esim.Payment{ID: "card", Order: o.ID, Customer: ann, Amount: o.Price, Method: esim.MethodProvider, At: r.Vendor.Time()})
			if err != nil || b != esim.PaymentBooked {
				t.Fatal(b, err)
			}
			r.Vendor.Advance(time.Hour)
			r.Must(r.Checkout.Expire(t.Context()))
			r.deliver()
			if n := r.told(esim.StaffUnpaidApproval); n != tt.told {
				t.Errorf("told %d times, want %d", n, tt.told)
			}
			if open, err := esim.FindOpenItems(t.Context(), r.DB, r.Vendor.Time()); err != nil || len(open.Unpaid) != 0 {
				t.Errorf("open: %+v, %v", open.Unpaid, err)
			}
		})
	}
}
