package bot_test

import (
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// planOn is the first plan on the screen that gives so much for so long, as a button's data.
func (k *talk) planOn(gb int64, days int) string {
	k.Helper()
	for _, row := range k.user.Last().Keyboard {
		for _, b := range row {
			d, err := ui.ParseCallbackData(b.Data)
			if err != nil || d.Route != "plan" {
				continue
			}
			if p, err := k.Catalog.Plan(argument(d, 0)); err == nil && !p.DayPass() && p.Data >= gb<<30 && p.Days >= days {
				return b.Data
			}
		}
	}
	k.Fatalf("no plan of %d GB and %d days among %v", gb, days, k.user.Last().Keyboard)
	return ""
}

// TestThreePressesFromStartToTheInvoice: whoever knows where they go, and how much they need,
// presses a place, a plan and Buy.
func TestThreePressesFromStartToTheInvoice(t *testing.T) {
	t.Parallel()
	eachCatalog(t, func(t *testing.T, s *shop) {
		k := s.talk(s.Messenger.User(annID))
		k.says("/start")
		k.taps("country|JP")
		k.taps(k.planOn(5, 7))
		k.taps("buy|")
		if inv := k.user.Last().Invoice; inv == nil || !strings.Contains(inv.Title, "5") {
			t.Errorf("three presses lead to %+v", k.user.Last())
		}
	})
}

// TestWithTwoWaysToPayTheCardHasBoth: a press on a way is the third from the start, and brings what there is to pay; of
// more than two ways the others are a press further.
func TestWithTwoWaysToPayTheCardHasBoth(t *testing.T) {
	t.Parallel()
	for method, asks := range map[esim.PaymentMethod]func(m tgsandbox.Message) bool{
		esim.MethodStars:  func(m tgsandbox.Message) bool { return m.Invoice != nil && m.Invoice.Currency == "XTR" },
		esim.MethodManual: func(m tgsandbox.Message) bool { return m.Invoice == nil && strings.Contains(m.Text, "$") },
	} {
		s := newShop(t, vendorsandbox.Options{})
		s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
		k := s.talk(s.Messenger.User(annID))
		k.says("/start")
		k.taps("country|JP")
		k.taps(k.planOn(5, 7))
		if ways := k.waysShown(); !slices.Equal(ways, []string{"stars", "manual"}) {
			t.Fatalf("the card has the ways %v", ways)
		}
		k.tapsMethod(method)
		orders, err := s.DB.OrdersOf(t.Context(), annID, 2)
		s.Must(err)
		if len(orders) != 1 || orders[0].State != esim.StateAwaitingPayment || !asks(k.user.Last()) {
			t.Errorf("by %s the third press leads to %d orders and %+v", method, len(orders), k.user.Last())
		}
	}
	s := newShop(t, vendorsandbox.Options{})
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual, esim.MethodFree}
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	k.taps(k.planOn(5, 7))
	if ways := k.waysShown(); !slices.Equal(ways, []string{"stars"}) {
		t.Errorf("of three ways the card has %v", ways)
	}
	k.asksWays()
	if ways := k.waysShown(); len(ways) != 3 {
		t.Errorf("the choice has %v", ways)
	}
}

// TestCreditThatCoversThePriceIsOnTheCard: it is not behind "Other ways", however many there are.
func TestCreditThatCoversThePriceIsOnTheCard(t *testing.T) {
	t.Parallel()
	stars, manual, card := esim.MethodStars, esim.MethodManual, esim.MethodProvider
	for _, test := range []struct {
		methods []esim.PaymentMethod
		cents   int64
		want    []string
		more    bool
	}{
		{[]esim.PaymentMethod{stars, manual}, 9999, []string{"stars", "manual", "credit"}, false},
		{[]esim.PaymentMethod{stars, manual, card}, 9999, []string{"stars", "credit"}, true},
		{[]esim.PaymentMethod{stars, manual, card}, 1, []string{"stars"}, true},
		{[]esim.PaymentMethod{esim.MethodCredit, stars, manual}, 9999, []string{"credit"}, true},
	} {
		s := newShop(t, vendorsandbox.Options{})
		s.Checkout.Methods = test.methods
		k := s.talk(s.Messenger.User(annID))
		k.says("/start")
		s.credits(test.cents)
		k.says("JP")
		k.taps(k.planOn(5, 7))
		other := slices.ContainsFunc(k.user.Last().Keyboard, func(row []tgsandbox.Button) bool { return strings.HasPrefix(row[0].Data, "ways|") })
		if ways := k.waysShown(); !slices.Equal(ways, test.want) || other != test.more {
			t.Errorf("with %v and %d cents the card has %v, others: %v", test.methods, test.cents, ways, other)
		}
		if n := len(k.user.Last().Keyboard); n > 10 {
			t.Errorf("%d rows", n)
		}
	}
}

