package esim

import (
	"testing"
	"time"
)

// TestTheTableOfPaymentMethods says again, in the words of the shop, what every row means.
func TestTheTableOfPaymentMethods(t *testing.T) {
	t.Parallel()
	type row struct {
		account      Account
		price        Money // of $4.20 for two eSIMs
		invoiced     bool
		internal     bool
		by           PaymentConfirmer
		fee, credit  bool
		wait         time.Duration
		back         RefundRoute
		staffReturn  bool
		invoicedWith Currency
		leastRest    int64 // beside store credit; 0: it is not taken so
	}
	p := Pricing{StarValue: USDTenThousandths(130), MaxStars: 10_000, ProviderCurrency: "EUR", ProviderRate: 9_200}
	want := map[PaymentMethod]row{
		"stars":    {account: "stars", price: Stars(324), invoiced: true, by: ConfirmedByMessenger, wait: time.Hour, back: RefundSameWay, invoicedWith: "XTR", leastRest: 1},
		"provider": {account: "provider", price: Money{387, "EUR"}, invoiced: true, by: ConfirmedByMessenger, fee: true, wait: time.Hour, back: RefundAsCredit, staffReturn: true, invoicedWith: "EUR", leastRest: 120},
		"credit":   {account: "credit:7", price: USDCents(420), internal: true, by: ConfirmedByCustomer, credit: true, wait: time.Hour, back: RefundAsCredit},
		"manual":   {account: "cash", price: USDCents(420), internal: true, by: ConfirmedByStaff, wait: 72 * time.Hour, back: RefundAsCredit, staffReturn: true, leastRest: 100},
		"free":     {account: "grants", price: USDCents(0), internal: true, by: ConfirmedByCustomer, wait: time.Hour, back: RefundNothing},
	}
	if len(want) != len(PaymentMethods()) {
		t.Errorf("%d payment methods, %d told of here", len(PaymentMethods()), len(want))
	}
	for _, m := range PaymentMethods() {
		t.Run(string(m), func(t *testing.T) {
			s, err := m.Spec()
			if err != nil {
				t.Fatal(err)
			}
			q, err := p.on(Quote{Quantity: 2, Retail: USDCents(420)}, m)
			if err != nil {
				t.Fatal(err)
			}
			account, err := held(m, 7)
			if err != nil {
				t.Fatal(err)
			}
			got := row{
				account: account, price: q.Price, invoiced: s.Invoiced(), internal: s.ConfirmedHere(), by: s.ConfirmedBy,
				fee: s.CardProcessor, credit: s.FromCredit, wait: s.PayWithin, back: s.RefundRoute, staffReturn: s.StaffReturn,
				leastRest: s.leastRest,
			}
			if s.Invoiced() {
				got.invoicedWith = q.Price.Currency
			}
			if got != want[m] {
				t.Errorf("is  %+v\nwant %+v", got, want[m])
			}
		})
	}
}

// TestARowOfTheTableIsComplete holds every row, also of a method that is new, to what the
// rest of the package takes for granted.
func TestARowOfTheTableIsComplete(t *testing.T) {
	t.Parallel()
	p := Pricing{StarValue: USDTenThousandths(130), ProviderCurrency: "UGX", ProviderRate: 37_000_000}
	seen := map[PaymentMethod]bool{}
	for _, s := range methods {
		q, err := p.on(Quote{Quantity: 1, Retail: USDCents(420)}, s.Method)
		if err != nil {
			t.Errorf("%s has no price: %v", s.Method, err)
		}
		shown, err := p.Amount(s.Method, q.Price.Minor)
		if err != nil || shown != q.Price {
			t.Errorf("%s is priced at %s and shown as %s, %v", s.Method, q.Price, shown, err)
		}
		if taken, err := InvoicedIn(q.Price.Currency); s.Invoiced() && (taken != s.Method || err != nil) {
			t.Errorf("money for %s in %s is booked as %q, %v", s.Method, q.Price.Currency, taken, err)
		}
		switch {
		case s.Method == "", seen[s.Method]:
			t.Errorf("%q stands twice", s.Method)
		case s.Invoiced() == s.ConfirmedHere():
			t.Errorf("%s: nobody, or everybody, says that it was paid", s.Method)
		case s.Invoiced() != (s.takes != nil):
			t.Errorf("%s: invoiced %t, and the messenger may take its money: %t", s.Method, s.Invoiced(), s.takes != nil)
		case s.PayWithin <= 0 || s.RefundRoute == 0 || s.account(1) == "":
			t.Errorf("%s is not complete: %+v", s.Method, s)
		case s.StaffReturn && s.RefundRoute != RefundAsCredit, s.FromCredit && s.account(1) != AccountCredit(1):
			t.Errorf("%s contradicts itself: %+v", s.Method, s)
		case s.RefundRoute == RefundNothing && q.Price.Minor != 0:
			t.Errorf("%s costs %s, and nothing comes back", s.Method, q.Price)
		}
		seen[s.Method] = true
	}
}
