package bot_test

import (
	"fmt"
	"testing"
	"time"

	program "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A past is what the shop offered at a moment, and what it owed its customers.
type past struct {
	at      time.Time
	what    string
	plans   []esim.Plan // all that the vendor sold
	offered map[string][2]esim.Money
	credit  map[esim.CustomerID]esim.Money
	promo   esim.Promo // the one code of the test
}

// past writes down what every plan costs now, in Stars and from store credit, and every balance; then time passes.
func (s *shopToday) past(what string) {
	s.Helper()
	p := past{s.Vendor.Time(), what, nil, map[string][2]esim.Money{}, map[esim.CustomerID]esim.Money{}, esim.Promo{}}
	plans, err := s.Client.Plans(s.Context())
	s.Must(err)
	p.plans = plans
	for _, plan := range s.Catalog.Current().Plans() {
		var prices [2]esim.Money
		for i, m := range []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit} {
			days := 0
			if plan.DayPass() {
				days = 3
			}
			q, err := s.Checkout.QuoteWith(m, plan.Code, 2, days)
			if err == nil {
				prices[i] = q.Price
			}
		}
		p.offered[plan.Code] = prices
	}
	for _, c := range []esim.CustomerID{annID, bertID} {
		credit, err := s.DB.Credit(s.Context(), c)
		s.Must(err)
		p.credit[c] = credit
	}
	promo, err := s.DB.Promo(s.Context(), "SUMMER")
	s.Must(err)
	p.promo = promo
	s.pasts = append(s.pasts, p)
	s.Vendor.Advance(time.Minute)
}

// A shopToday remembers what it offered.
type shopToday struct {
	*shop
	pasts []past
}