// waysShown are the ways to pay on the screen.
func (k *talk) waysShown() []string {
	var ways []string
	for _, row := range k.user.Last().Keyboard {
		for _, b := range row {
			if d, err := ui.ParseCallbackData(b.Data); err == nil && d.Route == "buy" {
				ways = append(ways, argument(d, 5))
			}
		}
	}
	return ways
}

// TestACardTellsWhatConcernsItsCustomer: that their phone takes no eSIM, on the card and where it is paid for, and the
// credit they have.
func TestACardTellsWhatConcernsItsCustomer(t *testing.T) {
	t.Parallel()
	for fit, word := range map[esim.Phone]string{
		{Family: esim.FamilyIPhone, EID: esim.AnswerNo}:                           "You said: no EID",
		{Family: esim.FamilyPixel, EID: esim.AnswerYes, Unlocked: esim.AnswerNo}:  "You said: carrier-locked",
		{Family: esim.FamilyPixel, EID: esim.AnswerYes, Unlocked: esim.AnswerYes}: "",
	} {
		s := newShop(t, vendorsandbox.Options{})
		k := s.talk(s.Messenger.User(annID))
		k.says("/start")
		s.Must(s.DB.SetPhone(t.Context(), annID, fit))
		k.says("JP")
		k.taps(k.planOn(5, 7))
		card := k.user.Last()
		if word == "" && strings.Contains(card.Text, "You said") || !strings.Contains(card.Text, word) {
			t.Errorf("%v: the card says %q", fit, card.Text)
		}
		if n := ui.LineCount(card.Text); n > 8+2 {
			t.Errorf("%v: %d lines: %s", fit, n, card.Text)
		}
		k.taps("buy|")
		if inv := k.user.Last().Invoice; inv == nil || word != "" && !strings.Contains(inv.Description, word) {
			t.Errorf("%v: the invoice says %+v", fit, inv)
		}
	}
}

// TestThreePressesAnswerHowMuch: three questions, one plan with its reason, and its neighbours.
func TestThreePressesAnswerHowMuch(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	k.taps("need|JP|m")
	for _, answer := range []string{"need|JP|m|10", "need|JP|m|10|social", "need|JP|m|10|social|1"} {
		k.taps(answer)
	}
	last := k.user.Last()
	if !strings.Contains(last.Text, "10\u00a0days, social media, 1 phone") || !strings.Contains(last.Text, "7\u00a0GB in all") {
		t.Errorf("no reason: %s", last.Text)
	}
	plans := 0
	for _, row := range last.Keyboard {
		if strings.HasPrefix(row[0].Data, "plan|") {
			plans++
		}
	}
	if plans != 3 {
		t.Errorf("%d plans, want one and its neighbours: %v", plans, last.Keyboard)
	}
}

// TestBackFromACardLeadsToItsPage of all plans, sorted as it was.
func TestBackFromACardLeadsToItsPage(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	for _, press := range []string{"country|JP|f", "country|JP|f|p", "country|JP|f|p|1", "plan|", "details|", "plan|"} {
		k.taps(press)
	}
	k.taps("country|JP|f|p|1|m")
	if !strings.Contains(k.user.Last().Text, "all data packs") {
		t.Errorf("back leads to %s", k.user.Last().Text)
	}
}

// TestASoldOutPlanMakesRoom: what is sold out leaves the first screen, and another takes its place.
func TestASoldOutPlanMakesRoom(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	good := s.Catalog.Current().Suggested("JP")
	k := s.talk(s.Messenger.User(annID))
	s.Catalog.Hide(good[0].Code, s.Vendor.Time().AddDate(0, 0, 1))
	k.says("JP")
	shown := 0
	for _, row := range k.user.Last().Keyboard {
		if strings.HasPrefix(row[0].Data, "plan|") {
			shown++
		}
		if strings.HasPrefix(row[0].Data, "plan|"+good[0].Code+"|") {
			t.Error("a plan that is sold out is offered")
		}
	}
	if shown != esim.MaxSuggested {
		t.Errorf("%d plans are offered, want %d", shown, esim.MaxSuggested)
	}
}

// BenchmarkCountry is the screen that is looked at most.
func BenchmarkCountry(b *testing.B) {
	s := newShop(b, vendorsandbox.Options{})
	for _, data := range []string{"menu", "country|JP", "country|JP|f", "cont|europe", "regions"} {
		b.Run(data, func(b *testing.B) {
			d, err := ui.ParseCallbackData(data)
			s.Must(err)
			for b.Loop() {
				if _, err := s.screen(b, s.request("en", d)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
