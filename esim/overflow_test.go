package esim

import (
	"errors"
	"math"
	"testing"
)

// TestNoPriceOverflows: what the vendor's list says costs more than anything is not sold,
// and the dearest that is sold stays a price, with the largest settings there are.
func TestNoPriceOverflows(t *testing.T) {
	t.Parallel()
	p := Pricing{
		MarkupBP: 100_000, MinProfit: USDCents(100_00), StarValue: USDTenThousandths(1),
		ProviderCurrency: "IDR", ProviderRate: 1_000_000 * 10_000,
	}
	for _, method := range PaymentMethods() {
		for _, cost := range []int64{-1, maxWholesale + 1, math.MaxInt64 / 10, math.MaxInt64} {
			plan := Plan{Code: "P", Kind: DailyCutOff, Wholesale: USDTenThousandths(cost)}
			if q, err := p.QuoteWith(method, plan, MaxQuantity, MaxDays); !errors.Is(err, ErrPriceTooHigh) {
				t.Errorf("%s for %d: %v, %v", method, cost, q.Price, err)
			}
		}
		dearest := Plan{Code: "P", Kind: DailyCutOff, Wholesale: USDTenThousandths(maxWholesale)}
		q, err := p.QuoteWith(method, dearest, MaxQuantity, MaxDays)
		if err != nil || q.Retail.fine().Minor < q.Wholesale.Minor || method != MethodFree && q.Price.Minor < q.Retail.Minor {
			t.Errorf("%s for the dearest: wholesale %s, retail %s, price %s, %v", method, q.Wholesale, q.Retail, q.Price, err)
		}
	}
}
