package esim_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// capturedCatalog is an answer of the vendor; it is not part of the repository.
const capturedCatalog = "../../shared/data/package-list.json"

// eachPriceList runs a test with the simulator's plans and with the vendor's own.
func eachPriceList(t *testing.T, test func(t *testing.T, c *esim.Catalog)) {
	of := func(o sandbox.Options) func(*testing.T) {
		return func(t *testing.T) {
			t.Parallel()
			test(t, shoptest.New(t, o, shoptest.Dependencies{}).Catalog.Current())
		}
	}
	t.Run("generated", of(sandbox.Options{Seed: 7}))
	if _, err := os.Stat(capturedCatalog); errors.Is(err, fs.ErrNotExist) {
		t.Log("../shared is absent: no package-list.json")
		return
	}
	t.Run("real", of(sandbox.Options{CatalogFile: capturedCatalog}))
}

// places lists all countries and regions with plans of their own.
func places(c *esim.Catalog) map[string][]esim.Plan {
	all := map[string][]esim.Plan{}
	for _, code := range c.Countries() {
		if plans := c.Country(code); len(plans) > 0 {
			all[code] = plans
		}
	}
	for _, code := range append(c.Regions(esim.ScopeRegional), c.Regions(esim.ScopeGlobal)...) {
		all[code] = c.Region(code)
	}
	return all
}

// TestGoodPlansOfEveryPlace holds what the first screen of each place offers.
func TestGoodPlansOfEveryPlace(t *testing.T) {
	t.Parallel()
	eachPriceList(t, func(t *testing.T, c *esim.Catalog) {
		for place, plans := range places(c) {
			good := c.Suggested(place)
			if len(good) == 0 || len(good) > esim.MaxSuggested {
				t.Errorf("%s: %d plans are offered of %d", place, len(good), len(plans))
			}
			sizes := map[string]bool{}
			small := 0
			for _, p := range good {
				size := fmt.Sprint(p.DayPass(), p.Data, p.Days)
				if sizes[size] {
					t.Errorf("%s: two rows of %s", place, p.Name)
				}
				sizes[size] = true
				if !p.DayPass() && p.Data < 400<<20 {
					small++
				}
				for _, q := range plans {
					if q.DayPass() == p.DayPass() && q.Kind != esim.DailyUnlimited && p.Kind != esim.DailyUnlimited &&
						q.Data >= p.Data && q.Days >= p.Days && q.Wholesale.Minor <= p.Wholesale.Minor &&
						(q.Data > p.Data || q.Days > p.Days || q.Wholesale.Minor < p.Wholesale.Minor) {
						t.Errorf("%s: %s at %s is offered, though there is %s at %s", place, p.Name, p.Wholesale, q.Name, q.Wholesale)
					}
				}
			}
			if small > 1 {
				t.Errorf("%s: %d rows with next to no data", place, small)
			}
			if again := esim.SuggestedPlans(plans, place); !slices.EqualFunc(good, again, func(a, b esim.Plan) bool { return a.Code == b.Code }) {
				t.Errorf("%s: kept %v, now %v", place, good, again)
			}
		}
	})
}

// TestGoodPlansOfJapan reads as the screen does: packs from small to large, then a day pass.
func TestGoodPlansOfJapan(t *testing.T) {
	t.Parallel()
	eachPriceList(t, func(t *testing.T, c *esim.Catalog) {
		good := c.Suggested("JP")
		var week bool
		for _, p := range good {
			week = week || !p.DayPass() && p.Data >= 5<<30 && p.Data < 10<<30 && p.Days >= 7
			if !slices.Equal(p.BreakoutCountries, []string{"JP"}) && !p.DayPass() {
				t.Errorf("%s leaves in %v, though one of its size and price leaves in Japan", p.Name, p.BreakoutCountries)
			}
		}
		if !week {
			t.Errorf("no 5 GB for a week: %v", sizes(good))
		}
	})
}

func sizes(plans []esim.Plan) string {
	var out []string
	for _, p := range plans {
		unit := "d"
		if p.DayPass() {
			unit = "/day"
		}
		out = append(out, fmt.Sprintf("%gGB·%d%s", float64(p.Data)/(1<<30), p.Days, unit))
	}
	return strings.Join(out, " ")
}

func pack(code string, gb float64, days int, price int64, exits ...string) esim.Plan {
	return esim.Plan{
		Code: code, Location: "JP", Places: []string{"JP"}, Kind: esim.TotalVolume,
		Data: int64(gb * (1 << 30)), Days: days, Wholesale: esim.USDTenThousandths(price), BreakoutCountries: exits,
	}
}

func pass(code string, gb float64, price int64, exits ...string) esim.Plan {
	p := pack(code, gb, 1, price, exits...)
	p.Kind = esim.DailyThrottled
	return p
}

