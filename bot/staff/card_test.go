package staff

import (
	"testing"

	"esimbot/esim"
)

// What an order earned is what the books say once it was sold or is over, in whole cents, and before that what its prices say.
func TestMarginOfAnOrder(t *testing.T) {
	t.Parallel()
	usd := esim.USDTenThousandths
	for _, tt := range []struct {
		state       esim.State
		sales, back int64
		want        int64
	}{
		{esim.StatePaid, 0, 0, 5_000},
		{esim.StateDelivered, 13_000, 0, 5_000},
		{esim.StateDelivered, 13_000, 10_000, -5_000},
		{esim.StateRefunded, 13_000, 13_000, -8_000},
		{esim.StateRefunded, 13_000, 4_990, 0},
		{esim.StateRefunded, 13_000, 5_049, 0},
		{esim.StateRefunded, 13_000, 5_050, -100},
	} {
		d := orderDetails{
			Order:  esim.Order{State: tt.state, Retail: esim.USDCents(130), Wholesale: usd(8_000)},
			earned: esim.Earnings{Sales: usd(tt.sales), Refunds: usd(tt.back), Cost: usd(8_000), Given: usd(0)},
		}
		if tt.sales > 0 {
			d.earned.Orders = 1
		}
		if got := d.margin(); got != usd(tt.want) {
			t.Errorf("%s, sold for %d, %d went back: %s, want %s", tt.state, tt.sales, tt.back, got, usd(tt.want))
		}
	}
}
