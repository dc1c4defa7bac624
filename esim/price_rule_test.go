package esim_test

import (
	"context"
	"errors"
	"testing"

	"esimbot/esim"
)

// priced is a shop as its environment has it.
var priced = esim.Pricing{
	MarkupBP: 4000, MinProfit: esim.USDCents(50), StarValue: esim.USDTenThousandths(130), StarCost: esim.USDTenThousandths(200), MaxStars: 10_000,
}

func TestPriceRules(t *testing.T) {
	t.Parallel()
	japan := esim.Plan{Code: "P1", Location: "JP", Places: []string{"JP"}, Kind: esim.TotalVolume}
	tests := []struct {
		name        string
		rules       esim.RuleValues
		wholesale   int64 // USD4
		want, stars int64 // US cents, and of one eSIM in Stars
	}{
		{"the environment's", nil, 10_000, 150, 116},
		{"a percentage", esim.RuleValues{"markup_percent": "100"}, 10_000, 200, 154},
		{"the minimum margin beats it", esim.RuleValues{"markup_percent": "100", "min_profit_usd": "1.50"}, 10_000, 250, 193},
		{"the minimum price beats both", esim.RuleValues{"markup_percent": "100", "min_price_usd": "2.99"}, 10_000, 299, 230},
		{"and is no less than what it costs us", esim.RuleValues{"markup_percent": "0", "min_profit_usd": "0", "min_price_usd": "0.50"}, 10_001, 101, 78},
		{"x.99 is no less", esim.RuleValues{"price_rounding": ".99"}, 10_000, 199, 154},
		{"x.99 stays", esim.RuleValues{"price_rounding": ".99", "min_price_usd": "2.99"}, 10_000, 299, 230},
		{"a cent more is the next x.99", esim.RuleValues{"price_rounding": ".99", "min_price_usd": "3.00"}, 10_000, 399, 307},
		{"whole Stars", esim.RuleValues{"price_rounding": "stars"}, 10_000, 150, 116},
		{"tens of Stars", esim.RuleValues{"price_rounding": "stars10"}, 10_000, 156, 120},
		{"of its place", esim.RuleValues{"markup_percent": "100", "markup_percent@JP": "200"}, 10_000, 300, 231},
		{"of another place", esim.RuleValues{"markup_percent": "100", "markup_percent@KR": "200"}, 10_000, 200, 154},
		{"of itself", esim.RuleValues{"markup_percent@JP": "200", "markup_percent#P1": "300"}, 10_000, 400, 308},
		{"part by part", esim.RuleValues{"price_rounding": ".99", "min_profit_usd@JP": "3", "markup_percent#P1": "0"}, 10_000, 499, 384},
		{"off is a rounding", esim.RuleValues{"price_rounding": ".99", "price_rounding@JP": "off"}, 10_000, 150, 116},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := japan
			plan.Wholesale = esim.USDTenThousandths(tt.wholesale)
			c := esim.Checkout{Pricing: priced, Rules: ruled(t, tt.rules)}
			q, err := c.Prices().QuoteWith(esim.MethodStars, plan, 2, 0)
			if err != nil {
				t.Fatal(err)
			}
			if q.Retail != esim.USDCents(2*tt.want) || q.Price != esim.Stars(2*tt.stars) {
				t.Errorf("two cost %s, %s; want twice %s, %s", q.Retail, q.Price, esim.USDCents(tt.want), esim.Stars(tt.stars))
			}
			if q.Retail.Minor*100 < q.Wholesale.Minor {
				t.Errorf("%s for what costs us %s", q.Retail, q.Wholesale)
			}
		})
	}
}

