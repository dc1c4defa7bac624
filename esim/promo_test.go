package esim

import (
	"errors"
	"testing"
	"time"
)

func TestPromoLowersAPrice(t *testing.T) {
	t.Parallel()
	pricing := Pricing{MarkupBP: 10_000, StarValue: USDTenThousandths(130), MaxStars: 10_000}
	plan := Plan{Code: "P", Location: "JP", Places: []string{"JP"}, Wholesale: USDTenThousandths(50_000)} // $5, sold at $10
	for _, tt := range []struct {
		name     string
		promo    Promo
		method   PaymentMethod
		quantity int
		maxLoss  Money
		retail   int64 // cents
		err      error
	}{
		{"percent", Promo{Percent: 20}, MethodStars, 1, USDCents(0), 800, nil},
		{"percent of three", Promo{Percent: 15}, MethodStars, 3, USDCents(0), 2550, nil},
		{"amount, once for the order", Promo{Amount: USDCents(199)}, MethodStars, 2, USDCents(0), 1801, nil},
		{"never below what it costs", Promo{Percent: 90}, MethodStars, 1, USDCents(0), 500, nil},
		{"an amount beyond the price", Promo{Amount: USDCents(99_999)}, MethodCredit, 1, USDCents(0), 500, nil},
		{"the operator bears a loss", Promo{Percent: 90}, MethodStars, 1, USDCents(150), 350, nil},
		{"however much they bear, nothing is for nothing", Promo{Percent: 100}, MethodStars, 1, USDCents(10_000), 1, nil},
		{"its place", Promo{Percent: 20, Places: []string{"JP", "KR"}}, MethodStars, 1, USDCents(0), 800, nil},
		{"another place", Promo{Percent: 20, Places: []string{"KR"}}, MethodStars, 1, USDCents(0), 1000, ErrPromoPlace},
		{"what is free", Promo{Percent: 20}, MethodFree, 1, USDCents(0), 1000, ErrNoDiscount},
	} {
		q, err := pricing.QuoteWith(tt.method, plan, tt.quantity, 0)
		if err != nil {
			t.Fatal(err)
		}
		whole := q
		tt.promo.Code = "CODE"
		q, err = pricing.withPromo(q, tt.promo, tt.maxLoss, 0)
		if !errors.Is(err, tt.err) || q.Retail.Minor != tt.retail {
			t.Errorf("%s: %s, %v", tt.name, q.Retail, err)
		}
		if err == nil && (q.Promo != "CODE" || q.Discount.Minor != whole.Retail.Minor-q.Retail.Minor || q.Wholesale != whole.Wholesale) {
			t.Errorf("%s: %s off by %q", tt.name, q.Discount, q.Promo)
		}
		if want := pricing.Stars(q.Retail); err == nil && tt.method == MethodStars && q.Price != want {
			t.Errorf("%s: %s asked, want %s", tt.name, q.Price, want)
		}
	}
	t.Run("nothing left of the margin", func(t *testing.T) {
		q, _ := Pricing{StarValue: USDTenThousandths(130)}.QuoteWith(MethodStars, plan, 1, 0) // sold at cost
		if _, err := pricing.withPromo(q, Promo{Code: "CODE", Percent: 20}, USDCents(0), 0); !errors.Is(err, ErrNoDiscount) {
			t.Errorf("a discount on what is sold at cost: %v", err)
		}
	})
}

func TestWhoMayHaveAPromo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := Promo{Code: "CODE", Percent: 20, Uses: 3, FirstOnly: true, Ends: now.Add(time.Second)}
	for _, tt := range []struct {
		name string
		f    PromoFacts
		now  time.Time
		want error
	}{
		{"anybody new", PromoFacts{Promo: p, Uses: 2}, now, nil},
		{"no such code", PromoFacts{}, now, ErrNoPromo},
		{"used up", PromoFacts{Promo: p, Uses: 3}, now, ErrNoPromo},
		{"used by them", PromoFacts{Promo: p, Uses: 1, Mine: 1}, now, ErrPromoUsed},
		{"who bought before", PromoFacts{Promo: p, Bought: true}, now, ErrPromoFirst},
		{"its last moment is over", PromoFacts{Promo: p}, now.Add(time.Second), ErrNoPromo},
		{"ended by staff", PromoFacts{Promo: Promo{Code: "CODE", Percent: 5, Ended: now}}, now, ErrNoPromo},
		{"without bounds", PromoFacts{Promo: Promo{Code: "CODE", Percent: 5}, Uses: 1_000_000, Bought: true}, now, nil},
	} {
		if err := tt.f.Allow(tt.now); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestPromoCodes(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]PromoCode{" summer-26 ": "SUMMER-26", "ABC": "ABC", "ab": "", "ЛЕТО": "", "A B C": "", "ABCDEFGHIJKLMNOPQRSTU": ""} {
		if got, ok := ParsePromoCode(typed); ok != (want != "") || ok && got != want {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
	for name, p := range map[string]Promo{
		"nothing": {Code: "ABC"}, "both": {Code: "ABC", Percent: 5, Amount: USDCents(5)}, "too much": {Code: "ABC", Percent: 101},
		"small letters": {Code: "abc", Percent: 5}, "Stars": {Code: "ABC", Amount: Stars(5)}, "less than none": {Code: "ABC", Percent: 5, Uses: -1},
	} {
		if err := p.Check(); !errors.Is(err, ErrBadPromo) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
