package esim

import (
	"errors"
	"math"
	"testing"
)

func TestMoneyString(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]Money{
		"5.85 USD": USDCents(585), "0.05 USD": USDCents(5), "-1.20 USD": USDCents(-120),
		"7.6000 USD": USDTenThousandths(76000), "450 XTR": Stars(450), "1200 JPY": {1200, "JPY"}, "0": {},
	} {
		if got := m.String(); got != want {
			t.Errorf("%#v is %q, want %q", m, got, want)
		}
	}
}

func TestMoneyOfDifferentCurrenciesDoesNotMix(t *testing.T) {
	t.Parallel()
	if _, err := USDCents(1).Add(Stars(1)); !errors.Is(err, ErrCurrency) {
		t.Errorf("cents + Stars: %v", err)
	}
	if _, err := USDCents(1).Add(USDTenThousandths(1)); !errors.Is(err, ErrCurrency) {
		t.Errorf("cents + ten-thousandths: %v", err)
	}
	if _, err := USDCents(1).Compare(Stars(1)); !errors.Is(err, ErrCurrency) {
		t.Errorf("cents <> Stars: %v", err)
	}
	if c, err := USDCents(100).Compare(USDTenThousandths(10_001)); c != -1 || err != nil {
		t.Errorf("$1.00 against $1.0001: %d, %v", c, err)
	}
}

func TestWholesaleRoundsUpToCents(t *testing.T) {
	t.Parallel()
	for in, want := range map[int64]int64{0: 0, 1: 1, 100: 1, 101: 2, 76000: 760} {
		if got := USDTenThousandths(in).Cents(); got != USDCents(want) {
			t.Errorf("%d ten-thousandths are %s, want %d cents", in, got, want)
		}
	}
}

func TestMulDivCeilDoesNotOverflow(t *testing.T) {
	t.Parallel()
	if got := mulDivCeil(math.MaxInt64/2, 10_000, 10_000); got != math.MaxInt64/2 {
		t.Errorf("got %d", got)
	}
	if got := mulDivCeil(1, 1, 3); got != 1 {
		t.Errorf("1/3 rounded up is %d", got)
	}
}

func pricing() Pricing {
	return Pricing{MarkupBP: 4000, MinProfit: USDCents(50), StarValue: USDTenThousandths(130), MaxStars: 10_000}
}

func TestRetail(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		wholesale int64 // ten-thousandths
		want      int64 // cents
	}{
		{"40 percent", 100_000, 1400},
		{"a fraction of a cent rounds up", 100_001, 1401},
		{"the floor beats the percentage on cheap plans", 5_000, 100},
		{"free still earns the floor", 0, 50},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := pricing().Retail(USDTenThousandths(tt.wholesale)); got != USDCents(tt.want) {
				t.Errorf("got %s, want %d cents", got, tt.want)
			}
		})
	}
}

func TestStarsNeverBringLessThanThePrice(t *testing.T) {
	t.Parallel()
	p := pricing()
	for cents := int64(1); cents < 5000; cents++ {
		stars := p.Stars(USDCents(cents))
		worth := stars.Minor * p.StarValue.Minor
		if worth < cents*100 || worth-p.StarValue.Minor >= cents*100 {
			t.Fatalf("%d cents are %s worth %d ten-thousandths", cents, stars, worth)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	fixed := Plan{Code: "F", Kind: TotalVolume, Days: 7, Wholesale: USDTenThousandths(10_000)}
	pass := Plan{Code: "D", Kind: DailyThrottled, Days: 1, Wholesale: USDTenThousandths(10_000)}
	tests := []struct {
		name           string
		plan           Plan
		quantity, days int
		want           error
		wholesale      int64
		stars          int64
	}{
		{"one", fixed, 1, 0, nil, 10_000, 116}, // $1.50
		{"two cost twice as much", fixed, 2, 0, nil, 20_000, 232},
		{"a day pass by the day", pass, 1, 10, nil, 100_000, 1077}, // $14.00
		{"none", fixed, 0, 0, ErrBadQuantity, 0, 0},
		{"too many", fixed, MaxQuantity + 1, 0, ErrBadQuantity, 0, 0},
		{"days of a fixed plan", fixed, 1, 3, ErrBadQuantity, 0, 0},
		{"a day pass without days", pass, 1, 0, ErrBadQuantity, 0, 0},
		{"a day pass for too long", pass, 1, MaxDays + 1, ErrBadQuantity, 0, 0},
		{"dearer than an invoice may be", pass, 1, 300, ErrPriceTooHigh, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, err := pricing().Quote(tt.plan, tt.quantity, tt.days)
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			if q.Wholesale.Minor != tt.wholesale || q.Price.Minor != tt.stars {
				t.Errorf("wholesale %s, price %s; want %d and %d", q.Wholesale, q.Price, tt.wholesale, tt.stars)
			}
		})
	}
}
