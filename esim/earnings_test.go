package esim

import (
	"testing"
	"time"
)

func TestEarningsFromTheBooks(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	p, _ := ParsePeriod("2026-10-01..2026-10-03", first.AddDate(0, 1, 0), time.UTC)
	s := NewSalesSummarizer(p)
	japan, spain := Plan{Code: "J1", Location: "JP"}, Plan{Code: "E1", Location: "ES"}
	// 100 Stars beside a dollar of store credit, for what is worth $2.30.
	stars := EarnedLine{Order: "A", Plan: japan, Method: MethodStars, Price: Stars(100), Credit: USDCents(100), Retail: USDCents(230)}
	card := EarnedLine{Order: "B", Plan: spain, Method: MethodProvider, Price: Money{450, "EUR"}, Retail: USDCents(500)}
	dollars := EarnedLine{Order: "C", Plan: japan, Method: MethodProvider, Price: USDCents(300), Credit: USDCents(100), Retail: USDCents(400)}
	line := func(l EarnedLine, day int, key string, a Account, m Money) {
		l.At, l.Key, l.Account, l.Amount = first.AddDate(0, 0, day).Add(time.Hour), key, a, m
		s.Add(l)
	}
	line(stars, 0, "cost:A", AccountCost, USDTenThousandths(8_000))
	line(stars, 0, "deliver:A", AccountSales, Stars(-100))
	line(stars, 0, "deliver:A", AccountSales, USDCents(-100))
	line(card, 1, "pay:B", AccountFees, Money{45, "EUR"})
	line(card, 1, "deliver:B", AccountSales, Money{-450, "EUR"})
	line(dollars, 1, "deliver:C", AccountSales, USDCents(-400))
	line(EarnedLine{}, 2, "grant:x", AccountGrants, USDCents(50))
	line(card, 2, "refund:B", AccountRefunds, Money{450, "EUR"})
	line(card, 2, "cost-back:B", AccountCost, USDTenThousandths(-1_000))
	r := s.Report()
	usd := func(n int64) Money { return USDTenThousandths(n) }
	want := Earnings{Orders: 3, Sales: usd(113_000), Refunds: usd(50_000), Cost: usd(7_000), Fees: usd(5_000), Given: usd(5_000)}
	if r.Total != want || r.Total.Margin() != usd(46_000) {
		t.Errorf("total %+v, margin %s", r.Total, r.Total.Margin())
	}
	if d := r.Days; d[0].Sales != usd(23_000) || d[0].Orders != 1 || d[0].Margin() != usd(15_000) || d[1].Orders != 2 || d[2].Margin() != usd(-54_000) {
		t.Errorf("days %+v", d)
	}
	if len(r.Places) != 2 || r.Places[0].Of.Location != "JP" || r.Places[0].Orders != 2 || r.Places[1].Refunds != usd(50_000) {
		t.Errorf("places %+v", r.Places)
	}
	methods := map[PaymentMethod]int64{}
	for _, m := range r.Methods {
		methods[m.Of] = m.Sales.Minor
	}
	if methods[MethodStars] != 13_000 || methods[MethodProvider] != 80_000 || methods[MethodCredit] != 20_000 {
		t.Errorf("methods %v", methods)
	}
	if parts := r.In(2); len(parts) != 2 || parts[0].Orders != 3 || parts[1].Given != usd(5_000) {
		t.Errorf("in two days each: %+v", parts)
	}
	if !(Earnings{}).IsZero() || r.Total.IsZero() {
		t.Error("what is nothing")
	}
}

// What a customer owed and pays with an order is no sale again; what store credit paid wholly is one of its own.
func TestEarningsOfADebtAndOfStoreCredit(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	p, _ := ParsePeriod("2026-10-01..2026-10-01", first.AddDate(0, 1, 0), time.UTC)
	s := NewSalesSummarizer(p)
	owed := EarnedLine{At: first, Key: "deliver:A", Account: AccountSales, Order: "A", Method: MethodStars, Price: Stars(165), Credit: USDCents(-100), Retail: USDCents(230)}
	for _, m := range []Money{Stars(-165), USDCents(100)} {
		owed.Amount = m
		s.Add(owed)
	}
	s.Add(EarnedLine{
		At: first, Key: "deliver:B", Account: AccountSales, Order: "B", Method: MethodCredit, Price: USDCents(200), Retail: USDCents(200), Amount: USDCents(-200),
	})
	r := s.Report()
	if want := USDTenThousandths(43_000); r.Total.Sales != want || r.Total.Orders != 2 {
		t.Errorf("%s in %d orders, want %s", r.Total.Sales, r.Total.Orders, want)
	}
	if len(r.Methods) != 2 {
		t.Errorf("by %+v", r.Methods)
	}
	for _, m := range r.Methods {
		if want := map[PaymentMethod]int64{MethodStars: 23_000, MethodCredit: 20_000}[m.Of]; m.Sales.Minor != want {
			t.Errorf("by %s %s, want %d", m.Of, m.Sales, want)
		}
	}
}