func TestGoodPlans(t *testing.T) {
	t.Parallel()
	unlimited := pass("u", 0, 30_000, "JP")
	unlimited.Kind = esim.DailyUnlimited
	mainland := pack("cn", 1, 7, 100, "CN")
	mainland.Location, mainland.Places = "CN", []string{"CN"}
	hongkong := pack("hk", 1, 7, 100, "HK")
	hongkong.Location, hongkong.Places = "CN", []string{"CN"}
	tests := []struct {
		name, place string
		plans       []esim.Plan
		want        string
	}{
		{"nothing is sold", "JP", nil, ""},
		{"a local exit wins at the same price", "JP", []esim.Plan{pack("sg", 1, 7, 100, "SG"), pack("jp", 1, 7, 100, "JP"), pack("hk", 1, 7, 100, "HK")}, "jp"},
		{"Hong Kong loses to elsewhere", "JP", []esim.Plan{pack("hk", 1, 7, 100, "HK"), pack("sg", 1, 7, 100, "SG")}, "sg"},
		{"so does an exit that is one of several", "JP", []esim.Plan{pack("hk", 1, 7, 100, "JP", "HK"), pack("sg", 1, 7, 100, "SG")}, "sg"},
		{"and to one that is not stated", "JP", []esim.Plan{pack("hk", 1, 7, 100, "HK"), pack("no", 1, 7, 100)}, "no"},
		{"mainland China loses to Hong Kong, in China too", "CN", []esim.Plan{mainland, hongkong}, "hk"},
		{"a cheaper one wins whatever its exit", "JP", []esim.Plan{pack("hk", 1, 7, 99, "HK"), pack("jp", 1, 7, 100, "JP")}, "hk"},
		{"as much for longer at the same price", "JP", []esim.Plan{pack("a", 1, 7, 100), pack("b", 1, 30, 100)}, "b"},
		{"more and longer for less", "JP", []esim.Plan{pack("a", 1, 7, 100), pack("b", 3, 30, 90)}, "b"},
		{
			"spread over sizes, not eight rows of the smallest", "JP",
			[]esim.Plan{
				pack("s1", .1, 1, 10), pack("s2", .1, 3, 11), pack("s3", .1, 7, 12), pack("s4", .2, 7, 13), pack("s5", .3, 7, 14), pack("s6", .5, 7, 20),
				pack("a", 1, 7, 30), pack("b", 3, 15, 60), pack("c", 5, 30, 90), pack("d", 10, 30, 150), pack("e", 20, 30, 250), pack("f", 50, 180, 500),
				pass("p", 1, 20), pass("q", 2, 30),
			},
			"a b c d e p",
		},
		{"little is sold: the small ones too", "JP", []esim.Plan{pack("s", .1, 7, 10), pack("a", 1, 7, 30)}, "s a"},
		{"day passes alone", "JP", []esim.Plan{pass("a", .5, 10), pass("b", 1, 20), pass("c", 2, 30), unlimited}, "a b c u"},
		{"a pack is not left out for a day pass", "JP", []esim.Plan{pack("a", .5, 1, 30), pass("b", 1, 20)}, "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range esim.SuggestedPlans(tt.plans, tt.place) {
				got = append(got, p.Code)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%s, want %s", s, tt.want)
			}
		})
	}
}

func TestBestValue(t *testing.T) {
	t.Parallel()
	rule := esim.Pricing{MarkupBP: 4000, MinProfit: esim.USDCents(50), StarValue: esim.USDTenThousandths(130)}
	unlimited := pass("u", 0, 3000)
	unlimited.Kind = esim.DailyUnlimited
	tests := []struct {
		name  string
		plans []esim.Plan
		want  int
	}{
		{"nothing to compare", []esim.Plan{pack("a", 1, 7, 5000)}, -1},
		{"the least per GB", []esim.Plan{pack("a", 1, 7, 5000), pack("b", 5, 7, 20_000), pack("c", 10, 7, 50_000)}, 1},
		{"of two alike the smaller", []esim.Plan{pack("a", 10, 7, 100_000), pack("b", 20, 7, 200_000)}, 0},
		{"the profit at least counts", []esim.Plan{pack("a", 1, 7, 3000), pack("b", 2, 7, 7000)}, 1},
		{"a day pass is not compared with packs", []esim.Plan{pack("a", 1, 7, 5000), pack("b", 3, 7, 10_000), pass("c", 10, 5000)}, 1},
		{"but with others", []esim.Plan{pass("a", 1, 5000), pass("b", 3, 9000), unlimited}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var quotes []esim.Quote
			for _, p := range tt.plans {
				q, err := rule.LowestQuote(p)
				if err != nil {
					t.Fatal(err)
				}
				quotes = append(quotes, q)
			}
			if got := esim.BestValue(quotes); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

func TestStarsInDollars(t *testing.T) {
	t.Parallel()
	rule := esim.Pricing{StarCost: esim.USDTenThousandths(200)}
	tests := []struct {
		name  string
		rule  esim.Pricing
		price esim.Money
		want  esim.Money
		said  bool
	}{
		{"a hundred Stars", rule, esim.Stars(100), esim.USDCents(200), true},
		{"one Star", rule, esim.Stars(1), esim.USDCents(2), true},
		{"nothing costs nothing", rule, esim.Stars(0), esim.Money{}, false},
		{"dollars speak for themselves", rule, esim.USDCents(100), esim.Money{}, false},
		{"not wanted", esim.Pricing{}, esim.Stars(100), esim.Money{}, false},
	}
	for _, tt := range tests {
		if got, said := tt.rule.InDollars(tt.price); got != tt.want || said != tt.said {
			t.Errorf("%s: %s, %v", tt.name, got, said)
		}
	}
}

func BenchmarkNewCatalog(b *testing.B) {
	plans := shoptest.New(b, sandbox.Options{Seed: 7}, shoptest.Dependencies{}).Catalog.Current().Plans()
	for b.Loop() {
		esim.NewCatalog(plans, time.Time{})
	}
}