// TestThePastIsInTheLog rebuilds every price, the terms of a promo code and every store credit of several past moments, a debt
// too, from the audit log alone, and compares them with what the shop offered and owed then.
func TestThePastIsInTheLog(t *testing.T) {
	t.Parallel()
	s := &shopToday{shop: newShop(t, vendorsandbox.Options{})}
	olga, ann := s.staffed(), s.Messenger.User(annID)
	says := func(command, press string) {
		t.Helper()
		s.Send(olga, command)
		switch press {
		case "":
		case "s_price":
			s.prices(olga)
		default:
			s.presses(olga, press)
		}
	}
	s.Send(ann, "/start")
	s.past("as the environment has it")
	plan := s.Catalog.Current().Country("JP")[0]
	says("/price 45% round .99", "s_price")
	s.past("another markup, x.99")
	says("/price JP least 2.99 round off", "s_price")
	says("/price "+plan.Code+" profit 1.25", "s_price")
	says("/hide TR", "")
	s.past("a place and a plan of their own, another one hidden")
	says("/credit 101 20 sorry", "s_credit")
	s.past("store credit")
	s.Must(s.Vendor.SetPrice(plan.Code, plan.Wholesale.Minor+12_345))
	s.Must(s.Catalog.Refresh(t.Context()))
	o := s.creditOrder(plan)
	_, err := s.Checkout.PayWithoutInvoice(t.Context(), annID, o.ID)
	s.Must(err)
	s.past("bought with it, and the vendor asks for more")
	s.Reopen(func(c *program.Config) {
		c.Pricing.MarkupBP, c.Pricing.MinProfit, c.Pricing.StarValue = 9_900, esim.USDCents(10), esim.USDTenThousandths(150)
	})
	s.past("another environment, of which the markup is overruled")
	says("/price default", "s_price")
	says("/show TR", "")
	says("/hide "+plan.Code, "")
	s.past("the environment again, and a plan hidden")
	s.fulfils()
	s.past("delivered")
	says("/refund "+string(o.ID)+" never worked", "s_yes|refund|")
	s.fulfils()
	s.past("refunded as store credit")
	says("/promo SUMMER 20% JP first uses 100 until 2027-01-31", "s_promo")
	s.past("a promo code")
	says("/promo end SUMMER", "s_promo")
	s.past("and its end")
	s.owes(bertID)
	s.past("a debt")
	pia := s.joins(piaID, "Pia", esim.RoleOwner)
	s.Send(olga, "/price 300%")
	s.presses(olga, "s_price|")
	s.past("asked for, and not agreed to")
	s.presses(pia, "s_agree|")
	s.past("agreed to by the second person")

	log, err := s.DB.AuditLog(t.Context())
	s.Must(err)
	for _, p := range s.pasts {
		prices, err := esim.PricesAt(log, p.at)
		s.Must(err)
		values, err := esim.RulesAt(log, p.at)
		s.Must(err)
		rules, wrong := esim.NewRules(values), 0
		sold := 0
		for _, plan := range p.plans {
			want, offered := p.offered[plan.Code]
			if !offered {
				if !rules.Hides(&plan) && s.sold(plan) {
					t.Errorf("%s: %s is offered by the log, and was not", p.what, plan.Code)
				}
				continue
			}
			sold++
			var got [2]esim.Money
			for i, m := range []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit} {
				days := 0
				if plan.DayPass() {
					days = 3
				}
				if q, err := prices.QuoteWith(m, plan, 2, days); err == nil {
					got[i] = q.Price
				}
			}
			if got != want || rules.Hides(&plan) {
				if wrong++; wrong < 4 {
					t.Errorf("%s: %s cost %v, by the log %v, hidden %t", p.what, plan.Code, want, got, rules.Hides(&plan))
				}
			}
		}
		if sold < 2000 || sold != len(p.offered) {
			t.Errorf("%s: %d plans were looked at, %d offered", p.what, sold, len(p.offered))
		}
		promos, err := esim.PromosAt(log, p.at)
		s.Must(err)
		if got := promos["SUMMER"]; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", p.promo) {
			t.Errorf("%s: the code was %+v, by the log %+v", p.what, p.promo, got)
		}
		for c, want := range p.credit {
			if got := esim.CreditAt(log, c, p.at); got != want {
				t.Errorf("%s: %d had %s, by the log %s", p.what, c, want, got)
			}
		}
	}
	if a, b := s.pasts[3].credit[annID], s.pasts[4].credit[annID]; a != esim.USDCents(2_000) || b.Minor >= a.Minor || b.Minor == 0 {
		t.Errorf("Ann had %s and %s: the test bought nothing", a, b)
	}
	last := s.pasts[len(s.pasts)-3:]
	if owed := last[0].credit[bertID]; owed.Minor >= 0 {
		t.Errorf("with a debt Bert had %s", owed)
	}
	another := s.Catalog.Current().Country("FR")[1].Code
	if before, waits, after := last[0].offered[another], last[1].offered[another], last[2].offered[another]; waits != before || after == before {
		t.Errorf("%s cost %v, %v while a second person was waited for, and %v", another, before, waits, after)
	}
	if first, _ := esim.PricesAt(log, s.pasts[0].at); first.MarkupBP != 4000 {
		t.Errorf("the first prices were at %d", first.MarkupBP)
	}
	if len(log) < 10 {
		t.Errorf("%d entries", len(log))
	}
}

// owes has a customer buy an eSIM, use it up, and take the emergency top-up.
func (s *shopToday) owes(id esim.CustomerID) {
	s.Helper()
	s.App.TopUps.MaxEmergencyPrice = esim.USDCents(10_000)
	k := s.talk(s.Messenger.User(int64(id)))
	k.says("/start")
	k.buys()
	esims, err := s.DB.ESIMsOf(s.Context(), id)
	s.Must(err)
	k.uses(string(esims[0].ID), 2, 4*time.Hour, esims[0].Total*46/100)
	k.works()
	k.taps("rescue|")
	k.works()
}

// sold reports whether a plan works in a country that is sold to.
func (s *shopToday) sold(p esim.Plan) bool {
	for _, place := range p.Places {
		if s.Catalog.Sold(place) {
			return true
		}
	}
	return len(p.Places) == 0
}
