package esim_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// gold is a payment method that the shop does not have, for double dollars.
const gold esim.PaymentMethod = "gold"

func addGold(t testing.TB) (forget func()) {
	return esim.AddMethod(t, esim.PaymentMethodSpec{
		Method: gold, ConfirmedBy: esim.ConfirmedByStaff, PayWithin: 5 * time.Hour, RefundRoute: esim.RefundAsCredit, StaffReturn: true,
	}, "vault", func(q esim.Quote) esim.Money { return q.Retail.Times(2) })
}

// TestANewPaymentMethodIsANewRow sells, delivers and takes back for one that nothing but the
// table knows.
func TestANewPaymentMethodIsANewRow(t *testing.T) {
	addGold(t)
	if m, err := esim.ParsePaymentMethod("gold"); m != gold || err != nil {
		t.Errorf("read as %q, %v", m, err)
	}
	r := newRig(t, sandbox.Options{})
	o := r.beginBy(gold)
	if o.Price != o.Retail.Times(2) || o.NextAt.Sub(o.Created) != 5*time.Hour {
		t.Errorf("costs %s, is kept for %s", o.Price, o.NextAt.Sub(o.Created))
	}
	if _, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("the customer says that gold arrived: %v", err)
	}
	_, err := r.Checkout.PaidByHand(t.Context(), o.ID, act("paid"))
	r.Must(err)
	if n := r.balance("vault", esim.USD); n != o.Price.Minor {
		t.Errorf("%d in the vault", n)
	}
	r.pass(time.Minute)
	r.deliver()
	r.wantState(o.ID, esim.StateDelivered)
	r.Must(r.admin().Refund(t.Context(), o.ID, act("refund")))
	r.Must(r.Refunder.Run(t.Context()))
	r.deliver()
	r.wantState(o.ID, esim.StateRefunded)
	if r.credit() != o.Price.Minor || r.told(esim.StaffManual) != 1 || r.told(esim.StaffToReturn) != 1 || len(r.bank.returned) != 0 {
		t.Errorf("%d cents of credit, staff told %d and %d times, returned %v",
			r.credit(), r.told(esim.StaffManual), r.told(esim.StaffToReturn), r.bank.returned)
	}
}

// TestAnUnknownPaymentMethodIsAnErrorEverywhere gives one to everything that takes one; it
// used to be taken for Stars. There is an order of it too, as a shop finds it that went back
// to a version without it.
func TestAnUnknownPaymentMethodIsAnErrorEverywhere(t *testing.T) {
	forget := addGold(t)
	r := newRig(t, sandbox.Options{})
	o := r.beginBy(gold)
	kept := r.beginBy(gold)
	_, err := r.Checkout.PaidByHand(t.Context(), kept.ID, act("paid"))
	r.Must(err)
	r.Must(r.admin().Refund(t.Context(), kept.ID, act("refund")))
	forget()
	r.Checkout.Methods = []esim.PaymentMethod{gold, "GOLD", "STARS"}
	for _, m := range r.Checkout.Methods {
		bad := esim.Payment{ID: "charge", Order: o.ID, Customer: ann, Amount: o.Price, Method: m, At: r.Vendor.Time()}
		for name, do := range map[string]func() error{
			"PaymentMethod.Spec":      func() error { _, err := m.Spec(); return err },
			"ParsePaymentMethod":      func() error { _, err := esim.ParsePaymentMethod(string(m)); return err },
			"PaymentTransaction":      func() error { _, err := esim.PaymentTransaction(bad); return err },
			"RefundTransaction":       func() error { _, err := esim.RefundTransaction(bad, false, esim.Money{}, esim.Money{}); return err },
			"Pricing.QuoteWith":       func() error { _, err := r.Checkout.Pricing.QuoteWith(m, r.plan(), 1, 0); return err },
			"Pricing.LowestQuoteWith": func() error { _, err := r.Checkout.Pricing.LowestQuoteWith(m, r.plan()); return err },
			"Pricing.Amount":          func() error { _, err := r.Checkout.Pricing.Amount(m, 1); return err },
			"Checkout.QuoteWith":      func() error { _, err := r.Checkout.QuoteWith(m, r.plan().Code, 1, 0); return err },
			"Checkout.Quote":          func() error { _, err := r.Checkout.Quote(r.plan().Code, 1, 0); return err },
			"Checkout.From":           func() error { _, err := r.Checkout.LowestQuote(r.plan()); return err },
			"Checkout.Begin": func() error {
				_, err := r.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: ann, PlanCode: r.plan().Code, Quantity: 1, Method: m, Seen: o.Price})
				return err
			},
			"Checkout.Paid":       func() error { _, _, err := r.Checkout.Paid(t.Context(), bad); return err },
			"Checkout.Approve":    func() error { return r.Checkout.Approve(t.Context(), o.ID, ann, o.Price) },
			"Checkout.PayInside":  func() error { _, err := r.Checkout.PayWithoutInvoice(t.Context(), ann, o.ID); return err },
			"Checkout.PaidByHand": func() error { _, err := r.Checkout.PaidByHand(t.Context(), o.ID, act("paid")); return err },
			"OrderAdmin.Refund":   func() error { return r.admin().Refund(t.Context(), o.ID, act("refund")) },
			"Refunder.Run": func() error {
				defer r.Vendor.Advance(2 * time.Hour) // it is due again
				return r.Refunder.Run(t.Context())
			},
			"DB.Order": func() error { _, err := r.DB.Order(t.Context(), o.ID); return err },
			"DB.AddOrder": func() error {
				o := o
				o.ID, o.Method = "NEWORDER", m
				_, err := r.DB.AddOrder(t.Context(), o, "", nil)
				return err
			},
			"DB.PaymentsOf":  func() error { _, err := r.DB.PaymentsOf(t.Context(), kept.ID); return err },
			"DB.BookPayment": func() error { _, _, err := r.DB.BookPayment(t.Context(), bad, nil, nil); return err },
			"DB.PaymentRefunded": func() error {
				return r.DB.PaymentRefunded(t.Context(), esim.RefundedPayment{Payment: "gold:" + string(kept.ID), At: r.Vendor.Time()})
			},
		} {
			if err := do(); !errors.Is(err, esim.ErrNoPaymentMethod) {
				t.Errorf("%s of %q: %v, want ErrNoPaymentMethod", name, m, err)
			}
		}
	}
	if _, err := esim.InvoicedIn("KWD"); !errors.Is(err, esim.ErrNoPaymentMethod) {
		t.Errorf("a payment in dinars: %v", err)
	}
	for range 3 {
		_ = r.Refunder.Run(t.Context())
		r.Vendor.Advance(2 * time.Hour)
	}
	r.deliver()
	if len(r.bank.returned) > 0 || r.credit() != 0 || r.told(esim.StaffRefundStuck) != 1 {
		t.Errorf("returned %v, %d cents of credit, staff told %d times", r.bank.returned, r.credit(), r.told(esim.StaffRefundStuck))
	}
	addGold(t) // the version that knows it is back
	r.Must(r.Refunder.Run(t.Context()))
	if r.credit() != kept.Price.Minor || slices.Contains(esim.PaymentMethods(), "GOLD") {
		t.Errorf("%d cents of credit, want %d", r.credit(), kept.Price.Minor)
	}
}
