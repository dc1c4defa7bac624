package bot_test

import (
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// TestEveryScreenOfAnOwner walks through all that can be reached from what a customer owns,
// in every language and with every way to pay: a fixed plan, a day pass and an order of
// several eSIMs.
func TestEveryScreenOfAnOwner(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		s.Send(s.Messenger.User(annID), "/start")
		s.owns("JP", 1, false)
		s.owns("JP", 10, true)
		s.Checkout.Methods = esim.PaymentMethods()
		s.credits(1_000_000)
		eachLanguage(t, s, func(t *testing.T, lang string) { walkOwner(t, s, lang) })
	})
}

// owns gives Ann eSIMs of a country, free of charge.
func (s *shop) owns(country string, quantity int, dayPass bool) {
	s.Helper()
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodFree}
	for _, p := range s.Catalog.Current().Country(country) {
		if p.DayPass() != dayPass || !dayPass && p.TopUp == esim.NoTopUp {
			continue
		}
		days := 0
		if dayPass {
			days = 3
		}
		o, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: p.Code, Quantity: quantity, Days: days, Seen: esim.USDCents(0)})
		s.Must(err)
		_, err = s.Checkout.PayWithoutInvoice(s.Context(), annID, o.ID)
		s.Must(err)
		s.fulfils()
		if got := s.state(o.ID); got != esim.StateDelivered {
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
	orders, err := s.DB.OrdersOf(s.Context(), annID, 1)
	s.Must(err)
	again := "again|" + string(orders[0].ID) // on the receipt
	for queue := []string{"esims", again}; len(queue) > 0; queue = queue[1:] {
		d, err := ui.ParseCallbackData(queue[0])
		if err != nil {
			t.Fatal(err)
		}
		perRoute[d.Route]++
		switch d.Route {
		case "menu", "country", "region", "nets", "phone", "fresh", // walked elsewhere
			"paycredit", "cancelnow", "cancelone", "wdrawnow": // change things
			continue
		case "plan":
			if perRoute["plan"] > 8 {
				continue
			}
		case "ealerts": // the same switches for each eSIM
			if perRoute["ealerts"] > 24 {
				continue
			}
		case "buy", "tbuy":
			methods[esim.PaymentMethod(argument(d, len(d.Args)-1))]++
		}
		screen, err := s.screen(t, s.request(lang, d))
		if err == nil && screen.After != nil && !screen.Quiet {
			checkScreen(t, s, queue[0], screen)
			screen, err = screen.After(t.Context())
		}
		if err != nil || screen.Text == "" && screen.Invoice == nil {
			t.Errorf("%s: %v, text %q", queue[0], err, screen.Text)
			continue
		}
		if screen.Invoice != nil {
			checkInvoice(t, queue[0], screen, s)
		}
		for _, next := range checkScreen(t, s, queue[0], screen) {
			if data, _ := next.Encode(); !seen[data] {
				seen[data] = true
				queue = append(queue, data)
			}
		}
	}
	for _, route := range []string{"esim", "qr", "install", "topup", "tcard", "tbuy", "cancel", "cancelnow", "ways", "buy", "paycredit"} {
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