// A rounding never lowers a price, and the price in Stars is one that it names.
func TestRoundingInStarsBringsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, step := range []int64{1, 5, 10, 25} {
		p := priced
		p.Rounding = esim.Rounding{Stars: step}
		for cost := int64(0); cost < 200_000; cost += 37 {
			exact, rounded := priced.Retail(esim.USDTenThousandths(cost)), p.Retail(esim.USDTenThousandths(cost))
			if rounded.Minor < exact.Minor || p.Stars(rounded).Minor%step != 0 || p.Stars(rounded).Minor-p.Stars(exact).Minor >= step {
				t.Fatalf("steps of %d Stars: %s became %s, which is %s", step, exact, rounded, p.Stars(rounded))
			}
		}
	}
}

func TestSettingsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key        esim.RuleKey
		text, want string // "": it is refused
	}{
		{"markup_percent", "45", "45"},
		{"markup_percent", "45 %", "45"},
		{"markup_percent", "37,50", "37.5"},
		{"markup_percent", "0", "0"},
		{"markup_percent", "-1", ""},
		{"markup_percent", "1000.01", ""},
		{"markup_percent", "1.234", ""},
		{"markup_percent", "", ""},
		{"markup_percent", "%", ""},
		{"min_profit_usd", "$1", "1.00"},
		{"min_profit_usd", "0.5", "0.50"},
		{"min_profit_usd", "100.01", ""},
		{"price_rounding", "X.99", ".99"},
		{"price_rounding", "stars1", "stars"},
		{"price_rounding", "stars10", "stars10"},
		{"price_rounding", "stars0", ""},
		{"price_rounding", "stars101", ""},
		{"price_rounding", "OFF", "off"},
		{"price_rounding", "99", ""},
		{"person_daily_orders", "20", "20"},
		{"person_daily_orders", "0", ""},
		{"person_daily_orders", "2.5", ""},
		{"promo_codes", "On", "on"},
		{"promo_codes", "yes", ""},
		{"refund_unused", "off", "off"},
		{"report_hour", "0", "0"},
		{"report_hour", "23", "23"},
		{"report_hour", "OFF", "off"},
		{"report_hour", "24", ""},
		{"report_hour", "-1", ""},
		{"approval_above_usd", "$25", "25.00"},
		{"approval_above_usd", "0", "0.00"},
		{"rescue_credit_usd", "100.01", ""},
		{"max_loss_usd", "99999999999999999999", ""},
	}
	for _, tt := range tests {
		s, ok := esim.SettingOf(tt.key)
		if !ok {
			t.Fatalf("no setting %s", tt.key)
		}
		got, _, err := s.Parse(tt.text)
		if got != tt.want || (tt.want == "") != errors.Is(err, esim.ErrBadSetting) {
			t.Errorf("%s %q: %q, %v; want %q", tt.key, tt.text, got, err, tt.want)
		}
		if again, _, err := s.Parse(got); tt.want != "" && (again != got || err != nil) {
			t.Errorf("%s %q came back as %q, %v", tt.key, got, again, err)
		}
	}
}

func TestWhatARuleIsOf(t *testing.T) {
	t.Parallel()
	for key, want := range map[esim.RuleKey]bool{
		"markup_percent": true, "markup_percent@JP": true, "markup_percent#P1": true, "max_loss_usd": true, "max_loss_usd@JP": false, "secret": false, "": false,
	} {
		if _, ok := esim.SettingOf(key); ok != want {
			t.Errorf("%q is a setting: %t", key, ok)
		}
	}
	rules := esim.NewRules(esim.RuleValues{"markup_percent": "many", "max_loss_usd@JP": "1", "later": "x", "max_loss_usd": "1"})
	if got := rules.Unread(); len(got) != 3 {
		t.Errorf("not read: %q", got)
	}
}

// ruled is a book with rules in it.
func ruled(t testing.TB, values esim.RuleValues) *esim.RuleBook {
	t.Helper()
	b := &esim.RuleBook{Store: storedRules(values)}
	if err := b.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// storedRules are rules that are there, and stay.
type storedRules esim.RuleValues

func (s storedRules) Rules(context.Context) (esim.RuleValues, error) { return esim.RuleValues(s), nil }

func (s storedRules) ChangeRules(context.Context, esim.RuleChange, esim.AuditEntry) error { return nil }
