package esim

import (
	"errors"
	"testing"
	"time"
)

func TestAffiliateProgramIsRemembered(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := AffiliateProgram{PerMille: 125, Seen: now}
	if again := ParseAffiliateProgram(p.String()); again.PerMille != 125 || !again.Seen.Equal(now) {
		t.Errorf("%q is read as %+v", p, again)
	}
	if ParseAffiliateProgram("nonsense").PerMille != 0 || ParseAffiliateProgram("").PerMille != 0 {
		t.Error("nonsense is a program")
	}
	if p.Running(now.AddDate(0, 0, 89)) != 125 || p.Running(now.AddDate(0, 0, 91)) != 0 {
		t.Error("it runs until 90 days after a payment showed it")
	}
	if (*Affiliates)(nil).PerMille(now) != 0 || (&Affiliates{}).PerMille(now) != 0 {
		t.Error("nobody knows of a program")
	}
	for minor, want := range map[int64]string{3_498_000_000: "3.50 XTR", -3_498_000_000: "-3.50 XTR", 0: "0.00 XTR"} {
		if got := (Money{minor, XTR9}).RoundedForDisplay().String(); got != want {
			t.Errorf("%d billionths of Stars are told as %s", minor, got)
		}
	}
	for n, want := range map[int64]string{100: "10 %", 125: "12.5 %", 5: "0.5 %"} {
		if got := PerMilleText(n); got != want {
			t.Errorf("%d per mille is %q", n, got)
		}
	}
}

// What an affiliate may get is gone from a price in Stars, and from no other.
func TestTheMarginGuardKnowsAffiliates(t *testing.T) {
	t.Parallel()
	o := Order{Retail: USDCents(1000), Credit: USDCents(200), Wholesale: USDTenThousandths(70_000), Method: MethodStars}
	r := fulfilRules{maxLoss: USDCents(50), perMille: 300} // of $8 in Stars $2.40 may be gone
	for _, tt := range []struct {
		wholesale int64
		method    PaymentMethod
		perMille  int64
		ok        bool
	}{
		{105_000, MethodStars, 0, true},
		{105_001, MethodStars, 0, false},
		{81_000, MethodStars, 300, true},
		{81_001, MethodStars, 300, false},
		{105_000, MethodManual, 300, true},
		{70_000, MethodStars, 999, true}, // it costs what it cost: the program was there before
	} {
		o.Method, r.perMille = tt.method, tt.perMille
		if got := r.bearable(o, USDTenThousandths(tt.wholesale)); got != tt.ok {
			t.Errorf("%+v: %t", tt, got)
		}
	}
	q := Quote{Plan: Plan{Code: "P"}, Quantity: 1, Wholesale: USDTenThousandths(70_000), Retail: USDCents(1000), Method: MethodStars}
	pricing := Pricing{StarValue: USDTenThousandths(130)}
	for perMille, want := range map[int64]int64{0: 700, 100: 778, 200: 875} {
		lower, err := pricing.withPromo(q, Promo{Code: "CODE", Percent: 90}, USDCents(0), perMille)
		if err != nil || lower.Retail.Minor != want {
			t.Errorf("at %d per mille a code lowers it to %s, %v; want %d cents", perMille, lower.Retail, err, want)
		}
	}
	if _, err := pricing.withPromo(q, Promo{Code: "CODE", Percent: 90}, USDCents(0), 300); !errors.Is(err, ErrNoDiscount) {
		t.Errorf("there is nothing to give away: %v", err)
	}
}
