package esim_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// TestOnePressMakesOneOrder: an update that comes again, or a second tap on the same card, finds
// the order that is there; other requests make their own.
func TestOnePressMakesOneOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.plan()
	q, err := r.Checkout.Quote(p.Code, 1, 0)
	r.Must(err)
	ask := func(press string, quantity int) (esim.Order, error) {
		seen := q.Price
		seen.Minor *= int64(quantity)
		return r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: quantity, Seen: seen, CallbackQueryID: press})
	}
	first, err := ask("press-1", 1)
	r.Must(err)
	r.Vendor.Advance(30 * time.Minute)
	for _, press := range []string{"press-1", "press-2", ""} { // again, a second tap, no press at all
		o, err := ask(press, 1)
		r.Must(err)
		if o.ID != first.ID || press != "press-1" && !o.NextAt.Equal(r.Vendor.Time().Add(time.Hour)) {
			t.Errorf("press %q: order %s until %s, want %s and an hour", press, o.ID, o.NextAt, first.ID)
		}
	}
	two, err := ask("press-3", 2)
	r.Must(err)
	if two.ID == first.ID {
		t.Error("two eSIMs are the order of one")
	}
	if id, named := esim.OrderOfIdempotencyKey(first.IdempotencyKey); !named || id != first.ID {
		t.Errorf("the vendor key %s names order %q", first.IdempotencyKey, id)
	}

	if b := r.pay(first, "charge-1"); b != esim.PaymentBooked {
		t.Fatalf("booking %d", b)
	}
	if o, err := ask("press-1", 1); !errors.Is(err, esim.ErrAlreadyPaid) {
		t.Errorf("the press of a paid order, come again: %s, %v", o.ID, err)
	}
	again, err := ask("press-4", 1)
	r.Must(err)
	if again.ID == first.ID || again.State != esim.StateAwaitingPayment {
		t.Errorf("buying the same once more: order %s, %s", again.ID, again.State)
	}
}

// TestUnpaidOrdersAreBounded: of more than MaxUnpaid the oldest expire, so that nobody fills the
// shop with orders; one that expired can still be paid by an invoice of before.
func TestUnpaidOrdersAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	plans := r.Catalog.Current().Country("JP")
	var made []esim.Order
	for _, p := range plans {
		if p.DayPass() || len(made) == esim.MaxUnpaid+3 {
			continue
		}
		q, err := r.Checkout.Quote(p.Code, 1, 0)
		if err != nil {
			continue
		}
		o, err := r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: p.Code, Quantity: 1, Seen: q.Price, CallbackQueryID: fmt.Sprint(len(made))})
		r.Must(err)
		made = append(made, o)
		r.Vendor.Advance(time.Second)
	}
	if len(made) != esim.MaxUnpaid+3 {
		t.Fatalf("%d plans could be ordered", len(made))
	}
	for i, o := range made {
		want := esim.StateAwaitingPayment
		if i < 3 {
			want = esim.StateExpired
		}
		if now := r.order(o.ID); now.State != want {
			t.Errorf("order %d is %s, want %s", i, now.State, want)
		}
	}
	if b := r.pay(made[0], "charge-late"); b != esim.PaymentBooked {
		t.Errorf("an invoice of before is paid: booking %d", b)
	}
}

func FuzzInvoicePayload(f *testing.F) {
	f.Add("K7M2XQ4P", "P0PGED92G", 2, 30)
	f.Add("K7M2XQ4P", "", 1, 0)
	f.Fuzz(func(t *testing.T, id, code string, quantity, days int) {
		for _, part := range []string{id, code} {
			for _, c := range part {
				if c == ':' {
					return
				}
			}
		}
		s := esim.ParseInvoicePayload(esim.InvoicePayload(esim.Order{ID: esim.OrderID(id), Plan: esim.Plan{Code: code}, Quantity: quantity, Days: days}))
		if s != (esim.InvoicedSale{Order: esim.OrderID(id), PlanCode: code, Quantity: quantity, Days: days}) {
			t.Errorf("%q, %q, %d, %d comes back as %+v", id, code, quantity, days, s)
		}
	})
}

// The invoice of a top-up says which eSIM it is for.
func TestInvoicePayloadOfATopUp(t *testing.T) {
	t.Parallel()
	o := esim.Order{ID: "K7M2XQ4P", Kind: esim.TopUp, ESIM: "26112800000001", Plan: esim.Plan{Code: "TOPUP_P0PGED92G"}, Quantity: 1}
	s := esim.ParseInvoicePayload(esim.InvoicePayload(o))
	if s.ESIM != o.ESIM || !s.ToppedUp() || s.Order != o.ID {
		t.Errorf("%+v", s)
	}
}

// An invoice of before carries the order's id alone.
func TestOldInvoicePayloads(t *testing.T) {
	t.Parallel()
	if s := esim.ParseInvoicePayload("K7M2XQ4P"); s != (esim.InvoicedSale{Order: "K7M2XQ4P"}) {
		t.Errorf("%+v", s)
	}
}
