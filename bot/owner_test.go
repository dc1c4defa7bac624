package bot

import (
	"testing"

	"esimbot/esim"
)

// TestEveryScreenOfAnOwner walks through all that can be reached from what a customer owns,
// in every language and with every way to pay: a fixed plan, a day pass and an order of
// several eSIMs.
func TestEveryScreenOfAnOwner(t *testing.T) {
	eachCatalog(t, func(t *testing.T, s *shop) {
		s.send(s.tg.Person(annID), "/start")
		s.owns("JP", 1, false)
		s.owns("JP", 10, true)
		s.till.Methods = esim.PaymentMethods()
		s.credits(1_000_000)
		eachLanguage(t, s, func(t *testing.T, lang string) { walkOwner(t, s, lang) })
	})
}

// owns gives Ann eSIMs of a country, free of charge.
func (s *shop) owns(country string, quantity int, dayPass bool) {
	s.Helper()
	s.till.Methods = []esim.PaymentMethod{esim.MethodFree}
	for _, p := range s.bot.cfg.Catalog.Current().Country(country) {
		if p.DayPass() != dayPass || !dayPass && p.TopUp == esim.NoTopUp {
			continue
		}
		days := 0
		if dayPass {
			days = 3
		}
		o, err := s.till.Begin(s.Context(), esim.PurchaseRequest{Customer: annID, Code: p.Code, Quantity: quantity, Days: days, Seen: esim.Dollars(0)})
		s.must(err)
		_, err = s.till.PayInside(s.Context(), annID, o.ID)
		s.must(err)
		s.fulfils()
		if got := s.state(o.ID); got != esim.Delivered {
			s.Fatalf("the order is %s", got)
		}
		return
	}
	s.Fatal("no such plan")
}

func walkOwner(t *testing.T, s *shop, lang string) {
	seen := map[string]bool{"esims": true}
	perRoute := map[string]int{}
	methods := map[esim.PaymentMethod]int{}
	for queue := []string{"esims"}; len(queue) > 0; queue = queue[1:] {
		d, err := ParseData(queue[0])
		if err != nil {
			t.Fatal(err)
		}
		perRoute[d.Route]++
		switch d.Route {
		case routeMenu, routeCountry, routeRegion, routeNetworks, routePhone, routeRefresh, // walked elsewhere
			routePayInside, routeCancelNow: // change things
			continue
		case routePlan:
			if perRoute[routePlan] > 8 {
				continue
			}
		case routeBuy, routeTopUpBuy:
			methods[esim.PaymentMethod(d.Arg(len(d.Args)-1))]++
		}
		screen, err := s.bot.routes[d.Route](t.Context(), s.request(lang, d))
		if err == nil && screen.After != nil {
			checkScreen(t, s.bot, queue[0], screen)
			screen, err = screen.After(t.Context())
		}
		if err != nil || screen.Text == "" && screen.Invoice == nil {
			t.Errorf("%s: %v, text %q", queue[0], err, screen.Text)
			continue
		}
		if screen.Invoice != nil {
			checkInvoice(t, queue[0], screen, s.bot)
		}
		for _, next := range checkScreen(t, s.bot, queue[0], screen) {
			if data, _ := next.Encode(); !seen[data] {
				seen[data] = true
				queue = append(queue, data)
			}
		}
	}
	for _, route := range []string{routeESIM, routeQR, routeInstall, routeTopUp, routeTopUpCard, routeTopUpBuy, routeCancel, routeCancelNow, routeWays, routeBuy, routePayInside} {
		if perRoute[route] == 0 {
			t.Errorf("no button leads to %q", route)
		}
	}
	for _, method := range esim.PaymentMethods() {
		if methods[method] == 0 {
			t.Errorf("no button pays by %s", method)
		}
	}
	t.Logf("%v, %v", perRoute, methods)
}
